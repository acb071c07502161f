// For the exchange's property tests: an auditor who knows only what was said in public and in private, keeps its own
// books, quotes, minutes, cash and shares from that, and asserts after every command that the exchange agrees.

import assert from 'node:assert/strict'
import {
  type BarBuilder,
  BookView,
  type Command,
  type CommandAnswer,
  createBarBuilder,
  type Execution,
  type FeedEvent,
  type InstrumentSpec,
  type Quote,
  type Stamp,
  symbolOf,
  type Trade,
  toPrice,
} from '@papertape/protocol'
import type { Exchange } from '../exchange.ts'
import type { PrivateEnvelope } from '../private-log.ts'

export const INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'ONE', name: 'One', tickUnits: 100, lotSize: 1, priceTicksMax: 40, previousCloseTicks: 20 },
  { symbol: 'TEN', name: 'Ten', tickUnits: 50, lotSize: 10, priceTicksMax: 40, previousCloseTicks: 20 },
]
export const ACCOUNTS = ['ann', 'bob', 'cat']
export const CASH = 20
export interface Step {
  readonly command: Command
  readonly stamp: Stamp
}

const units = (amount: number) => Math.round(amount * 10_000)

interface Ledger {
  cashUnits: number
  streamSeq: number
  readonly shares: Map<string, number>
  readonly executions: Map<string, Execution>
  balance: { cash: number; buyingPower: number }
  readonly told: Map<string, number>
}

/** Keeps its own books from what the exchange says, and asks it whether it agrees. */
export class Auditor {
  readonly #exchange: Exchange
  #seq = 0
  readonly #books = new Map(INSTRUMENTS.map(spec => [spec.symbol, new BookView(toPrice(spec, 1))]))
  readonly #quotes = new Map<string, Quote>()
  readonly #bars = new Map<string, BarBuilder>(INSTRUMENTS.map(({ symbol }) => [symbol, createBarBuilder(60_000)]))
  readonly #ledgers = new Map<string, Ledger>()
  readonly #deskRefs = new Map<string, { desk: number; ref: number; symbol: string }>()
  #trades: Trade[] = []
  #tradeId = 0

