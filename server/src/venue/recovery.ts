// Brings the exchange back from its journal: the newest checkpoint, then the commands after it. Trusts nothing: what the
// replay yields must be what was published.

import {
  createExchange,
  type Exchange,
  type ExchangeOptions,
  type MarketState,
  type PrivateEnvelope,
  REMEMBERED_US,
  type Rules,
  STATE_VERSION,
  stateFromRows,
} from '@papertape/engine'
import type { Command, InstrumentSpec, Stamp } from '@papertape/protocol'
import type { StoredCheckpoint } from './checkpoint-table.ts'
import { encodeEvent, encodePrivateEvent } from './encode.ts'
import type { Journal } from './journal.ts'
import { JournalDamaged, JournalOutdated } from './journal-damaged.ts'
import type { CheckpointMark, EncodedPrivateEvent } from './messages.ts'
import { type OrderRecord, type OrderTable, recordsIn, recordsOf } from './order-table.ts'
import { RetentionClock } from './retention-clock.ts'
import { checkpointOf, markOf } from './sequencer.ts'

const PAGE = 1_000

export interface Recovered {
  readonly exchange: Exchange
  /** The last command that it includes. */
  readonly commandNumber: number
  /** The newest that the journal has. */
  readonly checkpoint: CheckpointMark
}

/** The exchange as it was at the last flush. A journal without a checkpoint gets its first one: the empty market. */
export function recover(
  journal: Journal,
  instruments: readonly InstrumentSpec[],
  rules: Partial<Rules> = {},
): Recovered {
  const options = { instruments, rules }
  const checkpoint = journal.checkpoint('newest') ?? writeGenesis(journal, options)
  const recovered = replay(journal, options, checkpoint)
  const head = journal.head()
  const { seq } = recovered.exchange
  // Read for whoever opens the market: what cannot be read is said here.
  journal.source()
  if (seq !== head) throw new JournalDamaged(`it holds events up to ${head}, its commands give ${seq}`)
  return recovered
}

export interface Verified {
  readonly hash: string
  readonly seq: number
  readonly commands: number
}

/**
 * Runs everything that the journal keeps again, from its oldest checkpoint, and compares each event and each later
 * checkpoint on the way; the end must be the state that a restart recovers.
 * @throws {JournalDamaged} naming the first difference.
 */
export function verify(journal: Journal, instruments: readonly InstrumentSpec[], rules: Partial<Rules> = {}): Verified {
  const oldest = journal.checkpoint('oldest')
  if (oldest === undefined) throw new JournalDamaged('it has no checkpoint')
  const { exchange, commandNumber } = replay(journal, { instruments, rules }, oldest)
  const hash = exchange.stateHash()
  const recovered = recover(journal, instruments, rules).exchange.stateHash()
  checkHistory(journal)
  checkPrivateStreams(journal, exchange)
  if (hash !== recovered) throw new JournalDamaged(`the replay ends in state ${hash}, a restart recovers ${recovered}`)
  return { hash, seq: exchange.seq, commands: commandNumber - oldest.number }
}

/** What comes before the oldest checkpoint is not replayed: each event must be there and be the one that was published. */
function checkHistory(journal: Journal): void {
  const oldest = journal.oldest()
  for (let from = 0, expected = oldest; ; ) {
    const page = journal.eventsFrom(from, PAGE)
    for (const { seq } of page) {
      if (seq < oldest) continue
      if (seq !== expected++) throw new JournalDamaged(`event ${expected - 1} is missing`)
    }
    if (page.length < PAGE) break
    from = page.at(-1)!.seq + 1
  }
}

/** Of each account: every event that it was sent, and in the order archive what these say. */
function checkPrivateStreams(journal: Journal, exchange: Exchange): void {
  const { accounts, orders } = exchange.checkpoint()
  const openIds = new Set(orders.map(({ order }) => order.orderId))
  const isRepaired = journal.meta('begin') !== undefined
  for (const { accountId, streamSeq } of accounts) {
    checkArchive(journal.orders, accountId, privateStream(journal, accountId, streamSeq, isRepaired), openIds)
  }
}

/** @throws {JournalDamaged} at a gap. A repair may have kept only the newest events of an account, or none. */
function* privateStream(
  journal: Journal,
  accountId: string,
  lastSeq: number,
  isRepaired: boolean,
): Generator<EncodedPrivateEvent> {
  let expected = isRepaired ? (journal.privateEvents(accountId, 1, 1)[0]?.seq ?? lastSeq + 1) : 1
  while (true) {
    const page = journal.privateEvents(accountId, expected, PAGE)
    for (const event of page) {
      if (event.seq !== expected) throw new JournalDamaged(`event ${expected} of account ${accountId} is missing`)
      expected++
      yield event
    }
    if (page.length < PAGE) break
  }
  if (expected <= lastSeq) throw new JournalDamaged(`event ${expected} of account ${accountId} is missing`)
}

/** What is not forgotten yet must be there, and nothing that the account's events do not say. */
function checkArchive(
  archive: OrderTable,
  accountId: string,
  events: Iterable<EncodedPrivateEvent>,
  openIds: ReadonlySet<string>,
): void {
  const rows = archive.rowsOf(accountId)
  const forgetsEarly = archive.mayForgetEarly(accountId)
  const isKept = (record: OrderRecord) => {
    if (forgetsEarly) return false
    if (archive.hasForgottenNothing) return true
    // The oldest ends are forgotten first.
    if ('ended' in record) return rows.firstSeq !== null && record.seq > rows.firstSeq
    return openIds.has(record.answer.orderId) || archive.remembers(accountId, record.answer.orderId)
  }
  let ids = 0
  let ended = 0
  for (const record of recordsOf(events)) {
    if (archive.holds(record)) {
      if ('answer' in record) ids++
      else ended++
    } else if (isKept(record)) throw lostRecord(record)
  }
  if (ids !== rows.ids || ended !== rows.ended || ended !== rows.counted) {
    throw new JournalDamaged(
      `of account ${accountId} the order archive has ${rows.ids} ids and ${rows.ended} ended orders of ${rows.counted}, its events say ${ids} and ${ended}`,
    )
  }
}

