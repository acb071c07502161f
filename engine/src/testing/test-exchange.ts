// An exchange with clock, instruments and account for tests, with short methods for the commands of traders and desks.

import assert from 'node:assert/strict'
import type {
  Command,
  CommandAnswer,
  Execution,
  FeedEvent,
  InstrumentSpec,
  Order,
  Phase,
  PlaceOrder,
  PrivateEvent,
  ReplaceOrder,
} from '@papertape/protocol'
import { ArchivedExchange } from '../archived-exchange.ts'
import { createExchange, type Exchange, type ExchangeOptions } from '../exchange.ts'
import type { PrivateEnvelope } from '../market-data/private-log.ts'
import type { Rules } from '../model/rules.ts'

export const ACME: InstrumentSpec = {
  symbol: 'ACME',
  name: 'Acme',
  tickUnits: 100,
  lotSize: 1,
  priceTicksMax: 100_000,
  previousCloseTicks: 10_000,
}
export const BOLT: InstrumentSpec = { ...ACME, symbol: 'BOLT', name: 'Bolt', tickUnits: 500, lotSize: 10 }
export const DAY_US = 24 * 3_600 * 1_000_000

/** Two instruments, and an account `ann` with 100,000 in cash. */
export class TestExchange {
  #archived: ArchivedExchange
  #envelopes: PrivateEnvelope[] = []
  ts = 1_700_000_000_000_000
  time = 1_700_000_040_000
  readonly #options: ExchangeOptions
  #refs = 0
  #ids = 0

  constructor(rules: Partial<Rules> = {}) {
    this.#options = { instruments: [ACME, BOLT], rules }
    this.#archived = new ArchivedExchange(createExchange(this.#options))
    this.open('ann')
  }

  get exchange(): Exchange {
    return this.#archived.exchange
  }

  set exchange(exchange: Exchange) {
    this.#archived = new ArchivedExchange(exchange)
  }

  do(command: Command): CommandAnswer {
    this.ts += 1_000
    const { answer, envelopes } = this.#archived.apply(command, { ts: this.ts, time: this.time })
    this.#envelopes.push(...envelopes)
    return answer
  }

  open(accountId: string, cash = 100_000): CommandAnswer {
    return this.do({ type: 'account.open', accountId, tokenHash: `hash of ${accountId}`, cash })
  }

  /** An account for tests. */
  openTesting(accountId: string, cash = 100_000): CommandAnswer {
    return this.do({ type: 'account.open', accountId, tokenHash: `hash of ${accountId}`, cash, testing: true })
  }

  /** A desk's sell order. @returns its ref. */
  offer(priceTicks: number, sizeLots: number, symbol = 'ACME'): number {
    return this.#desk('sell', priceTicks, sizeLots, symbol)
  }

  bid(priceTicks: number, sizeLots: number, symbol = 'ACME'): number {
    return this.#desk('buy', priceTicks, sizeLots, symbol)
  }

  place(order: Partial<PlaceOrder>): Execution {
    const whole: PlaceOrder = {
      type: 'order.place',
      accountId: 'ann',
      clientOrderId: `c${++this.#ids}`,
      symbol: 'ACME',
      side: 'buy',
      orderType: 'limit',
      size: 10,
      timeInForce: 'GTC',
      postOnly: false,
      ...order,
    }
    if (whole.orderType === 'limit' && !('price' in order)) return this.do({ ...whole, price: 99 }) as Execution
    return this.do(whole) as Execution
  }

  replace(
    command: Pick<ReplaceOrder, 'clientOrderId' | 'size' | 'price' | 'stopPrice'> & { origClientOrderId: string },
  ): CommandAnswer {
    return this.do({ type: 'order.replace', accountId: 'ann', ...command } as ReplaceOrder)
  }

  cancel(origClientOrderId: string, accountId = 'ann'): CommandAnswer {
    return this.do({ type: 'order.cancel', accountId, origClientOrderId })
  }

  /** The account buys shares from a desk. */
  stock(size: number, accountId = 'ann'): void {
    this.offer(10_000, size)
    this.place({ accountId, clientOrderId: `stock${size}`, size, price: 100 })
    this.publicEvents()
  }

  /** A trade at a price in ticks between two desks. */
  trade(priceTicks: number, sizeLots = 1): void {
    const ref = this.offer(priceTicks, sizeLots)
    const taker = { type: 'desk.place', desk: 2, ref, symbol: 'ACME', side: 'buy', priceTicks, sizeLots } as const
    this.do({ ...taker, instruction: 'immediateOrCancel' })
  }

  /** The operator puts ACME into a phase. */
  phase(phase: Phase): void {
    this.do({ type: 'phase.set', symbol: 'ACME', phase, reason: null, until: null })
  }

  /** Advances both clocks and applies a clock command. */
  pass(ms: number): void {
    this.time += ms
    this.ts += ms * 1_000
    this.do({ type: 'clock.advance' })
  }

  restart(): void {
    this.publicEvents()
    const state = JSON.parse(JSON.stringify(this.exchange.checkpoint()))
    this.#archived = this.#archived.restored(createExchange(this.#options, state))
  }

  /** Public events since the last call; discards private ones. */
  publicEvents(): FeedEvent[] {
    this.envelopes()
    return this.exchange.takeEvents()
  }

  /** Private events of an account since the last call; discards those of others. */
  privateEvents(accountId = 'ann'): PrivateEvent[] {
    return this.envelopes()
      .filter(envelope => envelope.accountId === accountId)
      .map(envelope => envelope.event)
  }

  /** Private events of all accounts since the last call. */
  envelopes(): PrivateEnvelope[] {
    const envelopes = this.#envelopes
    this.#envelopes = []
    return envelopes
  }

  /** Open orders and those remembered, newest first. */
  orders(accountId = 'ann'): Order[] {
    return this.#archived.orders(accountId)
  }

  #desk(side: 'buy' | 'sell', priceTicks: number, sizeLots: number, symbol: string): number {
    const ref = ++this.#refs
    this.do({ type: 'desk.place', desk: 1, ref, symbol, side, priceTicks, sizeLots, instruction: 'rest' })
    return ref
  }
}

export const kinds = (events: readonly PrivateEvent[]) =>
  events.map(event => (event.type === 'execution' ? event.execType : event.type))

export function assertRejected(answer: CommandAnswer, code: string, text: RegExp): void {
  if (answer.type === 'execution') {
    assert.equal(answer.execType, 'rejected')
    assert.equal(answer.orderStatus, 'rejected')
    assert.equal(answer.leavesSize, 0)
    assert.equal(answer.reason?.code, code)
    assert.match(answer.reason?.text ?? '', text)
    return
  }
  assert.equal(answer.type, 'cancel.reject')
  if (answer.type !== 'cancel.reject') return
  assert.equal(answer.code, code)
  assert.match(answer.text, text)
}
