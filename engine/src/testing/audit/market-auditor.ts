// Checks what must be true of each symbol after every command: prices are within the bands, no stop misses its price,
// a call phase has no firm quote, no order outlives its time in force. For the property tests and the soak of the
// exchange.

import assert from 'node:assert/strict'
import {
  type AccountSnapshot,
  type Bands,
  type Command,
  type FeedEvent,
  type InstrumentSpec,
  type Order,
  type PrivateEvent,
  type Trade,
  toPrice,
} from '@papertape/protocol'
import type { Exchange } from '../../exchange.ts'
import { isMatching } from '../../model/phase.ts'

export class MarketAuditor {
  readonly #exchange: Exchange
  readonly #symbols: readonly string[]
  readonly #tickSizes: readonly number[]
  readonly #highestPrices: ReadonlyMap<string, number>
  #bands: Map<string, Bands | undefined>
  readonly #lastPrice: (symbol: string) => number
  #lastPrices: Map<string, number>
  /** Of trailing stops, by orderId. */
  #stopPrices = new Map<string, number>()

  /** @param lastPrice of the trades on the tick grid, by which an arriving stop is measured. */
  constructor(exchange: Exchange, specs: readonly InstrumentSpec[], lastPrice: (symbol: string) => number) {
    this.#exchange = exchange
    this.#symbols = specs.map(({ symbol }) => symbol)
    this.#tickSizes = specs.map(spec => toPrice(spec, 1))
    this.#highestPrices = new Map(specs.map(spec => [spec.symbol, toPrice(spec, spec.priceTicksMax)]))
    this.#lastPrice = lastPrice
    this.#lastPrices = this.#readLastPrices()
    this.#bands = this.#readBands()
  }

  /** @param events public ones of a command. @param privateEvents of all accounts, in order. */
  audit(
    { type }: Command,
    events: readonly FeedEvent[],
    privateEvents: readonly PrivateEvent[],
    accounts: readonly AccountSnapshot[],
  ): void {
    const trades = events.flatMap(({ event, data }) => (event === 'trade' ? [data] : []))
    if (type !== 'trade.print') this.#checkBands(trades)
    this.#checkTriggers(trades, privateEvents)
    this.#lastPrices = this.#readLastPrices()
    this.#bands = this.#readBands()
    for (const index of this.#symbols.keys()) this.#checkQuote(index)
    for (const { orders } of accounts) for (const order of orders) this.#checkWaiting(order)
    this.#checkTrails(accounts.flatMap(({ orders }) => orders))
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

  #checkTriggers(trades: readonly Trade[], privateEvents: readonly PrivateEvent[]): void {
    for (const event of privateEvents) {
      if (event.type !== 'execution' || event.execType !== 'triggered') continue
      const prices = trades.filter(({ symbol }) => symbol === event.symbol).map(({ price }) => price)
      prices.push(this.#lastPrices.get(event.symbol)!)
      assert.ok(
        prices.some(price => reaches(event.side, event.stopPrice!, price)),
        'a stop triggers by a trade',
      )
    }
  }

  /** A stop price that trails is no farther from the last trade than its distance, and never moves away. */
  #checkTrails(orders: readonly Order[]): void {
    const trailing = orders.filter(({ orderType, triggered }) => orderType === 'trailingStop' && !triggered)
    for (const { orderId, symbol, side, stopPrice, trailAmount } of trailing) {
      const sign = side === 'sell' ? 1 : -1
      const before = this.#stopPrices.get(orderId) ?? stopPrice!
      assert.ok(sign * (stopPrice! - before) >= 0, 'a stop price trails in one direction')
      if (trailAmount === undefined || !isMatching(this.#exchange.phase(symbol))) continue
      // A print may lie beyond the ladder.
      const reached = Math.min(this.#lastPrices.get(symbol)!, this.#highestPrices.get(symbol)!)
      const distance = sign * (reached - stopPrice!)
      assert.ok(distance < trailAmount + 1e-9, 'a stop price follows each trade')
    }
    this.#stopPrices = new Map(trailing.map(({ orderId, stopPrice }) => [orderId, stopPrice!]))
  }

  #checkWaiting({ symbol, side, stopPrice, triggered, timeInForce, expireTime, held }: Order): void {
    const phase = this.#exchange.phase(symbol)
    assert.ok(timeInForce !== 'OPG' || !isMatching(phase), 'an order for an auction ends with it')
    assert.ok(/^GT[CD]$/.test(timeInForce) || phase !== 'closed', 'an order for the day ends with it')
    assert.equal(timeInForce === 'GTD', expireTime !== undefined)
    assert.ok(!(expireTime! <= this.#exchange.time), 'a GTD order ends at its expireTime')
    if (stopPrice === undefined || triggered || held || !isMatching(phase)) return
    assert.ok(!reaches(side, stopPrice, this.#lastPrices.get(symbol)!), 'no stop misses its price')
  }
}

function reaches(side: 'buy' | 'sell', stopPrice: number, price: number): boolean {
  return side === 'buy' ? price >= stopPrice : price <= stopPrice
}
