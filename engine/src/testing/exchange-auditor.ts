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
  isOpen,
  type Order,
  type Phase,
  type Quote,
  type Stamp,
  symbolOf,
  type Trade,
  toPrice,
} from '@papertape/protocol'
import type { Exchange } from '../exchange.ts'
import { isCall, isMatching } from '../phase.ts'
import type { PrivateEnvelope } from '../private-log.ts'
import { MarketAuditor } from './market-auditor.ts'

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
  readonly #market: MarketAuditor
  readonly #deskRefs = new Map<string, { desk: number; ref: number; symbol: string; isIceberg: boolean }>()
  /** Executions of orders that have ended: there are no more of them. */
  readonly #ended = new Set<string>()
  #trades: Trade[] = []
  #tradeId = 0

  constructor(exchange: Exchange) {
    this.#exchange = exchange
    this.#market = new MarketAuditor(exchange, INSTRUMENTS, symbol => this.#lastPrice(symbol))
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
    // What timers did comes before the command.
    const isQuiet = events.every(({ event }) => event !== 'status')
    this.#checkAnswer(command, answer, envelopes, isQuiet)
    for (const index of INSTRUMENTS.keys()) this.#checkBook(index)
    for (const accountId of this.#opened()) this.#checkAccount(accountId)
    const accounts = this.#opened().map(accountId => this.#exchange.account(accountId)!)
    this.#market.audit(
      command,
      events,
      envelopes.map(({ event }) => event),
      accounts,
    )
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
      const wanted = kinds.some(kind => kind.endsWith('status'))
        ? /^(candle,?)?/
        : /^(candle,?)?(trade,?)*(book)?(,?quote)?$/
      assert.match(own.replaceAll(`${symbol} `, ''), wanted)
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
    const fills = new Map<string, number>()
    for (const { accountId, event } of envelopes) {
      const ledger = this.#ledgers.get(accountId)!
      assert.equal(event.seq, ++ledger.streamSeq)
      assert.equal(event.ts, stamp.ts)
      if (event.type === 'balance') ledger.balance = { cash: event.cash, buyingPower: event.buyingPower }
      else if (event.type === 'position') ledger.told.set(event.symbol, event.size)
      else if (event.type === 'execution') {
        if (event.lastSize > 0) this.#readFill(ledger, event, fills)
        assert.ok(!this.#ended.has(event.orderId), 'nothing follows an end')
        if (!isOpen(event.orderStatus)) this.#ended.add(event.orderId)
        ledger.executions.set(event.orderId, event)
      }
    }
  }

  /** Every fill is part of a public trade of this command: a half of one, or a share of an auction's. */
  #readFill(ledger: Ledger, fill: Execution, fills: Map<string, number>): void {
    const trade = this.#trades.find(({ tradeId }) => tradeId === fill.tradeId)!
    const half = `${fill.tradeId} ${fill.side}`
    const filled = fills.get(half) ?? 0
    assert.deepEqual([fill.symbol, fill.lastPrice], [trade.symbol, trade.price])
    assert.ok(filled + fill.lastSize <= trade.size)
    if (!trade.auction) assert.equal(fill.lastSize, trade.size)
    assert.equal(fill.liquidity, trade.auction ? null : fill.side === trade.aggressor ? 'taker' : 'maker')
    fills.set(half, filled + fill.lastSize)
    const sign = fill.side === 'buy' ? 1 : -1
    ledger.cashUnits -= sign * units(fill.lastPrice!) * fill.lastSize
    ledger.shares.set(fill.symbol, (ledger.shares.get(fill.symbol) ?? 0) + sign * fill.lastSize)
    const before = ledger.executions.get(fill.orderId)!
    assert.equal(fill.cumSize, before.cumSize + fill.lastSize)
    assert.equal(fill.leavesSize, before.leavesSize - fill.lastSize)
    assert.equal(fill.execType, fill.leavesSize === 0 ? 'fill' : 'partialFill')
  }

  #checkAnswer(command: Command, answer: CommandAnswer, envelopes: readonly PrivateEnvelope[], isQuiet: boolean): void {
    if (answer.type === 'execution') {
      const own = envelopes.filter(({ event }) => event === answer)
      assert.equal(own.length, answer.duplicate ? 0 : 1)
      if (isQuiet) assert.equal(envelopes[0]?.event, answer.duplicate ? undefined : answer)
    }
    if (answer.type === 'cancel.reject' && isQuiet) assert.deepEqual(envelopes, [])
    if (command.type !== 'desk.place' || answer.type !== 'desk') return
    const { desk, ref, symbol, sizeLots, instruction, displayLots } = command
    if (!answer.accepted) {
      if (isQuiet) assert.deepEqual(this.#trades, [])
      return
    }
    const done = answer.filledLots + answer.openLots
    if (instruction === 'immediateOrCancel') assert.ok(answer.openLots === 0 && done <= sizeLots)
    else assert.equal(done, sizeLots)
    // Stops that it triggered may have traded with it since.
    assert.ok(this.#exchange.openLots(desk, ref) <= answer.openLots)
    this.#deskRefs.set(`${desk}/${ref}`, { desk, ref, symbol, isIceberg: displayLots !== undefined })
  }

  #checkBook(index: number): void {
    const exchange = this.#exchange
    const spec = INSTRUMENTS[index]!
    const level = (ticks: number, side: number) => [
      toPrice(spec, ticks),
      exchange.levelLots(index, ticks, side) * spec.lotSize,
    ]
    const bids: number[][] = []
    for (let at = exchange.bestBid(index); at !== 0; at = exchange.nextBidBelow(index, at)) bids.push(level(at, 0))
    const asks: number[][] = []
    for (let at = exchange.bestAsk(index); at !== 0; at = exchange.nextAskAbove(index, at)) asks.push(level(at, 1))
    const view = this.#books.get(spec.symbol)!
    assert.deepEqual([view.bids, view.asks], [bids, asks])
    this.#checkQuote(spec.symbol, bids[0], asks[0])
    this.#checkSizes(spec, sum([...bids, ...asks].map(([, size]) => size!)))
  }

  #checkQuote(symbol: string, bestBid: number[] | undefined, bestAsk: number[] | undefined): void {
    const phase = this.#exchange.phase(symbol)
    const isCrossed = bestBid !== undefined && bestAsk !== undefined && bestBid[0]! >= bestAsk[0]!
    assert.ok(!isCrossed || !isMatching(phase), 'never crossed where orders match')
    const isFirm = !isCall(phase) && !isCrossed
    const [bidLevel, askLevel] = isFirm ? [bestBid, bestAsk] : []
    const { bid = null, bidSize = 0, ask = null, askSize = 0 } = this.#quotes.get(symbol) ?? {}
    assert.deepEqual(
      [bid, bidSize, ask, askSize],
      [bidLevel?.[0] ?? null, bidLevel?.[1] ?? 0, askLevel?.[0] ?? null, askLevel?.[1] ?? 0],
    )
  }

  /** What the book shows is what its orders have open, less what icebergs hide. */
  #checkSizes(spec: InstrumentSpec, shownSize: number): void {
    const exchange = this.#exchange
    const ofDesks = [...this.#deskRefs.values()].filter(({ symbol }) => symbol === spec.symbol)
    const openOfDesk = ({ desk, ref }: { desk: number; ref: number }) => exchange.openLots(desk, ref) * spec.lotSize
    const ofAccounts = this.#opened()
      .flatMap(accountId => exchange.account(accountId)!.orders)
      .filter(order => order.symbol === spec.symbol && isInBook(order, exchange.phase(order.symbol)))
    const open = sum(ofDesks.map(openOfDesk)) + sum(ofAccounts.map(({ leavesSize }) => leavesSize))
    const openIcebergs = ofDesks.filter(({ isIceberg }) => isIceberg).map(openOfDesk)
    // Of a halt nobody can tell whether it came before the closing auction or in it.
    const isPartlySeen = ofAccounts.some(
      ({ displaySize, timeInForce, symbol }) =>
        displaySize !== undefined || (timeInForce === 'CLS' && exchange.phase(symbol) === 'halted'),
    )
    if (sum(openIcebergs) === 0 && !isPartlySeen) assert.equal(shownSize, open)
    else assert.ok(shownSize <= open)
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
      .reduce((sum, { price, leavesSize }) => sum + units(price ?? 0) * leavesSize, 0)
    const ofLimits = ledger.cashUnits - reserved
    // A buy without a limit of its own holds back more than can be seen here.
    if (orders.every(({ side, price }) => side === 'sell' || price !== null)) {
      assert.equal(units(balance.buyingPower), ofLimits)
    } else assert.ok(units(balance.buyingPower) <= ofLimits)
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

function isInBook({ timeInForce, stopPrice, triggered }: Order, phase: Phase): boolean {
  if (timeInForce === 'CLS') return phase === 'closingAuction' || phase === 'halted'
  return stopPrice === undefined || triggered === true
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
