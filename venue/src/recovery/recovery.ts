// Restores the exchange from its journal: the newest checkpoint, then the commands after it. What the replay gives is
// compared with what was published.

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
import type { Command, Execution, InstrumentSpec, Stamp } from '@papertape/protocol'
import { encodeEvent, encodePrivateEvent } from '../event-encoding.ts'
import type { Journal, OrderArchiveStore, StoredCheckpoint } from '../journal/journal.ts'
import { JournalDamaged, JournalOutdated } from '../journal/journal-errors.ts'
import { type OrderRecord, recordsIn } from '../journal/order-records.ts'
import { RetentionClock } from '../journal/retention-clock.ts'
import type { CheckpointMark, EncodedPrivateEvent } from '../messages.ts'
import { checkpointOf, markOf } from '../sequencer/checkpoint.ts'

const PAGE = 1_000
/** Of one account. */
const PRIVATE_PAGE = 128

export interface Recovered {
  readonly exchange: Exchange
  /** The last command that it includes. */
  readonly commandNumber: number
  /** The newest that the journal has. */
  readonly checkpoint: CheckpointMark
}

/** The exchange as of the last flush. A journal without a checkpoint gets its first one: the empty market. */
export function recover(
  journal: Journal,
  instruments: readonly InstrumentSpec[],
  rules: Partial<Rules> = {},
): Recovered {
  const options = { instruments, rules }
  const checkpoint = journal.checkpoint('newest') ?? writeGenesis(journal, options)
  const { lastCommand } = journal
  if (lastCommand < checkpoint.number) {
    throw new JournalDamaged(
      `it ends with command ${lastCommand}, before its checkpoint at command ${checkpoint.number}`,
    )
  }
  const recovered = replayJournal(journal, options, checkpoint)
  const head = journal.head()
  const { seq } = recovered.exchange
  // The market is opened with it later: damage must be found here.
  journal.source()
  if (seq !== head) throw new JournalDamaged(`it has events up to ${head}, its commands give events up to ${seq}`)
  return recovered
}

/** Applies the commands after a checkpoint. @throws {JournalDamaged} naming the first difference. */
export function replayJournal(journal: Journal, options: ExchangeOptions, from: StoredCheckpoint): Recovered {
  const exchange = restoreExchange(options, from)
  const hashes = journal.checkpointHashes()
  const published = eventReader(journal, Math.max(from.seq + 1, journal.oldest()))
  const sent = new SentEvents(journal)
  const archived = new ArchiveComparison(journal.orders)
  let commandNumber = from.number
  for (const { number, stamp, command } of journal.commandsAfter(from.number)) {
    if (number !== ++commandNumber) throw new JournalDamaged(`command ${commandNumber} is missing`)
    applyAgain(exchange, number, command, stamp)
    const envelopes = exchange.takePrivateEvents()
    for (const envelope of envelopes) sent.compare(envelope)
    archived.add(envelopes, stamp.ts)
    for (const event of exchange.takeEvents()) {
      const replayed = encodeEvent(event)
      const stored = replayed.seq < published.from ? replayed : published.next()
      if (stored?.seq !== replayed.seq || stored.data !== replayed.data) {
        throw new JournalDamaged(
          `event ${replayed.seq} was published as ${stored?.data}, its command gives ${replayed.data}`,
        )
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

export function lostRecord(record: OrderRecord): JournalDamaged {
  const what = 'answer' in record ? `the id ${record.answer.clientOrderId}` : `the end of order ${record.ended.orderId}`
  return new JournalDamaged(`${what} of account ${record.accountId} is not in the order archive as it was written`)
}

/** The answers and ends of a replay must be in the order archive: without its row an id could be used twice. */
class ArchiveComparison {
  readonly #archive: OrderArchiveStore
  /**
   * Advances by the stamps that the archive's clock had, and by the pauses between runs, which that had not: never
   * behind it.
   */
  readonly #clock = new RetentionClock()
  readonly #records: { readonly record: OrderRecord; readonly atUs: number }[] = []

  constructor(archive: OrderArchiveStore) {
    this.#archive = archive
  }

  add(envelopes: readonly PrivateEnvelope[], ts: number): void {
    this.#clock.advance(ts)
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
    throw new JournalDamaged(`the checkpoint at command ${number} cannot be restored: ${(error as Error).message}`, {
      cause: error,
    })
  }
  if (exchange.stateHash() !== hash) throw new JournalDamaged(`the checkpoint at command ${number} was changed`)
  return exchange
}

/** The private events of each account as they were sent, read a page at a time. */
class SentEvents {
  readonly #journal: Journal
  readonly #accounts = new Map<string, { readonly oldest: number; page: EncodedPrivateEvent[]; at: number }>()

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** @throws {JournalDamaged} when it was sent as something else. */
  compare(envelope: PrivateEnvelope): void {
    const { accountId, seq, data } = encodePrivateEvent(envelope)
    const stored = this.#read(accountId, seq)
    if (stored === 'forgotten' || stored?.data === data || stored?.data === withoutTime(envelope).data) return
    throw new JournalDamaged(
      `event ${seq} of account ${accountId} was sent as ${stored?.data}, its command gives ${data}`,
    )
  }

  #read(accountId: string, seq: number): EncodedPrivateEvent | undefined | 'forgotten' {
    const known = this.#accounts.get(accountId)
    const account = known ?? { oldest: this.#journal.privateOldest(accountId), page: [], at: 0 }
    if (known === undefined) this.#accounts.set(accountId, account)
    if (seq < account.oldest) return 'forgotten'
    if (account.page[account.at]?.seq !== seq) {
      account.page = this.#journal.privateEvents(accountId, seq, PRIVATE_PAGE)
      account.at = 0
    }
    const stored = account.page[account.at++]
    return stored?.seq === seq ? stored : undefined
  }
}

/** As it was written before fills had the market's time. */
function withoutTime({ accountId, event }: PrivateEnvelope) {
  const { time: _, ...earlier } = event as Execution
  return encodePrivateEvent({ accountId, event: earlier })
}

/** A command that was applied once can be applied again, unless the journal was changed. */
function applyAgain(exchange: Exchange, number: number, command: Command, stamp: Stamp): void {
  try {
    exchange.apply(command, stamp)
  } catch (error) {
    throw new JournalDamaged(`command ${number} cannot be applied again: ${(error as Error).message}`, { cause: error })
  }
}

/** The published events one by one, read a page at a time. */
function eventReader(journal: Journal, from: number) {
  let page = journal.eventsFrom(from, PAGE)
  let at = 0
  return {
    from,
    next() {
      if (at === page.length && page.length > 0) {
        page = journal.eventsFrom(page.at(-1)!.seq + 1, PAGE)
        at = 0
      }
      return page[at++]
    },
  }
}

function writeGenesis(journal: Journal, options: ExchangeOptions): StoredCheckpoint {
  if (journal.lastCommand > 0 || journal.head() > 0) throw new JournalDamaged('it has no checkpoint')
  const checkpoint = checkpointOf(createExchange(options), 0)
  journal.append({ commands: [], events: [], privateEvents: [], source: null, checkpoint })
  return journal.checkpoint('newest')!
}
