// What is wrong with a journal: the failures that the journal's files can cause, each a code that failure.ts turns into one
// line for the operator. Thrown by whatever reads, checks or writes the files; never for a fault of our own.

import { crc32 } from 'node:zlib'

/** What the files hold is not what was written. The message names the place. */
export class JournalDamaged extends Error {
  readonly code = 'journal-damaged'
}

/** One event of the log or of a private stream: the journal around it may be well. */
export class EventDamaged extends JournalDamaged {
  readonly seq: number

  constructor(seq: number, message: string) {
    super(message)
    this.seq = seq
  }
}

/** Over everything that an event's row is found and sent by, not its data alone. */
export function checksum(key: readonly unknown[], data: string): number {
  return crc32(data, crc32(JSON.stringify(key)))
}

/** @throws {EventDamaged} when an event's row is not what was written with its checksum. */
export function requireWhole(key: readonly unknown[], data: string, crc: number, seq: number, what: string): void {
  if (typeof data === 'string' && checksum(key, data) === crc) return
  throw new EventDamaged(seq, `${what} is not what was written`)
}

/** Whole, but written by a release that keeps other tables or another state. */
export class JournalOutdated extends Error {
  readonly code = 'journal-outdated'
}

/** Damaged, and nothing in it to go on from. */
export class JournalLost extends Error {
  readonly code = 'journal-lost'
}

/** The files were removed or replaced while the server ran. */
export class JournalGone extends Error {
  readonly code = 'journal-gone'
}

/** Another server has the folder. */
export class FolderInUse extends Error {
  readonly code = 'folder-in-use'
}

/** SQLite's primary result codes; node:sqlite gives extended ones, whose low byte is the primary one. */
export const SQLITE = {
  error: 1,
  busy: 5,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const

export function sqliteCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number }
  return errcode === undefined ? undefined : errcode & 0xff
}

/** True for what a damaged file can cause, from us or from SQLite. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error)
  return error instanceof JournalDamaged || code === SQLITE.corrupt || code === SQLITE.notADatabase
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
