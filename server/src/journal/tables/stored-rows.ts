// Checks of rows that are read from the journal: checksums of events, and stored JSON.

import { crc32 } from 'node:zlib'
import { EventDamaged, JournalDamaged } from '@papertape/venue'

/** Includes the columns by which a row is found and sent, not its data alone. */
export function rowChecksum(key: readonly unknown[], data: string): number {
  return crc32(data, crc32(JSON.stringify(key)))
}

/** @throws {EventDamaged} when a row does not match its checksum. */
export function requireChecksum(key: readonly unknown[], data: string, crc: number, seq: number, what: string): void {
  if (typeof data === 'string' && rowChecksum(key, data) === crc) return
  throw new EventDamaged(seq, `${what} is not what was written`)
}

/** @throws {JournalDamaged} when the text is not JSON. */
export function parseStored<T>(text: string, what: string): T {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new JournalDamaged(`${what} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
