// Opens a market's journal for the venue: locks the folder, clears or repairs it when that was asked for, checks it
// against the record of its end, and recovers the exchange. verifyFolder() reads only, for --verify. Called by
// venue/open-venue.ts and main.ts.

import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  JournalDamaged,
  type OpenableMarket,
  type OpenedJournal,
  recover,
  type VerifiedJournal,
  verifyJournal,
} from '@papertape/venue'
import { isDamage, JournalLost, SQLITE, sqliteCode } from './journal-failures.ts'
import { copyJournal, JOURNAL_FILE, JournalFolder, makeTemporaryFolder, TAIL_FILE } from './journal-folder.ts'
import { type Repaired, repairJournal } from './repair.ts'
import { SqliteJournal } from './sqlite-journal.ts'
import { WorkerSync } from './store-sync.ts'
import { readTail, type Tail, TailRecord } from './tail-record.ts'

export interface JournalSettings {
  /** Has a folder for each market; undefined keeps the journal in memory. */
  readonly dataFolder: string | undefined
  /** Clear the journal first. */
  readonly fresh: boolean
  /** Go on from what can be read of a damaged journal, in a new epoch. */
  readonly repair: boolean
}

/** A journal in SQLite, and the result of its repair if there was one. */
export interface OpenedSqliteJournal extends OpenedJournal {
  readonly journal: SqliteJournal
  readonly repaired?: Repaired | undefined
}

/** @throws {JournalDamaged | JournalOutdated | FolderInUse} and errors of SQLite and the file system. */
export function openJournal(
  market: OpenableMarket,
  settings: JournalSettings,
  newEpoch: () => string,
): OpenedSqliteJournal {
  if (settings.dataFolder === undefined) return openInMemory(market, newEpoch())
  const folder = JournalFolder.lock(join(settings.dataFolder, market.name))
  try {
    return openInFolder(market, folder, settings, newEpoch)
  } catch (error) {
    folder.release()
    throw error
  }
}

function openInMemory(market: OpenableMarket, epoch: string): OpenedSqliteJournal {
  const journal = new SqliteJournal(':memory:')
  journal.setMeta('epoch', epoch)
  const recovered = recover(journal, market.instruments, market.rules)
  return { journal, epoch, recovered, confirm() {}, close: () => journal.close() }
}

function openInFolder(
  market: OpenableMarket,
  folder: JournalFolder,
  { fresh, repair }: JournalSettings,
  newEpoch: () => string,
): OpenedSqliteJournal {
  // First a record that expects nothing: a crash between the two steps leaves a complete journal or none.
  if (fresh || (!existsSync(folder.tailFile) && !existsSync(folder.journalFile))) {
    startTail(folder)
    folder.clear()
  }
  const repaired = repair && !expectsNothing(folder) ? repairIfDamaged(market, folder, newEpoch) : undefined
  // Read before it is opened for writing, so that a damaged journal is not changed.
  if (readTailBeside(folder.path) !== null) openToRead(folder.path).close()
  const journal = new SqliteJournal(folder.journalFile, { openSync: file => new WorkerSync(file) })
  try {
    const epoch = journal.meta('epoch') ?? startEpoch(journal, newEpoch())
    const recovered = recover(journal, market.instruments, market.rules)
    const record = new TailRecord(folder.tailFile)
    const confirm = () => {
      folder.requireFiles()
      journal.requireFile()
      record.write({ epoch, ...journal.end })
    }
    folder.watch()
    confirm()
    const close = () => {
      try {
        journal.storeAll()
      } finally {
        record.close()
        journal.close()
        folder.release()
      }
    }
    return { journal, epoch, recovered, repaired, notice: repaired && describeRepair(repaired), confirm, close }
  } catch (error) {
    journal.close()
    throw error
  }
}

function describeRepair({ epoch, number, copy }: Repaired): string {
  return `the journal was repaired and goes on after command ${number} in the new epoch ${epoch}; readers are reset; the damaged files are in ${copy}`
}

