// The exchange of one case of the rulebook, with its clock, its traders, and all public and private events so far.
// Reads its state in the rulebook's language.

import { strict as assert } from 'node:assert'
import {
  BookView,
  type Command,
  type CommandAnswer,
  type FeedEvent,
  type Indication,
  type Order,
  type PrivateEvent,
  type Status,
  toCurrency,
  toPrice,
  UNITS_PER_CURRENCY,
} from '@papertape/protocol'
import { ArchivedExchange } from '../../archived-exchange.ts'
import { createExchange, type Exchange, type ExchangeOptions } from '../../exchange.ts'
import { feeAtMost, NO_FEES } from '../../fees/fees.ts'
import { SIDE } from '../../matching/codes.ts'
import { DEFAULT_RULES, LULD_BANDS, type Rules } from '../../model/rules.ts'
import { ACME, BOLT } from '../test-exchange.ts'
import { HOME_SYMBOL, type Holding, type RuleName, type StateCheck } from './language.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** 2023-11-15, noon. */
const START_MS = 1_700_049_600_000
const START_PRICE = 10
const INSTRUMENTS = [
  { ...ACME, priceTicksMax: 5_000, previousCloseTicks: 1_000 },
  { ...BOLT, priceTicksMax: 1_000, previousCloseTicks: 200 },
]
const RULES: Readonly<Record<RuleName, Partial<Rules>>> = {
  'no collar': { collar: null },
  'price bands': { bands: LULD_BANDS },
  'margin grace': { margin: { ...DEFAULT_RULES.margin, graceMs: 60_000 } },
  fees: { fees: { makerRate: 1_000, takerRate: 3_000, perShareUnits: 20 } },
  'trading day': {
    schedule: {
      preOpenMs: 8 * HOUR_MS,
      openingAuctionMs: 9.25 * HOUR_MS,
      continuousMs: 9.5 * HOUR_MS,
      closingAuctionMs: 15.75 * HOUR_MS,
      closedMs: 16 * HOUR_MS,
    },
  },
}

export class RulebookExchange {
  #archived: ArchivedExchange
  #privateEvents: PrivateEvent[] = []
  /** The case's name of each order, by orderId. */
  readonly names = new Map<string, string>()
  readonly #options: ExchangeOptions
  #ts = START_MS * 1_000
  #time = START_MS
  #ids = 0
  readonly #traders: string[] = []
  readonly #books = new Map(INSTRUMENTS.map(spec => [spec.symbol, new BookView(toPrice(spec, 1))]))
  readonly #lastPrices = new Map<string, number>()
  readonly #statuses = new Map<string, Status>()
  /** The last size ahead that was sent, by the order's name. */
  readonly #aheadSizes = new Map<string, number>()

