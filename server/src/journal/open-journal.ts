// Opens a market's journal for the venue: takes the folder, empties or repairs it when that was asked for, checks it against
// the record of its end, and brings the exchange back. And the same to look only: --verify. For venue.ts and main.ts.

import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  JournalDamaged,
  type OpenableMarket,
  type OpenedJournal,
  recover,
  type Verified,
  verify,
} from '@papertape/venue'
import { isDamage, JournalLost, SQLITE, sqliteCode } from './journal-failures.ts'
import { copyJournal, JOURNAL_FILE, JournalFolder, makeTemporaryFolder, TAIL_FILE } from './journal-folder.ts'
import { type Repaired, repairJournal } from './repair.ts'
import { SqliteJournal } from './sqlite-journal.ts'
import { readTail, type Tail, TailRecord } from './tail-record.ts'

export interface JournalSettings {
  /** The folder that markets are kept in; undefined keeps nothing. */
  readonly dataFolder: string | undefined
  /** Forget what the journal holds. */
  readonly fresh: boolean
  /** Go on from what can be read of a damaged journal, in a new epoch. */
  readonly repair: boolean
}

/** A journal in SQLite, and what a repair has kept of it. */
export interface OpenedSqliteJournal extends OpenedJournal {
  readonly journal: SqliteJournal
  readonly repaired?: Repaired | undefined
}

/** @throws {JournalDamaged | JournalOutdated | FolderInUse} and what SQLite and the file system throw. */
export function openJournal(
  market: OpenableMarket,
  settings: JournalSettings,
  newEpoch: () => string,
): OpenedSqliteJournal {
  if (settings.dataFolder === undefined) return openInMemory(market, newEpoch())
  const folder = JournalFolder.take(join(settings.dataFolder, market.name))
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
  // A record that expects nothing comes first: a crash between the two leaves a journal that is whole, or none.
  if (fresh || (!existsSync(folder.tailFile) && !existsSync(folder.journalFile))) {
    startTail(folder)
    folder.clear()
  }
  const repaired = repair && !expectsNothing(folder) ? repairIfDamaged(market, folder, newEpoch) : undefined
  // Looked at before it is opened to be written to: what is damaged stays as it is.
  if (readTailBeside(folder.path) !== null) openToRead(folder.path).close()
  const journal = new SqliteJournal(folder.journalFile)
  try {
    const epoch = journal.meta('epoch') ?? startEpoch(journal, newEpoch())
    const recovered = recover(journal, market.instruments, market.rules)
    const record = new TailRecord(folder.tailFile)
    const confirm = () => {
      folder.requireFiles()
      record.write({ epoch, ...journal.end })
    }
    folder.watch()
    confirm()
    const close = () => {
      record.close()
      journal.close()
      folder.release()
    }
    return { journal, epoch, recovered, repaired, notice: repaired && describeRepair(repaired), confirm, close }
  } catch (error) {
    journal.close()
    throw error
  }
}

function describeRepair({ epoch, number, copy }: Repaired): string {
  return `the journal was repaired: it goes on after command ${number} in the new epoch ${epoch}, and readers are reset; the damaged files are in ${copy}`
}

/** A record that expects nothing, whatever was there. */
function startTail({ tailFile }: JournalFolder): void {
  const record = new TailRecord(tailFile)
  record.expectNothing()
  record.close()
}

/** True for a journal that is new or was just begun anew: there is nothing to repair. */
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

/** @throws {JournalDamaged} when what was confirmed is not in the journal. */
function requireTail(journal: SqliteJournal, tail: Tail | null): void {
  if (tail === null || tail.epoch === journal.meta('replacedEpoch')) return
  const epoch = journal.meta('epoch')
  if (tail.epoch !== epoch) {
    throw new JournalDamaged(`it is of epoch ${epoch ?? 'none'}, what was confirmed last is of epoch ${tail.epoch}`)
  }
  const { number } = journal.end
  if (tail.number > number) {
    throw new JournalDamaged(`it ends with command ${number}, but command ${tail.number} was confirmed`)
  }
  // An older note, of before a power cut, may be of a flush that is not kept any more.
  const end = tail.number === number ? journal.end : journal.endAt(tail.number)
  if (end !== undefined && end.chain !== tail.chain) {
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
 * Replays and compares what a folder holds, without its lock and without writing to it; beside a server that runs it sees
 * the journal as it was at one moment.
 * @throws {JournalDamaged} naming the first difference.
 */
export function verifyFolder(market: OpenableMarket, path: string): Verified {
  try {
    return verifyFiles(market, path)
  } catch (error) {
    const code = sqliteCode(error)
    if (code !== SQLITE.cannotOpen && code !== SQLITE.readOnly) throw error
    // SQLite keeps an index of the WAL beside it. Where it may not, it gets a copy.
    const folder = makeTemporaryFolder()
    try {
      return verifyFiles(market, copyJournal(path, folder))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function verifyFiles({ instruments, rules }: OpenableMarket, path: string): Verified {
  const journal = openToRead(path)
  try {
    return verify(journal, instruments, rules)
  } finally {
    journal.close()
  }
}

/**
 * The journal as it is now, to read.
 * @throws {JournalDamaged} when it is missing, or what was confirmed is not in it.
 */
function openToRead(path: string): SqliteJournal {
  // First the record: a server that runs may add to both meanwhile.
  const tail = readTailBeside(path)
  const file = join(path, JOURNAL_FILE)
  if (!existsSync(file)) throw new JournalDamaged(`${file} is missing`)
  const journal = new SqliteJournal(file, 'read')
  try {
    requireTail(journal, tail)
    return journal
  } catch (error) {
    journal.close()
    throw error
  }
}

/** A journal of an earlier release has no record, and is refused for what it is. */
function readTailBeside(path: string): Tail | null {
  const [tailFile, journalFile] = [join(path, TAIL_FILE), join(path, JOURNAL_FILE)]
  if (!existsSync(tailFile) && existsSync(journalFile)) new SqliteJournal(journalFile, 'read').close()
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
