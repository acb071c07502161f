// The folder of one market: its journal, the record of the journal's end, and a lock, so that one server uses it at a
// time. The lock is taken before anything in the folder is read or removed. Does not read the files. Used by
// open-journal.ts.

import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, type Stats, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FolderInUse, JournalGone, SQLITE, sqliteCode } from './journal-failures.ts'
import { filesOf } from './log/flush-log.ts'

export const JOURNAL_FILE = 'journal.sqlite'
export const TAIL_FILE = 'journal.tail'
const LOCK_FILE = 'lock'
/** SQLite's files beside a database; the WAL first, so that it is never left beside another database. */
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
   * Creates the folder when it is absent, and locks it.
   * @throws {FolderInUse} when another server has locked it; nothing in it has been changed.
   */
  static lock(path: string): JournalFolder {
    mkdirSync(path, { recursive: true })
    return new JournalFolder(path, lockFile(join(path, LOCK_FILE)))
  }

  /** Deletes the journal. */
  clear(): void {
    for (const side of SIDE_FILES) rmSync(this.journalFile + side, { force: true })
    rmSync(this.journalFile, { force: true })
    this.#removeLog()
  }

  /** Replaces the journal by another one in a single file, and keeps a copy. @returns the copy's folder. */
  replaceJournal(path: string): string {
    const copy = copyJournal(this.path, mkdtempSync(join(this.path, 'damaged-')))
    for (const side of SIDE_FILES) rmSync(this.journalFile + side, { force: true })
    renameSync(path, this.journalFile)
    // Left behind by a crash here they are deleted by the next start: they name the journal that they belong to.
    this.#removeLog()
    return copy
  }

  #removeLog(): void {
    for (const path of filesOf(this.journalFile)) rmSync(path, { force: true })
  }

  /** From now on requireFiles() expects the present files. */
  watch(): void {
    const paths = [this.journalFile, `${this.journalFile}-wal`, join(this.path, LOCK_FILE)]
    this.#watched = paths.map(path => ({ path, ino: statSync(path).ino }))
  }

  /**
   * A file that was deleted can still be written to, but what is written is lost: nothing may be confirmed from then
   * on.
   * @throws {JournalGone} when a file was deleted or replaced.
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
 * Copies a journal and the files beside it. Beside a running server the copy may have half of a commit: use it for
 * folders that are not writable, and for folders that are locked by this process.
 */
export function copyJournal(from: string, to: string): string {
  const log = filesOf(join(from, JOURNAL_FILE)).map(path => basename(path))
  for (const name of [TAIL_FILE, JOURNAL_FILE, `${JOURNAL_FILE}-wal`, ...log]) {
    copyIfThere(join(from, name), join(to, name))
  }
  return to
}

/** A new folder for a copy, in the system's folder for temporary files. */
export function makeTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'papertape-verify-'))
}

/** SQLite locks files on every platform, and the system releases the lock however the process ends. */
function lockFile(path: string): DatabaseSync {
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (sqliteCode(error) === SQLITE.busy) throw new FolderInUse(`another server has locked ${path}`)
    throw error
  }
}

/** A running server may delete it meanwhile. */
function copyIfThere(from: string, to: string): void {
  try {
    cpSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