  constructor(rules: readonly RuleName[]) {
    this.#options = {
      instruments: INSTRUMENTS,
      rules: Object.assign({}, DEFAULT_RULES, ...rules.map(name => RULES[name])),
    }
    this.#archived = new ArchivedExchange(createExchange(this.#options))
  }

  get core(): Exchange {
    return this.#archived.exchange
  }

  /** Opens an account, which buys its shares at the start price; it has the cash for that besides. */
  open(trader: string, cash: number, holdings: readonly Holding[], margin = false): void {
    const cost = holdings.reduce((sum, [, size]) => sum + this.#costOf(size), 0)
    this.#traders.push(trader)
    const kind = margin ? ({ margin } as const) : {}
    this.do({ type: 'account.open', accountId: trader, tokenHash: trader, cash: cash + cost, ...kind })
    for (const [symbol, size] of holdings) {
      const spec = INSTRUMENTS.find(one => one.symbol === symbol)!
      const order = {
        symbol,
        side: 'sell',
        priceTicks: spec.previousCloseTicks,
        sizeLots: size / spec.lotSize,
      } as const
      this.do({ type: 'desk.place', desk: 0, ref: ++this.#ids, ...order, instruction: 'rest' })
      const terms = { symbol, side: 'buy', size, price: START_PRICE, orderType: 'limit', timeInForce: 'GTC' } as const
      this.do({ type: 'order.place', accountId: trader, clientOrderId: `start ${symbol}`, ...terms, postOnly: false })
    }
  }

  #costOf(size: number): number {
    const units = size * START_PRICE * UNITS_PER_CURRENCY
    return toCurrency(units + feeAtMost(this.#options.rules?.fees ?? NO_FEES, units, size))
  }

  do(command: Command): CommandAnswer {
    this.pass(1)
    const { answer, envelopes } = this.#archived.apply(command, { ts: this.#ts, time: this.#time })
    this.#privateEvents.push(...envelopes.map(({ event }) => event))
    return answer
  }

  pass(ms: number): void {
    this.#ts += ms * 1_000
    this.#time += ms
  }

  /** Until the next such time of day. */
  passUntil(msOfDay: number): void {
    this.pass(this.timeAt(msOfDay) - this.#time)
  }

  /** The next such time of day, or now. */
  timeAt(msOfDay: number): number {
    return this.#time + ((DAY_MS + msOfDay - (this.#time % DAY_MS)) % DAY_MS)
  }

  /** Saves the exchange and restores it. */
  restart(): void {
    const state = JSON.parse(JSON.stringify(this.core.checkpoint()))
    this.#archived = this.#archived.restored(createExchange(this.#options, state))
  }

  /** Since the last call. */
  takeEvents(): { readonly publicEvents: FeedEvent[]; readonly privateEvents: PrivateEvent[] } {
    const publicEvents = this.core.takeEvents()
    const privateEvents = this.#privateEvents
    this.#privateEvents = []
    for (const { event, data } of publicEvents) {
      if (event === 'book')
        assert.equal(this.#books.get(data.symbol)!.apply(data), 'applied', 'the book events have no gap')
      if (event === 'trade') this.#lastPrices.set(data.symbol, data.price)
      if (event === 'status') this.#statuses.set(data.symbol ?? HOME_SYMBOL, data)
    }
    for (const [index, { symbol }] of INSTRUMENTS.entries()) {
      const { bids, asks } = this.#books.get(symbol)!.snapshot()
      assert.deepEqual({ bids, asks }, this.#bookOf(index), 'the public book is that of the exchange')
    }
    for (const event of privateEvents) {
      if (event.type !== 'execution' && event.type !== 'queue') continue
      if (event.aheadSize !== null) this.#aheadSizes.set(this.names.get(event.orderId) ?? '', event.aheadSize)
    }
    return { publicEvents, privateEvents }
  }

  /** All cash and shares of the traders together, and the venue's fees. Checks that none owes. */
  totals(): string {
    const accounts = this.#traders.map(trader => this.core.account(trader)!)
    for (const { balance } of accounts) assert.ok(balance.buyingPower >= 0, 'no account owes')
    const cash = accounts.reduce((sum, { balance }) => sum + Math.round(balance.cash * 10_000), 0)
    const shares = INSTRUMENTS.map(({ symbol }) => {
      const held = accounts.map(({ positions }) => positions.find(position => position.symbol === symbol)?.size ?? 0)
      return `${held.reduce((sum, size) => sum + size, 0)} ${symbol}`
    })
    const { feeUnits = 0 } = this.core.checkpointChanges().market.counters
    return [(cash + feeUnits) / 10_000, ...shares].join(', ')
  }

  /** The present value of what a check is about. */
  read({ about, of, expected }: StateCheck): string {
    switch (about) {
      case 'book':
        return this.#bookText(of)
      case 'last':
        return String(this.#lastPrices.get(of))
      case 'phase':
        return this.core.phase(of)
      case 'bands':
        return this.#bandsText(of)
      case 'indication':
        return indicationText(this.#statuses.get(of)?.auction)
      case 'order':
        return this.#orderText(of)
      case 'holdings':
        return expected
          .split(', ')
          .map(item => this.#holdingText(of, item))
          .join(', ')
    }
  }

  /** The exchange's own book. */
  #bookOf(index: number): Record<'bids' | 'asks', [price: number, size: number][]> {
    const { core } = this
    const spec = INSTRUMENTS[index]!
    const levels = (side: number, best: number, next: (ticks: number) => number) => {
      const found: [price: number, size: number][] = []
      for (let ticks = best; ticks !== 0; ticks = next(ticks)) {
        found.push([toPrice(spec, ticks), core.levelLots(index, ticks, side) * spec.lotSize])
      }
      return found
    }
    return {
      bids: levels(SIDE.buy, core.bestBid(index), ticks => core.nextBidBelow(index, ticks)),
      asks: levels(SIDE.sell, core.bestAsk(index), ticks => core.nextAskAbove(index, ticks)),
    }
  }

  /** The public's book. */
  #bookText(symbol: string): string {
    const { bids, asks } = this.#books.get(symbol)!.snapshot()
    const side = (levels: readonly (readonly number[])[]) => levels.map(([price, size]) => `${price}x${size}`).join(' ')
    return `${side(bids) || '-'} | ${side(asks) || '-'}`
  }

  #bandsText(symbol: string): string {
    const bands = this.core.bands(symbol)
    return bands === undefined ? 'none' : `${bands.low} to ${bands.high}`
  }

  #orderOf(name: string): Order | undefined {
    const orders = this.#traders.flatMap(trader => this.#archived.orders(trader))
    return orders.find(({ orderId }) => this.names.get(orderId) === name)
  }

  #orderText(name: string): string {
    const order = this.#orderOf(name)
    if (order === undefined) return 'unknown'
    const { orderStatus, cumSize, avgPrice } = order
    return cumSize === 0 ? orderStatus : `${orderStatus} ${cumSize} at ${avgPrice}`
  }

  /** In the unit that the check has. */
  #holdingText(owner: string, asked: string): string {
    const [, unit] = /^\S+ (.*)$/.exec(asked) ?? []
    if (unit === 'as stop price') return `${this.#orderOf(owner)?.stopPrice} as stop price`
    if (unit === 'ahead') return `${this.#aheadSizes.get(owner)} ahead`
    const { balance, positions } = this.core.account(owner)!
    if (unit === 'in cash') return `${balance.cash} in cash`
    if (unit === 'in equity') return `${balance.equity} in equity`
    if (unit === 'to spend') return `${balance.buyingPower} to spend`
    return `${positions.find(({ symbol }) => symbol === unit)?.size ?? 0} ${unit}`
  }
}

function indicationText(auction: Indication | undefined): string {
  if (auction === undefined || auction.price === null) return 'none'
  const { price, pairedSize, imbalanceSize, side } = auction
  return `${pairedSize} @ ${price}${side === null ? '' : `, ${imbalanceSize} left to ${side}`}`
}