  constructor(exchange: Exchange) {
    this.#exchange = exchange
    for (const accountId of ACCOUNTS) {
      this.#ledgers.set(accountId, {
        cashUnits: units(CASH),
        streamSeq: 0,
        shares: new Map(),
        executions: new Map(),
        balance: { cash: Number.NaN, buyingPower: Number.NaN },
        told: new Map(),
      })
    }
  }

  audit({ command, stamp }: Step, answer: CommandAnswer, events: FeedEvent[], envelopes: PrivateEnvelope[]): void {
    this.#trades = []
    this.#readPublic(events, stamp)
    this.#readPrivate(envelopes, stamp)
    this.#checkAnswer(command, answer, envelopes)
    for (const index of INSTRUMENTS.keys()) this.#checkBook(index)
    for (const accountId of this.#opened()) this.#checkAccount(accountId)
  }

  #opened(): string[] {
    return ACCOUNTS.filter(accountId => this.#exchange.account(accountId) !== undefined)
  }

  #readPublic(events: readonly FeedEvent[], stamp: Stamp): void {
    const due = [...this.#bars].map(([symbol, bars]) => ({ symbol, bar: bars.close(stamp.time) }))
    const candles = due.filter(({ bar }) => bar !== undefined)
    assert.deepEqual(
      events.filter(({ event }) => event === 'candle').map(({ data }) => data),
      candles.map(({ symbol, bar }, at) => ({ seq: this.#seq + at + 1, ts: stamp.ts, symbol, interval: '1m', ...bar })),
    )
    const kinds = events.map(event => `${symbolOf(event)} ${event.event}`)
    for (const { symbol } of INSTRUMENTS) {
      const own = kinds.filter(kind => kind.startsWith(`${symbol} `)).join()
      assert.match(own.replaceAll(`${symbol} `, ''), /^(candle,?)?(status|(trade,?)*(book)?(,quote)?)$/)
    }
    for (const event of events) {
      assert.equal(event.data.seq, ++this.#seq)
      assert.equal(event.data.ts, stamp.ts)
      if (event.event !== 'candle') assert.equal(event.data.time, stamp.time)
      if (event.event === 'trade') this.#readTrade(event.data)
      if (event.event === 'quote') this.#quotes.set(event.data.symbol, event.data)
      if (event.event === 'book') {
        const view = this.#books.get(event.data.symbol)!
        assert.equal(event.data.prevSeq, view.seq)
        assert.ok(event.data.changes.length > 0)
        assert.equal(view.apply(event.data), 'applied')
        assert.equal(view.checksum(), event.data.checksum)
      }
    }
    assert.equal(this.#exchange.seq, this.#seq)
    assert.equal(this.#exchange.time, stamp.time)
  }

  #readTrade(trade: Trade): void {
    assert.equal(trade.tradeId, ++this.#tradeId)
    this.#trades.push(trade)
    this.#bars.get(trade.symbol)!.add(trade.time, trade.price, trade.size)
  }

  #readPrivate(envelopes: readonly PrivateEnvelope[], stamp: Stamp): void {
    const fills = new Set<string>()
    for (const { accountId, event } of envelopes) {
      const ledger = this.#ledgers.get(accountId)!
      assert.equal(event.seq, ++ledger.streamSeq)
      assert.equal(event.ts, stamp.ts)
      if (event.type === 'balance') ledger.balance = { cash: event.cash, buyingPower: event.buyingPower }
      else if (event.type === 'position') ledger.told.set(event.symbol, event.size)
      else {
        if (event.lastSize > 0) this.#readFill(ledger, event, fills)
        ledger.executions.set(event.orderId, event)
      }
    }
  }

  /** Every fill is half of a public trade of this command, and each half belongs to one order at most. */
  #readFill(ledger: Ledger, fill: Execution, fills: Set<string>): void {
    const trade = this.#trades.find(({ tradeId }) => tradeId === fill.tradeId)!
    assert.deepEqual([fill.symbol, fill.lastPrice, fill.lastSize], [trade.symbol, trade.price, trade.size])
    assert.equal(fill.liquidity, fill.side === trade.aggressor ? 'taker' : 'maker')
    const half = `${fill.tradeId} ${fill.side}`
    assert.ok(!fills.has(half))
    fills.add(half)
    const sign = fill.side === 'buy' ? 1 : -1
    ledger.cashUnits -= sign * units(fill.lastPrice!) * fill.lastSize
    ledger.shares.set(fill.symbol, (ledger.shares.get(fill.symbol) ?? 0) + sign * fill.lastSize)
    const before = ledger.executions.get(fill.orderId)!
    assert.equal(fill.cumSize, before.cumSize + fill.lastSize)
    assert.equal(fill.leavesSize, before.leavesSize - fill.lastSize)
    assert.equal(fill.execType, fill.leavesSize === 0 ? 'fill' : 'partialFill')
  }

  #checkAnswer(command: Command, answer: CommandAnswer, envelopes: readonly PrivateEnvelope[]): void {
    if (answer.type === 'execution') {
      if (answer.duplicate) assert.deepEqual(envelopes, [])
      else assert.equal(envelopes[0]?.event, answer)
    }
    if (answer.type === 'cancel.reject') assert.deepEqual(envelopes, [])
    if (command.type !== 'desk.place' || answer.type !== 'desk') return
    const { desk, ref, symbol, sizeLots, instruction } = command
    if (!answer.accepted) {
      assert.deepEqual(this.#trades, [])
      return
    }
    const done = answer.filledLots + answer.openLots
    if (instruction === 'immediateOrCancel') assert.ok(answer.openLots === 0 && done <= sizeLots)
    else assert.equal(done, sizeLots)
    assert.equal(this.#exchange.openLots(desk, ref), answer.openLots)
    this.#deskRefs.set(`${desk}/${ref}`, { desk, ref, symbol })
  }

  #checkBook(index: number): void {
    const exchange = this.#exchange
    const spec = INSTRUMENTS[index]!
    const level = (ticks: number) => [toPrice(spec, ticks), exchange.levelLots(index, ticks) * spec.lotSize]
    const bids: number[][] = []
    for (let at = exchange.bestBid(index); at !== 0; at = exchange.nextBidBelow(index, at)) bids.push(level(at))
    const asks: number[][] = []
    for (let at = exchange.bestAsk(index); at !== 0; at = exchange.nextAskAbove(index, at)) asks.push(level(at))
    const view = this.#books.get(spec.symbol)!
    assert.deepEqual([view.bids, view.asks], [bids, asks])
    const { bid = null, bidSize = 0, ask = null, askSize = 0 } = this.#quotes.get(spec.symbol) ?? {}
    assert.deepEqual(
      [bid, bidSize, ask, askSize],
      [bids[0]?.[0] ?? null, bids[0]?.[1] ?? 0, asks[0]?.[0] ?? null, asks[0]?.[1] ?? 0],
    )
    assert.ok(bid === null || ask === null || bid < ask)
    const inBook = sum([...bids, ...asks].map(([, size]) => size!))
    const ofDesks = [...this.#deskRefs.values()]
      .filter(({ symbol }) => symbol === spec.symbol)
      .reduce((sum, { desk, ref }) => sum + exchange.openLots(desk, ref) * spec.lotSize, 0)
    const ofAccounts = this.#opened()
      .flatMap(accountId => exchange.account(accountId)!.orders)
      .filter(({ symbol }) => symbol === spec.symbol)
      .reduce((sum, { leavesSize }) => sum + leavesSize, 0)
    assert.equal(ofDesks + ofAccounts, inBook)
  }

  #lastPrice(symbol: string): number {
    const index = INSTRUMENTS.findIndex(spec => spec.symbol === symbol)
    return toPrice(INSTRUMENTS[index]!, this.#exchange.lastTicks(index))
  }

  #checkAccount(accountId: string): void {
    const { seq, orders, positions, balance } = this.#exchange.account(accountId)!
    const ledger = this.#ledgers.get(accountId)!
    assert.equal(seq, ledger.streamSeq)
    assert.equal(units(balance.cash), ledger.cashUnits)
    assert.deepEqual(balance, ledger.balance, 'the last balance of the stream is the balance')
    const reserved = orders
      .filter(({ side }) => side === 'buy')
      .reduce((sum, { price, leavesSize }) => sum + units(price!) * leavesSize, 0)
    assert.equal(units(balance.buyingPower), ledger.cashUnits - reserved)
    assert.ok(balance.buyingPower >= 0)
    for (const { symbol, size } of positions) {
      assert.equal(size, ledger.shares.get(symbol) ?? 0)
      assert.equal(size, ledger.told.get(symbol) ?? 0)
      const offered = orders.filter(order => order.side === 'sell' && order.symbol === symbol)
      assert.ok(size >= offered.reduce((sum, { leavesSize }) => sum + leavesSize, 0))
    }
    const worth = positions.map(({ symbol, size }) => units(this.#lastPrice(symbol)) * size)
    const gained = positions.map(({ realised, unrealised }) => units(realised) + units(unrealised))
    assert.equal(
      ledger.cashUnits + sum(worth),
      units(CASH) + sum(gained),
      'profit and loss are what the wealth grew by',
    )
    for (const order of this.#exchange.orders(accountId)) {
      const { orderStatus, cumSize, leavesSize, avgPrice, clientOrderId } = ledger.executions.get(order.orderId)!
      assert.partialDeepStrictEqual(order, { orderStatus, cumSize, leavesSize, avgPrice, clientOrderId })
    }
  }
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
