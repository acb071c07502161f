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
  encodePrivateEvent,
  JournalDamaged,
  type OpenableMarket,
  restoreExchange,
} from '@papertape/venue'
import { isDamage } from './journal-failures.ts'
import type { JournalFolder } from './journal-folder.ts'
import { flushesOf } from './repaired-flushes.ts'
import { SqliteJournal } from './sqlite-journal.ts'

export interface Repaired {
  readonly epoch: string
  /** The last command that could be read. */
  readonly number: number
  /** Where the damaged files are now. */
  readonly copy: string
}

/** With the last quote the events that a feed restores its view from; see Journal.forget(). */
const HISTORY_OF_INSTRUMENT: readonly FeedEventName[] = ['candle', 'trade']
const PAGE = 1_000

/** @throws {JournalDamaged} when there is nothing to go on from. */
export function repairJournal(market: OpenableMarket, folder: JournalFolder, epoch: string): Repaired {
  if (!existsSync(folder.journalFile)) throw new JournalDamaged(`${folder.journalFile} is missing`)
  const file = join(folder.path, 'repaired.sqlite')
  for (const left of [file, `${file}-wal`, `${file}-shm`]) rmSync(left, { force: true })
  const damaged = new SqliteJournal(folder.journalFile, { access: 'salvage' })
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
  const { exchange, number, replayed } = lastReadableState(market, damaged)
  repaired.setMeta('epoch', epoch)
  const replaced = orUndefined(() => damaged.meta('epoch'))
  if (replaced !== undefined) repaired.setMeta('replacedEpoch', replaced)
  repaired.setMeta('begin', JSON.stringify({ number, chain: '' }))
  // No reader can resume from before: those numbers are of the old epoch.
  repaired.setOldest(exchange.seq + 1)
  const source = orUndefined(() => damaged.source()) ?? null
  repaired.append({
    commands: [],
    events: readHistory(market, damaged, exchange.seq),
    privateEvents: [],
    source,
    checkpoint: { ...checkpointOf(exchange, number), changes: rowsOfState(exchange.checkpoint()) },
  })
  const streams = readPrivateStreams(damaged, exchange, replayed)
  // Ended orders count as ended now: they are remembered for longer than promised, and no id can be used twice.
  for (const flush of flushesOf(
    streams.flatMap(({ archived, range }) => [...archived, ...range]),
    source,
  ))
    repaired.append(flush)
  repaired.storeAll()
  for (const { accountId, oldest } of streams) if (oldest > 1) repaired.setPrivateOldest(accountId, oldest)
  return number
}

interface ReadableState {
  readonly exchange: Exchange
  /** The last command that was applied. */
  readonly number: number
  /** The private events after the checkpoint, by account: those that were written may be lost. */
  readonly replayed: ReadonlyMap<string, readonly EncodedPrivateEvent[]>
}

/** From the newest checkpoint that can be read, with the commands after it up to the first that cannot. */
function lastReadableState({ instruments, rules }: OpenableMarket, journal: SqliteJournal): ReadableState {
  for (const at of [...journal.checkpointHashes().keys()].sort((a, b) => b - a)) {
    const exchange = orUndefined(() => restoreExchange({ instruments, rules }, journal.checkpoint(at)!))
    if (exchange !== undefined) return { exchange, ...applyReadable(exchange, journal, at) }
  }
  throw new JournalDamaged('none of its checkpoints can be read')
}

function applyReadable(exchange: Exchange, journal: SqliteJournal, from: number): Omit<ReadableState, 'exchange'> {
  let number = from
  const replayed = new Map<string, EncodedPrivateEvent[]>()
  orUndefined(() => {
    for (const command of journal.commandsAfter(from)) {
      exchange.apply(command.command, command.stamp)
      number = command.number
      exchange.takeEvents()
      for (const envelope of exchange.takePrivateEvents()) {
        const events = replayed.get(envelope.accountId) ?? []
        events.push(encodePrivateEvent(envelope))
        replayed.set(envelope.accountId, events)
      }
    }
  })
  return { number, replayed }
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
  for (const { symbol } of market.instruments) {
    for (const kind of HISTORY_OF_INSTRUMENT) readAll(symbol, kind)
    events.push(...(orUndefined(() => journal.history(symbol, 'quote', upTo + 1, 1)) ?? []))
  }
  return events.sort((a, b) => a.seq - b.seq)
}

interface ReadableStream {
  readonly accountId: string
  /** Older ones, which the order archive refers to or the ledger reads. */
  readonly archived: readonly EncodedPrivateEvent[]
  readonly range: readonly EncodedPrivateEvent[]
  readonly oldest: number
}

/** Of each account the newest private events without a gap, if they reach up to the exchange's last one. */
function readPrivateStreams(
  journal: SqliteJournal,
  exchange: Exchange,
  replayed: ReadableState['replayed'],
): ReadableStream[] {
  const accountIds = new Set([...(orUndefined(() => journal.privateAccounts()) ?? []), ...replayed.keys()])
  return [...accountIds].map(accountId => {
    const lastSeq = exchange.account(accountId)?.seq ?? 0
    const archived = orUndefined(() => journal.archivedEvents(accountId)) ?? []
    const stored = orUndefined(() => readStored(journal, accountId, lastSeq)) ?? []
    const readable = withoutGap(stored, replayed.get(accountId) ?? [])
    const range = readable.at(-1)?.seq === lastSeq ? readable : []
    return { accountId, archived, range, oldest: range[0]?.seq ?? lastSeq + 1 }
  })
}

/** All that can be read, up to a number. */
function readStored(journal: SqliteJournal, accountId: string, lastSeq: number): EncodedPrivateEvent[] {
  const stored: EncodedPrivateEvent[] = []
  for (let from = 1; from <= lastSeq; ) {
    try {
      const page = journal.privateEvents(accountId, from, Math.min(PAGE, lastSeq - from + 1))
      if (page.length === 0) break
      stored.push(...page)
      from = page.at(-1)!.seq + 1
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      // Those before it on its page are read one by one.
      for (; from < error.seq; from++) stored.push(...journal.privateEvents(accountId, from, 1))
      from = error.seq + 1
    }
  }
  return stored.filter(({ seq }) => seq <= lastSeq)
}

/** The newest events without a hole, where the replay may fill one. */
function withoutGap(
  stored: readonly EncodedPrivateEvent[],
  replayed: readonly EncodedPrivateEvent[],
): EncodedPrivateEvent[] {
  const bySeq = new Map([...replayed, ...stored].map(event => [event.seq, event]))
  const events = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  const gap = events.findLastIndex(({ seq }, i) => i > 0 && seq !== events[i - 1]!.seq + 1)
  return gap < 0 ? events : events.slice(gap)
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