function lostRecord(record: OrderRecord): JournalDamaged {
  const what = 'answer' in record ? `the id ${record.answer.clientOrderId}` : `the end of order ${record.ended.orderId}`
  return new JournalDamaged(`${what} of account ${record.accountId} is not in the order archive as it was written`)
}

function replay(journal: Journal, options: ExchangeOptions, from: StoredCheckpoint): Recovered {
  const exchange = restoreExchange(options, from)
  const hashes = journal.checkpointHashes()
  const published = eventReader(journal, Math.max(from.seq + 1, journal.oldest()))
  const archived = new ArchiveComparison(journal.orders)
  let commandNumber = from.number
  for (const { number, stamp, command } of journal.commandsAfter(from.number)) {
    if (number !== ++commandNumber) throw new JournalDamaged(`command ${commandNumber} is missing`)
    applyAgain(exchange, number, command, stamp)
    const envelopes = exchange.takePrivateEvents()
    comparePrivate(journal, envelopes)
    archived.add(envelopes, stamp.ts)
    for (const event of exchange.takeEvents()) {
      const again = encodeEvent(event)
      const before = again.seq < published.from ? again : published.next()
      if (before?.seq !== again.seq || before.data !== again.data) {
        throw new JournalDamaged(`event ${again.seq} was published as ${before?.data}, its command gives ${again.data}`)
      }
    }
    const hash = hashes.get(number)
    if (hash !== undefined && hash !== exchange.stateHash()) {
      throw new JournalDamaged(`the state after command ${number} differs from its checkpoint`)
    }
  }
  archived.finish()
  return { exchange, commandNumber, checkpoint: markOf(from) }
}

/** What a replay answers and ends must be in the order archive: without its row an id could be used twice. */
class ArchiveComparison {
  readonly #archive: OrderTable
  /** Sees the stamps that the archive's own clock saw, and the pauses between runs, which that did not: never behind it. */
  readonly #clock = new RetentionClock()
  readonly #records: { readonly record: OrderRecord; readonly atUs: number }[] = []

  constructor(archive: OrderTable) {
    this.#archive = archive
  }

  add(envelopes: readonly PrivateEnvelope[], ts: number): void {
    this.#clock.see(ts)
    const atUs = this.#clock.nowUs
    for (const record of envelopes.flatMap(recordsIn)) this.#records.push({ record, atUs })
  }

  /** @throws {JournalDamaged} at a row that is not there, and cannot have been forgotten. */
  finish(): void {
    for (const { record, atUs } of this.#records) {
      if (atUs + REMEMBERED_US <= this.#clock.nowUs || this.#archive.holds(record)) continue
      if (!this.#archive.mayForgetEarly(record.accountId)) throw lostRecord(record)
    }
  }
}

/**
 * The exchange at a checkpoint.
 * @throws {JournalDamaged} when the checkpoint is not what was written.
 */
export function restoreExchange(
  options: ExchangeOptions,
  { number, version, market, rows, hash }: StoredCheckpoint,
): Exchange {
  if (version !== 0 && version !== STATE_VERSION)
    throw new JournalOutdated(`the journal is of another release (state ${version}, not ${STATE_VERSION})`)
  let exchange: Exchange
  try {
    exchange = createExchange(options, stateFromRows(market as MarketState, rows()))
  } catch (error) {
    throw new JournalDamaged(`the checkpoint at command ${number} makes no exchange: ${(error as Error).message}`, {
      cause: error,
    })
  }
  if (exchange.stateHash() !== hash) throw new JournalDamaged(`the checkpoint at command ${number} was changed`)
  return exchange
}

function comparePrivate(journal: Journal, envelopes: readonly PrivateEnvelope[]): void {
  for (const envelope of envelopes) {
    const { accountId, seq, data } = encodePrivateEvent(envelope)
    const [before] = journal.privateEvents(accountId, seq, 1)
    if (before?.data === data) continue
    throw new JournalDamaged(
      `event ${seq} of account ${accountId} was sent as ${before?.data}, its command gives ${data}`,
    )
  }
}

/** A command that was taken once is taken again, unless somebody has changed it. */
function applyAgain(exchange: Exchange, number: number, command: Command, stamp: Stamp): void {
  try {
    exchange.apply(command, stamp)
  } catch (error) {
    throw new JournalDamaged(`command ${number} cannot be applied again: ${(error as Error).message}`, { cause: error })
  }
}

/** The published events one by one, fetched by the thousand. */
function eventReader(journal: Journal, from: number) {
  let page = journal.eventsFrom(from, 1_000)
  let at = 0
  return {
    from,
    next() {
      if (at === page.length && page.length > 0) {
        page = journal.eventsFrom(page.at(-1)!.seq + 1, 1_000)
        at = 0
      }
      return page[at++]
    },
  }
}

function writeGenesis(journal: Journal, options: ExchangeOptions): StoredCheckpoint {
  if (journal.end.number > 0 || journal.head() > 0) throw new JournalDamaged('it has no checkpoint')
  const checkpoint = checkpointOf(createExchange(options), 0)
  journal.append({ commands: [], events: [], privateEvents: [], source: null, checkpoint })
  return journal.checkpoint('newest')!
}
