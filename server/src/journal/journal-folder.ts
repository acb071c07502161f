// The folder of one market: its journal, the record of the journal's end, and the lock that keeps two servers apart. The lock
// is taken before anything in the folder is read or removed. Knows files, not what is in them. For open-journal.ts.

import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, type Stats, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FolderInUse, JournalGone, SQLITE, sqliteCode } from './journal-failures.ts'

export const JOURNAL_FILE = 'journal.sqlite'
export const TAIL_FILE = 'journal.tail'
const LOCK_FILE = 'lock'
/** What SQLite keeps beside a database; the WAL first, so that it is never left beside a database that is not its own. */
const SIDE_FILES = ['-wal', '-shm', '-journal']

export class JournalFolder {
  readonly path: string
  readonly journalFile: string
  readonly tailFile: string
  readonly #lock: DatabaseSync
  #watched: { readonly path: string; readonly ino: number }[] = []

  private constructor(path: string, lock: DatabaseSync) {
    this.path = path
    this.journalFile = join(path, JOURNAL_FILE)
    this.tailFile = join(path, TAIL_FILE)
    this.#lock = lock
  }

  /**
   * Makes the folder when it is absent, and takes it.
   * @throws {FolderInUse} when another server has it, and nothing in it has been touched.
   */
  static take(path: string): JournalFolder {
    mkdirSync(path, { recursive: true })
    return new JournalFolder(path, lockFile(join(path, LOCK_FILE)))
  }

  /** Removes the journal for good. */
  clear(): void {
    for (const side of SIDE_FILES) rmSync(this.journalFile + side, { force: true })
    rmSync(this.journalFile, { force: true })
  }

  /** Puts another journal, one whole file, in the place of this one, of which a copy is kept. Returns the copy's folder. */
  replaceJournal(path: string): string {
    const copy = copyJournal(this.path, mkdtempSync(join(this.path, 'damaged-')))
    for (const side of SIDE_FILES) rmSync(this.journalFile + side, { force: true })
    renameSync(path, this.journalFile)
    return copy
  }

  /** From now on requireFiles() expects these very files. */
  watch(): void {
    const paths = [this.journalFile, `${this.journalFile}-wal`, join(this.path, LOCK_FILE)]
    this.#watched = paths.map(path => ({ path, ino: statSync(path).ino }))
  }

  /**
   * A removed file can still be written to, and what is written is gone at the end: nothing is confirmed from then on.
   * @throws {JournalGone} when a file was removed or replaced.
   */
  requireFiles(): void {
    for (const { path, ino } of this.#watched) {
      const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false })
      if (stats?.ino !== ino) throw new JournalGone(`${path} was removed or replaced while the server ran`)
    }
  }

  release(): void {
    this.#lock.close()
  }
}

/**
 * Copies a journal with what belongs to it. Beside a server that runs the copy may hold half of a commit: for folders
 * that nobody can write to, and for those whose lock we have.
 */
export function copyJournal(from: string, to: string): string {
  for (const name of [TAIL_FILE, JOURNAL_FILE, `${JOURNAL_FILE}-wal`]) {
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name))
  }
  return to
}

/** A folder of our own for a copy, below the system's for temporary files. */
export function makeTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'papertape-verify-'))
}

/** SQLite locks files on every platform, and the system lets go of the lock however the process ends. */
function lockFile(path: string): DatabaseSync {
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (sqliteCode(error) === SQLITE.busy) throw new FolderInUse(`another server has ${path}`)
    throw error
  }
}
