// Errors of the journal's files and folder that an operator can cause or has to fix, and SQLite's result codes. Each
// error has a code, from which process/failure.ts makes a message.

import { JournalDamaged } from '@papertape/venue'

/** Damaged, and not repairable. */
export class JournalLost extends Error {
  readonly code = 'journal-lost'
}

/** The files were deleted or replaced while the server ran. */
export class JournalGone extends Error {
  readonly code = 'journal-gone'
}

/** Another server has locked the folder. */
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

/** True for errors that a damaged file can cause, ours and SQLite's. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error)
  return error instanceof JournalDamaged || code === SQLITE.corrupt || code === SQLITE.notADatabase
}
