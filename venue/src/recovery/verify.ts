// Verifies a whole journal: replays all commands that it has, and compares events, checkpoints, private streams and the
// order archive with what was written.

import type { Exchange, Rules } from '@papertape/engine'
import type { FeedEventName, InstrumentSpec } from '@papertape/protocol'
import type { Journal, OrderArchiveStore } from '../journal/journal.ts'
import { JournalDamaged } from '../journal/journal-errors.ts'
import { type OrderRecord, recordsOf } from '../journal/order-records.ts'
import type { EncodedPrivateEvent } from '../messages.ts'
import { lostRecord, recover, replayJournal } from './recovery.ts'

const PAGE = 1_000

export interface VerifiedJournal {
  readonly hash: string
  readonly seq: number
  readonly commands: number
}

/**
 * Replays from the oldest checkpoint, and compares each event and each later checkpoint; the result must be the state
 * that a restart recovers.
 * @throws {JournalDamaged} naming the first difference.
 */
export function verifyJournal(
  journal: Journal,
  instruments: readonly InstrumentSpec[],
  rules: Partial<Rules> = {},
): VerifiedJournal {
  const oldest = journal.checkpoint('oldest')
  if (oldest === undefined) throw new JournalDamaged('it has no checkpoint')
  const { exchange, commandNumber } = replayJournal(journal, { instruments, rules }, oldest)
  const hash = exchange.stateHash()
  const recovered = recover(journal, instruments, rules).exchange.stateHash()
  checkEvents(journal)
  checkHistory(journal, instruments)
  checkPrivateStreams(journal, exchange)
  if (hash !== recovered) throw new JournalDamaged(`the replay ends in state ${hash}, a restart recovers ${recovered}`)
  return { hash, seq: exchange.seq, commands: commandNumber - oldest.number }
}

/** Events before the oldest checkpoint are not replayed: none may be missing or damaged. */
function checkEvents(journal: Journal): void {
  for (let expected = journal.oldest(); ; ) {
    const page = journal.eventsFrom(expected, PAGE)
    for (const { seq } of page) {
      if (seq !== expected++) throw new JournalDamaged(`event ${expected - 1} is missing`)
    }
    if (page.length < PAGE) break
  }
}

/** Nor what is kept of older ones. */
function checkHistory(journal: Journal, instruments: readonly InstrumentSpec[]): void {
  const read = (symbol: string | null, kind: FeedEventName) => {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const page = journal.history(symbol, kind, before, PAGE)
      if (page.length < PAGE) return
      before = page.at(-1)!.seq
    }
  }
  read(null, 'news')
  for (const { symbol } of instruments) {
    for (const kind of ['trade', 'candle'] as const) read(symbol, kind)
    journal.history(symbol, 'quote', Number.MAX_SAFE_INTEGER, 1)
  }
}

/** No event of an account may be missing, and the order archive must agree with them. */
function checkPrivateStreams(journal: Journal, exchange: Exchange): void {
  const { accounts, orders } = exchange.checkpoint()
  const openIds = new Set(orders.map(({ order }) => order.orderId))
  const isRepaired = journal.meta('begin') !== undefined
  for (const { accountId, streamSeq } of accounts) {
    const oldest = isRepaired
      ? (journal.privateEvents(accountId, 1, 1)[0]?.seq ?? streamSeq + 1)
      : journal.privateOldest(accountId)
    const events = privateStream(journal, accountId, oldest, streamSeq)
    checkArchive(journal.orders, { accountId, events, isWhole: journal.privateOldest(accountId) === 1 }, openIds)
  }
}

/** @throws {JournalDamaged} at a gap. @param oldest a repair may have kept only the newest events, or none. */
function* privateStream(
  journal: Journal,
  accountId: string,
  oldest: number,
  lastSeq: number,
): Generator<EncodedPrivateEvent> {
  let expected = oldest
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

interface ReadStream {
  readonly accountId: string
  readonly events: Iterable<EncodedPrivateEvent>
  /** False when events that the archive refers to may be older than those of the stream. */
  readonly isWhole: boolean
}

/** The archive must have a row for each record that is not forgotten yet, and no other rows of a whole stream. */
function checkArchive(
  archive: OrderArchiveStore,
  { accountId, events, isWhole }: ReadStream,
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
  /** Of a stream whose beginning was forgotten: what its orders were before is not known. */
  const placed = new Set<string>()
  for (const record of recordsOf(events)) {
    if ('answer' in record) placed.add(record.answer.orderId)
    else if (!isWhole && !placed.has(record.ended.orderId)) continue
    if (archive.holds(record)) {
      if ('answer' in record) ids++
      else ended++
    } else if (isKept(record)) throw lostRecord(record)
  }
  const agrees = isWhole ? ids === rows.ids && ended === rows.ended : ids <= rows.ids && ended <= rows.ended
  if (!agrees || rows.ended !== rows.counted) {
    throw new JournalDamaged(
      `the order archive has ${rows.ids} ids and ${rows.ended} ended orders of account ${accountId} (${rows.counted} counted), its events give ${ids} and ${ended}`,
    )
  }
}
