// For the exchange's property tests: what holds of each symbol whatever anybody does. Prices stay within the bands, no stop
// sleeps through its price, a call shows no firm quote, and an order trades exactly when nothing is before it any more.

import assert from 'node:assert/strict'
import {
  type AccountSnapshot,
  type Bands,
  type Command,
  type Execution,
  type FeedEvent,
  type InstrumentSpec,
  type Order,
  type PrivateEvent,
  type Trade,
  toPrice,
} from '@papertape/protocol'
import type { Exchange } from '../exchange.ts'
import { isMatching } from '../phase.ts'

/** An account's order that rests: where, and how much is before it as far as its owner knows. */
interface Place {
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  price: number | null
  /** undefined: not told since an iceberg's next part was shown. */
  ahead: number | undefined
}

export class MarketAuditor {
  readonly #exchange: Exchange
  readonly #symbols: readonly string[]
  readonly #tickSizes: readonly number[]
  readonly #places = new Map<string, Place>()
  #bands: Map<string, Bands | undefined>
  readonly #lastPrice: (symbol: string) => number
  #lastPrices: Map<string, number>

  /** @param lastPrice of the trades on the tick grid, by which an arriving stop is measured. */
  constructor(exchange: Exchange, specs: readonly InstrumentSpec[], lastPrice: (symbol: string) => number) {
    this.#exchange = exchange
    this.#symbols = specs.map(({ symbol }) => symbol)
    this.#tickSizes = specs.map(spec => toPrice(spec, 1))
    this.#lastPrice = lastPrice
    this.#lastPrices = this.#readLastPrices()
    this.#bands = this.#readBands()
  }

  /** @param events public ones of a command. @param told private ones of all accounts, in order. */
  audit(
    { type }: Command,
    events: readonly FeedEvent[],
    told: readonly PrivateEvent[],
    accounts: readonly AccountSnapshot[],
  ): void {
    const trades = events.flatMap(({ event, data }) => (event === 'trade' ? [data] : []))
    const isPrint = type === 'trade.print'
    if (!isPrint) this.#checkBands(trades)
    this.#checkTriggers(trades, told)
    this.#followQueues(isPrint ? [] : trades, told)
    this.#lastPrices = this.#readLastPrices()
    this.#bands = this.#readBands()
    for (const index of this.#symbols.keys()) this.#checkQuote(index)
    for (const { orders } of accounts) for (const order of orders) this.#checkWaiting(order)
  }

  #readLastPrices(): Map<string, number> {
    return new Map(this.#symbols.map(symbol => [symbol, this.#lastPrice(symbol)]))
  }

  #readBands(): Map<string, Bands | undefined> {
    return new Map(this.#symbols.map(symbol => [symbol, this.#exchange.bands(symbol)]))
  }

  /** A command may move the bands: what it traded lies within the old ones or the new. */
  #checkBands(trades: readonly Trade[]): void {
    for (const { symbol, price, auction } of trades) {
      const [before, after] = [this.#bands.get(symbol), this.#exchange.bands(symbol)]
      if (before === undefined || after === undefined || auction) continue
      assert.ok(price >= Math.min(before.low, after.low) && price <= Math.max(before.high, after.high))
    }
  }

  /** Nothing rests where it would trade outside the bands. */
  #checkQuote(index: number): void {
    const exchange = this.#exchange
    const symbol = this.#symbols[index]!
    const bands = exchange.bands(symbol)
    if (bands === undefined || !isMatching(exchange.phase(symbol))) return
    const tick = this.#tickSizes[index]!
    assert.ok(exchange.bestBid(index) * tick < bands.high + tick / 2)
    assert.ok(exchange.bestAsk(index) === 0 || exchange.bestAsk(index) * tick > bands.low - tick / 2)
  }

  #checkTriggers(trades: readonly Trade[], told: readonly PrivateEvent[]): void {
    for (const event of told) {
      if (event.type !== 'execution' || event.execType !== 'triggered') continue
      const prices = trades.filter(({ symbol }) => symbol === event.symbol).map(({ price }) => price)
      prices.push(this.#lastPrices.get(event.symbol)!)
      assert.ok(
        prices.some(price => reaches(event.side, event.stopPrice!, price)),
        'a stop triggers by a trade',
      )
    }
  }

  #checkWaiting({ symbol, side, stopPrice, triggered }: Order): void {
    if (stopPrice === undefined || triggered || !isMatching(this.#exchange.phase(symbol))) return
    assert.ok(!reaches(side, stopPrice, this.#lastPrices.get(symbol)!), 'no stop sleeps through its price')
  }

  /** Trades and private events in the order in which they happened: an own fill comes with its trade. */
  #followQueues(trades: readonly Trade[], told: readonly PrivateEvent[]): void {
    const executions = told.filter(event => event.type === 'execution')
    const fills = new Map<number, Execution[]>()
    for (const fill of executions.filter(({ tradeId }) => tradeId !== null)) {
      fills.set(fill.tradeId!, [...(fills.get(fill.tradeId!) ?? []), fill])
    }
    // Only what trades happened to orders that rested before, and none of whose lots were taken off in between.
    const isSimple = executions.every(({ execType, reason }) => execType !== 'triggered' && reason === undefined)
    for (const trade of trades) this.#passTrade(trade, fills.get(trade.tradeId) ?? [], isSimple)
    for (const event of told) {
      if (event.type === 'queue') this.#places.get(event.orderId)!.ahead = event.aheadSize
      else if (event.type === 'execution') this.#learn(event)
    }
  }

  #passTrade(trade: Trade, fills: readonly Execution[], isSimple: boolean): void {
    if (trade.auction || !isSimple) {
      for (const place of this.#places.values()) if (place.symbol === trade.symbol) place.ahead = undefined
      return
    }
    const own = fills.find(({ liquidity }) => liquidity === 'maker')
    const makers = trade.aggressor === 'buy' ? 'sell' : 'buy'
    for (const [orderId, place] of this.#places) {
      if (place.symbol !== trade.symbol || place.side !== makers || place.price !== trade.price) continue
      if (place.ahead === undefined) continue
      if (own?.orderId === orderId) {
        assert.equal(place.ahead, 0, 'an order that trades has nothing before it')
        if (own.leavesSize === 0 || own.displaySize !== undefined) place.ahead = undefined
      } else {
        assert.ok(place.ahead >= trade.size, 'what trades at a price was before those that wait there')
        place.ahead -= trade.size
      }
    }
  }

  #learn({ orderId, symbol, side, price, aheadSize, leavesSize }: Execution): void {
    if (leavesSize === 0) this.#places.delete(orderId)
    else if (aheadSize !== null) this.#places.set(orderId, { symbol, side, price, ahead: aheadSize })
    else if (!this.#places.has(orderId)) this.#places.set(orderId, { symbol, side, price, ahead: undefined })
  }
}

function reaches(side: 'buy' | 'sell', stopPrice: number, price: number): boolean {
  return side === 'buy' ? price >= stopPrice : price <= stopPrice
}
