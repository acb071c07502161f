// Repairs a damaged journal: writes a new one with the exchange as far as its commands can be read, and the history up
// to there, in a new epoch, since numbers that were published may now stand for other events. The damaged files are
// kept. Called by open-journal.ts with the folder locked.

import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Exchange, rowsOfState } from '@papertape/engine'
import type { FeedEventName } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from '@papertape/venue'
import {
  checkpointOf,
  EventDamaged,
  JournalDamaged,
  type OpenableMarket,
  recordsOf,
  restoreExchange,
} from '@papertape/venue'
import { isDamage } from './journal-failures.ts'
import type { JournalFolder } from './journal-folder.ts'
import { SqliteJournal } from './sqlite-journal.ts'

export interface Repaired {
  readonly epoch: string
  /** The last command that could be read. */
  readonly number: number
  /** Where the damaged files are now. */
  readonly copy: string
}

/** The events that a feed restores its view from; see Journal.forget(). */
const HISTORY_OF_INSTRUMENT: readonly FeedEventName[] = ['candle', 'trade', 'quote']
const PAGE = 1_000

/** @throws {JournalDamaged} when there is nothing to go on from. */
export function repairJournal(market: OpenableMarket, folder: JournalFolder, epoch: string): Repaired {
  if (!existsSync(folder.journalFile)) throw new JournalDamaged(`${folder.journalFile} is missing`)
  const file = join(folder.path, 'repaired.sqlite')
  for (const left of [file, `${file}-wal`, `${file}-shm`]) rmSync(left, { force: true })
  const damaged = new SqliteJournal(folder.journalFile, 'salvage')
  const repaired = new SqliteJournal(file)
  let number: number
  try {
    number = writeRepaired(market, damaged, repaired, epoch)
  } finally {
    damaged.close()
    // As the last connection it moves the WAL into the file.
    repaired.close()
  }
  return { epoch, number, copy: folder.replaceJournal(file) }
}

function writeRepaired(market: OpenableMarket, damaged: SqliteJournal, repaired: SqliteJournal, epoch: string): number {
  const { exchange, number } = lastReadableState(market, damaged)
  repaired.setMeta('epoch', epoch)
  const replaced = orUndefined(() => damaged.meta('epoch'))
  if (replaced !== undefined) repaired.setMeta('replacedEpoch', replaced)
  repaired.setMeta('begin', JSON.stringify({ number, chain: '' }))
  // No reader can resume from before: those numbers are of the old epoch.
  repaired.setOldest(exchange.seq + 1)
  const streams = readPrivateStreams(damaged, exchange)
  const privateEvents = streams.flatMap(({ archived, range }) => [...archived, ...range])
  repaired.append({
    commands: [],
    events: readHistory(market, damaged, exchange.seq),
    privateEvents,
    // Ended orders count as ended now: they are remembered for longer than promised, and no id can be used twice.
    orders: [...recordsOf(privateEvents)],
    source: orUndefined(() => damaged.source()) ?? null,
    checkpoint: { ...checkpointOf(exchange, number), changes: rowsOfState(exchange.checkpoint()) },
  })
  for (const { accountId, oldest } of streams) if (oldest > 1) repaired.setPrivateOldest(accountId, oldest)
  return number
}

/** From the newest checkpoint that can be read, with the commands after it up to the first that cannot. */
function lastReadableState(
  { instruments, rules }: OpenableMarket,
  journal: SqliteJournal,
): { exchange: Exchange; number: number } {
  for (const at of [...journal.checkpointHashes().keys()].sort((a, b) => b - a)) {
    const exchange = orUndefined(() => restoreExchange({ instruments, rules }, journal.checkpoint(at)!))
    if (exchange !== undefined) return { exchange, number: applyReadable(exchange, journal, at) }
  }
  throw new JournalDamaged('none of its checkpoints can be read')
}

/** @returns the last command that was applied. */
function applyReadable(exchange: Exchange, journal: SqliteJournal, from: number): number {
  let applied = from
  orUndefined(() => {
    for (const { number, stamp, command } of journal.commandsAfter(from)) {
      exchange.apply(command, stamp)
      applied = number
      exchange.takeEvents()
      exchange.takePrivateEvents()
    }
  })
  return applied
}

function readHistory(market: OpenableMarket, journal: SqliteJournal, upTo: number): EncodedEvent[] {
  const events: EncodedEvent[] = []
  const readAll = (symbol: string | null, kind: FeedEventName) => {
    // Newest first, down to the first page that cannot be read.
    orUndefined(() => {
      for (let before = upTo + 1; ; ) {
        const page = journal.history(symbol, kind, before, PAGE)
        events.push(...page)
        if (page.length < PAGE) return
        before = page.at(-1)!.seq
      }
    })
  }
  readAll(null, 'news')
  for (const { symbol } of market.instruments) for (const kind of HISTORY_OF_INSTRUMENT) readAll(symbol, kind)
  return events
}

interface ReadableStream {
  readonly accountId: string
  /** Older ones, which the order archive refers to or the ledger reads. */
  readonly archived: readonly EncodedPrivateEvent[]
  readonly range: readonly EncodedPrivateEvent[]
  readonly oldest: number
}

/** Of each account the newest private events without a gap, if they reach up to the exchange's last one. */
function readPrivateStreams(journal: SqliteJournal, exchange: Exchange): ReadableStream[] {
  return (orUndefined(() => journal.privateAccounts()) ?? []).map(accountId => {
    const lastSeq = exchange.account(accountId)?.seq ?? 0
    const archived = orUndefined(() => journal.archivedEvents(accountId)) ?? []
    const readable = orUndefined(() => readLastRange(journal, accountId, lastSeq)) ?? []
    const range = readable.at(-1)?.seq === lastSeq ? readable : []
    return { accountId, archived, range, oldest: range[0]?.seq ?? lastSeq + 1 }
  })
}

function readLastRange(journal: SqliteJournal, accountId: string, lastSeq: number): EncodedPrivateEvent[] {
  let range: EncodedPrivateEvent[] = []
  for (let from = 1; from <= lastSeq; ) {
    try {
      const page = journal.privateEvents(accountId, from, Math.min(PAGE, lastSeq - from + 1))
      if (page.length === 0) break
      range.push(...page)
      from = page.at(-1)!.seq + 1
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      range = []
      from = error.seq + 1
    }
  }
  const gap = range.findLastIndex(({ seq }, i) => i > 0 && seq !== range[i - 1]!.seq + 1)
  return (gap < 0 ? range : range.slice(gap)).filter(({ seq }) => seq <= lastSeq)
}

/** undefined when it cannot be read. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isDamage(error)) return undefined
    throw error
  }
}
