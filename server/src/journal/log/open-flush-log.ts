// Opens the log of flushes that belongs to a journal's tables. Called by sqlite-journal.ts.

import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { CheckpointTable } from '../tables/checkpoint-table.ts'
import type { MetaTable } from '../tables/meta-table.ts'
import { EMPTY_JOURNAL_END, type JournalEnd } from './command-chain.ts'
import { FileFlushLog, type FlushLog, type FlushLogOptions, type JournalAccess } from './flush-log.ts'
import { MemoryFlushLog } from './memory-flush-log.ts'

/** Up to where the tables have what the log has: their entry `stored`. */
export interface StoredMarks {
  /** The last event that is in the history if its kind has one. */
  readonly history: number
  /** The last command of which the history has all events. */
  readonly historyTo: number
  /** The last command whose private events and rows of the order archive are all there. */
  readonly staged: number
  /** The last command of the `source` entry. */
  readonly source: number
}

export const NOTHING_STORED: StoredMarks = { history: 0, historyTo: 0, staged: 0, source: 0 }

/** Who reads takes tables and log anew so often, until they belong together. */
const READ_TRIES = 5

export interface LoggedTables {
  readonly db: DatabaseSync
  readonly meta: MetaTable
  readonly checkpoints: CheckpointTable
}

/** @throws {JournalDamaged} @param path of the journal; `:memory:` for one in memory */
export function openFlushLog(path: string, access: JournalAccess, tables: LoggedTables): FlushLog {
  const { meta } = tables
  const begin = meta.json<JournalEnd>('begin', access === 'salvage') ?? EMPTY_JOURNAL_END
  if (path === ':memory:') return new MemoryFlushLog(begin)
  if (access === 'write' && meta.get('log') === undefined) meta.put('log', randomBytes(8).toString('hex'))
  const options = { journalFile: path, log: meta.get('log') ?? '', begin, access }
  return access === 'read' ? readLog(options, tables) : new FileFlushLog(options)
}

/** A server that runs may delete files meanwhile: then the tables are read anew, with what they had of them. */
function readLog(options: FlushLogOptions, tables: LoggedTables): FileFlushLog {
  for (let tries = 1; ; tries++) {
    try {
      const log = new FileFlushLog(options)
      if (tries === READ_TRIES || isCovered(log, tables)) return log
    } catch (error) {
      if (tries === READ_TRIES) throw error
    }
    // The state of the file is that of the first read.
    tables.db.exec('COMMIT; BEGIN; SELECT count(*) FROM meta')
  }
}

/** Whether a log begins and ends where the tables need it. */
function isCovered(log: FileFlushLog, { meta, checkpoints }: LoggedTables): boolean {
  const { staged, historyTo } = meta.json<StoredMarks>('stored') ?? NOTHING_STORED
  const [oldest, newest] = (['oldest', 'newest'] as const).map(which => checkpoints.get(which)?.number ?? 0)
  return log.firstNumber <= Math.min(oldest!, staged, historyTo) && log.end.number >= newest!
}
