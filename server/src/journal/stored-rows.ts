// Checks rows of the journal as they are read: an event's checksum, and JSON that was stored.

import { crc32 } from 'node:zlib'
import { EventDamaged, JournalDamaged } from '@papertape/venue'

/** Over everything that an event's row is found and sent by, not its data alone. */
export function checksum(key: readonly unknown[], data: string): number {
  return crc32(data, crc32(JSON.stringify(key)))
}

/** @throws {EventDamaged} when an event's row is not what was written with its checksum. */
export function requireWhole(key: readonly unknown[], data: string, crc: number, seq: number, what: string): void {
  if (typeof data === 'string' && checksum(key, data) === crc) return
  throw new EventDamaged(seq, `${what} is not what was written`)
}

/**
 * What was stored as JSON.
 * @throws {JournalDamaged}
 */
export function parseStored<T>(text: string, what: string): T {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new JournalDamaged(`${what} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
