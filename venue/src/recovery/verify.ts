// Verifies a whole journal: replays all commands that it has, and compares events, checkpoints, private streams and the
// order archive with what was written.

import type { Exchange, Rules } from '@papertape/engine'
import type { InstrumentSpec } from '@papertape/protocol'
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
  checkHistory(journal)
  checkPrivateStreams(journal, exchange)
  if (hash !== recovered) throw new JournalDamaged(`the replay ends in state ${hash}, a restart recovers ${recovered}`)
  return { hash, seq: exchange.seq, commands: commandNumber - oldest.number }
}

/** Events before the oldest checkpoint are not replayed: none may be missing or damaged. */
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

/** No event of an account may be missing, and the order archive must agree with them. */
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

/** The archive must have a row for each record that is not forgotten yet, and no other rows. */
function checkArchive(
  archive: OrderArchiveStore,
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
      `the order archive has ${rows.ids} ids and ${rows.ended} ended orders of account ${accountId} (${rows.counted} counted), its events give ${ids} and ${ended}`,
    )
  }
}