/** Writes a record that expects nothing. */
function startTail({ tailFile }: JournalFolder): void {
  const record = new TailRecord(tailFile)
  record.expectNothing()
  record.close()
}

/** True for a journal that is new or was just cleared: there is nothing to repair. */
function expectsNothing(folder: JournalFolder): boolean {
  try {
    return readTailBeside(folder.path) === null
  } catch (error) {
    if (isDamage(error)) return false
    throw error
  }
}

function startEpoch(journal: SqliteJournal, epoch: string): string {
  journal.setMeta('epoch', epoch)
  return epoch
}

/** @throws {JournalDamaged} when confirmed commands are not in the journal. */
function requireTail(journal: SqliteJournal, tail: Tail | null): void {
  if (tail === null || tail.epoch === journal.meta('replacedEpoch')) return
  const epoch = journal.meta('epoch')
  if (tail.epoch !== epoch) {
    throw new JournalDamaged(`it is of epoch ${epoch ?? 'none'}, the last confirmed command is of epoch ${tail.epoch}`)
  }
  const { number } = journal.end
  if (tail.number > number) {
    throw new JournalDamaged(`it ends with command ${number}, but command ${tail.number} was confirmed`)
  }
  // An older record, which a power failure can leave, may be of a flush that is no longer kept.
  if (journal.hasEnd(tail) === false) {
    throw new JournalDamaged(`its commands up to ${tail.number} are not those that were confirmed`)
  }
}

function repairIfDamaged(market: OpenableMarket, folder: JournalFolder, newEpoch: () => string): Repaired | undefined {
  try {
    verifyFolder(market, folder.path)
    return undefined
  } catch (error) {
    if (!isDamage(error)) throw error
    const repaired = repairOrLose(market, folder, newEpoch())
    startTail(folder)
    return repaired
  }
}

/**
 * Replays and compares the journal in a folder, without locking or writing. Beside a running server it reads the
 * journal as it is at one moment.
 * @throws {JournalDamaged} naming the first difference.
 */
export function verifyFolder(market: OpenableMarket, path: string): VerifiedJournal {
  try {
    return verifyFiles(market, path)
  } catch (error) {
    const code = sqliteCode(error)
    if (code !== SQLITE.cannotOpen && code !== SQLITE.readOnly) throw error
    // SQLite creates an index beside the WAL. Where it may not write, it gets a copy.
    const folder = makeTemporaryFolder()
    try {
      return verifyFiles(market, copyJournal(path, folder))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function verifyFiles({ instruments, rules }: OpenableMarket, path: string): VerifiedJournal {
  const journal = openToRead(path)
  try {
    return verifyJournal(journal, instruments, rules)
  } finally {
    journal.close()
  }
}

/** @throws {JournalDamaged} when the journal is missing, or confirmed commands are not in it. */
function openToRead(path: string): SqliteJournal {
  // First the record: a running server may add to both meanwhile.
  const tail = readTailBeside(path)
  const file = join(path, JOURNAL_FILE)
  if (!existsSync(file)) throw new JournalDamaged(`${file} is missing`)
  const journal = new SqliteJournal(file, { access: 'read' })
  try {
    requireTail(journal, tail)
    return journal
  } catch (error) {
    journal.close()
    throw error
  }
}

/** A journal of an earlier release has no record; it is refused as outdated, not as damaged. */
function readTailBeside(path: string): Tail | null {
  const [tailFile, journalFile] = [join(path, TAIL_FILE), join(path, JOURNAL_FILE)]
  if (!existsSync(tailFile) && existsSync(journalFile)) new SqliteJournal(journalFile, { access: 'read' }).close()
  return readTail(tailFile)
}

function repairOrLose(market: OpenableMarket, folder: JournalFolder, epoch: string): Repaired {
  try {
    return repairJournal(market, folder, epoch)
  } catch (error) {
    if (isDamage(error)) throw new JournalLost((error as Error).message, { cause: error })
    throw error
  }
}
