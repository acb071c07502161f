// Answers the gateway's queries from exchange and journal. Changes nothing. Called by venue.ts, which flushes before a
// query that must not see pending commands.

import type { Exchange } from '@papertape/engine'
import { formatPosition, type InstrumentSpec, type Order, type OrderReference } from '@papertape/protocol'
import type { PastSettings, RunningScenario } from '@papertape/simulators'
import type { Journal } from '../journal/journal.ts'
import { EventDamaged } from '../journal/journal-errors.ts'
import { parseOrderId } from '../journal/order-records.ts'
import type { MarketPlan } from '../market/market-plan.ts'
import type { VenueCounts } from '../measures/venue-measures.ts'
import type { CheckpointMark, MarketDescription, PaceSetting, Queries, QueryName, VenueState } from '../messages.ts'
import { readDepth, readInstrument } from './market-reader.ts'

/** One query returns at most so many events; readers ask again for more. */
const EVENTS_READ_MAX = 512

export interface QueryAnswersOptions {
  readonly plan: MarketPlan
  readonly past: PastSettings | undefined
  readonly instruments: readonly InstrumentSpec[]
  readonly epoch: string
  readonly journal: Journal
  readonly exchange: Exchange
  /** What changes while the market runs. */
  readonly running: () => RunningMarket
  readonly counts: () => VenueCounts
}

export interface RunningMarket {
  readonly checkpoint: CheckpointMark
  readonly pace: PaceSetting
  readonly scenarios: readonly RunningScenario[]
  readonly scenarioNames: readonly string[]
  /** The source has nothing more to do. */
  readonly ended: boolean
}

type Answers = { [Q in QueryName]: (params: Queries[Q]['params']) => Queries[Q]['result'] }

export class QueryAnswers {
  readonly #options: QueryAnswersOptions
  readonly #answers: Answers

  constructor(options: QueryAnswersOptions) {
    this.#options = options
    const { journal, exchange, counts } = options
    const history: Answers['history'] = ({ symbol, event, before, limit }) =>
      journal.history(symbol, event, before, limit)
    this.#answers = {
      state: () => this.#state(),
      market: () => this.#market(),
      counts,
      stateHash: () => ({ seq: exchange.seq, hash: exchange.stateHash() }),
      events: ({ from, limit }) => this.#events(from, Math.min(limit, EVENTS_READ_MAX)),
      history,
      viewHistory: history,
      depth: ({ symbol, levels }) => this.#depth(symbol, levels),
      account: ({ accountId }) => exchange.account(accountId),
      orders: params => this.#orders(params),
      order: ({ accountId, ...order }) => this.#order(accountId, this.#orderIdOf(accountId, order)),
      orderSpan: ({ accountId, orderId }) => this.#orderSpan(accountId, orderId),
      findToken: ({ tokenHash }) => exchange.findToken(tokenHash),
      tokens: ({ accountId }) => exchange.tokens(accountId),
      testProfiles: () => exchange.testProfiles(),
      alerts: ({ accountId }) => exchange.alerts(accountId),
      privateRange: ({ accountId }) => this.#privateRange(accountId),
      cashEvents: ({ accountId, before, limit }) => journal.cashEvents(accountId, before, limit),
      privateEvents: ({ accountId, from, limit }) => journal.privateEvents(accountId, from, limit),
    }
  }

  /** An event that cannot be read fails this query alone: `damaged` says which. */
  answer<Q extends QueryName>(name: Q, params: Queries[Q]['params']): { result: unknown } | { damaged: string } {
    try {
      return { result: this.#answers[name](params) }
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      return { damaged: error.message }
    }
  }

  /** Events before one that cannot be read count as no longer kept: their readers are reset. */
  #events(from: number, limit: number): Queries['events']['result'] {
    const { journal } = this.#options
    const oldest = journal.oldest()
    try {
      return { oldest, events: journal.eventsFrom(from, limit) }
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      return { oldest: Math.max(oldest, error.seq + 1), events: [] }
    }
  }

  #depth(symbol: string, levels: number): Queries['depth']['result'] {
    const { instruments, exchange } = this.#options
    const index = instruments.findIndex(spec => spec.symbol === symbol)
    return { id: this.#headPosition, ...readDepth(exchange, instruments[index]!, index, levels) }
  }

  get #headPosition(): string {
    return formatPosition(this.#options.epoch, this.#options.exchange.seq)
  }

  #privateRange(accountId: string): Queries['privateRange']['result'] {
    const { exchange, journal } = this.#options
    const account = exchange.account(accountId)
    if (account === undefined) return undefined
    // The first ones may have been forgotten, or be missing in a repaired journal.
    return { oldest: journal.privateEvents(accountId, 1, 1)[0]?.seq ?? account.seq + 1, lastSeq: account.seq }
  }

  #order(accountId: string, orderId: string | undefined): Order | undefined {
    if (orderId === undefined) return undefined
    const { exchange, journal } = this.#options
    return exchange.openOrder(accountId, orderId) ?? journal.orders.endedOrder(accountId, orderId)
  }

  #orderIdOf(accountId: string, order: OrderReference): string | undefined {
    if ('orderId' in order) return order.orderId
    return this.#options.journal.orders.firstAnswer(accountId, order.origClientOrderId)?.orderId
  }

  #orderSpan(accountId: string, orderId: string): Queries['orderSpan']['result'] {
    if (this.#order(accountId, orderId) === undefined) return undefined
    const { exchange, journal } = this.#options
    // A repaired journal may lack the event that placed it.
    const { placed = 1, ended = exchange.account(accountId)!.seq } = journal.orders.seqsOf(accountId, orderId)
    return { firstSeq: placed, lastSeq: ended }
  }

  #orders({ accountId, list, after, limit }: Queries['orders']['params']): readonly Order[] {
    const { exchange, journal } = this.#options
    const below = after === undefined ? Number.MAX_SAFE_INTEGER : (parseOrderId(after) ?? 0)
    const open = list === 'ended' ? [] : (exchange.account(accountId)?.orders ?? [])
    const late = exchange.lateOrders(accountId).filter(({ orderId }) => Number(orderId) < below)
    const orders = [
      ...open.filter(({ orderId }) => Number(orderId) < below),
      ...(list === 'open' ? [] : [...late, ...journal.orders.endedOrders(accountId, below, limit)]),
    ]
    return orders.sort((a, b) => Number(b.orderId) - Number(a.orderId)).slice(0, limit)
  }

  #market(): MarketDescription {
    const { plan, epoch, journal, exchange, running } = this.#options
    const { checkpoint, pace, scenarios, scenarioNames, ended } = running()
    return {
      epoch,
      oldest: journal.oldest(),
      id: this.#headPosition,
      time: exchange.time,
      checkpoint,
      source: {
        kind: plan.kind,
        name: plan.kind === 'simulated' ? `seed ${plan.seed}` : plan.file,
        seed: plan.kind === 'simulated' ? plan.seed : null,
        ended,
      },
      pace,
      scenarios,
      scenarioNames,
    }
  }

  #state(): VenueState {
    const { past, instruments, exchange } = this.#options
    return {
      ...this.#market(),
      seq: exchange.seq,
      past,
      specs: instruments,
      instruments: instruments.map((spec, index) => readInstrument(exchange, spec, index)),
    }
  }
}
