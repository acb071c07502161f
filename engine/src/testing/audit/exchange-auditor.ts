// Applies commands to an exchange, reduces its public and private events to books, quotes, candles, cash and shares,
// and compares them with the exchange after every command. For the property tests and the soak of the exchange.

import assert from 'node:assert/strict'
import {
  type AccountSnapshot,
  type BarBuilder,
  BookView,
  type Command,
  type CommandAnswer,
  createBarBuilder,
  type Deposit,
  type Execution,
  type FeedEvent,
  type InstrumentSpec,
  isOpen,
  type Order,
  type PlaceOrder,
  type PrivateEvent,
  type Quote,
  type Stamp,
  symbolOf,
  type Trade,
  toPrice,
} from '@papertape/protocol'
import { ArchivedExchange } from '../../archived-exchange.ts'
import { createExchange, type Exchange } from '../../exchange.ts'
import { type FeeRules, NO_FEES } from '../../fees/fees.ts'
import type { PrivateEnvelope } from '../../market-data/private-log.ts'
import { isCall, isMatching } from '../../model/phase.ts'
import { DEFAULT_RULES, type Rules } from '../../model/rules.ts'
import { AlertAuditor } from './alert-auditor.ts'
import { ConservationAuditor } from './conservation-auditor.ts'
import { MARGIN_ACCOUNT, MarginAuditor } from './margin-auditor.ts'
import { MarketAuditor } from './market-auditor.ts'
import { QueueAuditor } from './queue-auditor.ts'

export const TEST_INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'ONE', name: 'One', tickUnits: 100, lotSize: 1, priceTicksMax: 40, previousCloseTicks: 20 },
  { symbol: 'TEN', name: 'Ten', tickUnits: 50, lotSize: 10, priceTicksMax: 40, previousCloseTicks: 20 },
]
/** By account; the margin account has less than it buys for at once. */
export const CASH: Readonly<Record<string, number>> = { ann: 20, bob: 20, cat: 20, [MARGIN_ACCOUNT]: 6.5 }
export const ACCOUNTS = Object.keys(CASH)
export interface StampedCommand {
  readonly command: Command
  readonly stamp: Stamp
}

type Level = readonly [price: number, size: number]

const units = (amount: number) => Math.round(amount * 10_000)

interface Ledger {
  cashUnits: number
  feeUnits: number
  /** At the opening and since. */
  depositedUnits: number
  streamSeq: number
  readonly shares: Map<string, number>
  readonly executions: Map<string, Execution>
  balance: { cash: number; buyingPower: number }
  /** By symbol, from the last position event. */
  readonly sizes: Map<string, number>
}

/** Every queue position is sent at once, so that all can be compared. */
const EVERY_POSITION = { placesPerCommand: 10_000, placesPerSecond: 10_000 }

/** The types of answer of each command. */
const ANSWERS = {
  'account.open': ['account.opened'],
  'account.profile': ['done'],
  'account.deposit': ['deposit', 'deposit.reject'],
  'token.add': ['account.token'],
  'token.revoke': ['account.token'],
  'token.use': ['done'],
  'alert.create': ['account.alert', 'alert.reject'],
  'alert.delete': ['account.alert'],
  'order.place': ['execution'],
  'order.replace': ['execution', 'cancel.reject'],
  'order.cancel': ['execution', 'cancel.reject'],
  'order.cancelAll': ['canceled'],
  'order.cancelAllAfter': ['cancelAllAfter'],
  'order.cancelDue': ['canceled'],
  'desk.place': ['desk'],
  'desk.cancel': ['desk'],
  'desk.reduce': ['desk'],
  'trade.print': ['desk'],
  'session.guard': ['done'],
  'session.lose': ['canceled'],
  'session.loseAll': ['canceled'],
  'phase.set': ['done'],
  'news.publish': ['done'],
  'pace.set': ['done'],
  'scenario.start': ['done'],
  'clock.advance': ['done'],
} as const satisfies Record<Command['type'], readonly CommandAnswer['type'][]>

export class Auditor {
  readonly #archived: ArchivedExchange
  readonly #exchange: Exchange
  #seq = 0
  readonly #books = new Map(TEST_INSTRUMENTS.map(spec => [spec.symbol, new BookView(toPrice(spec, 1))]))
  readonly #quotes = new Map<string, Quote>()
  readonly #bars = new Map<string, BarBuilder>(TEST_INSTRUMENTS.map(({ symbol }) => [symbol, createBarBuilder(60_000)]))
  readonly #ledgers = new Map<string, Ledger>()
  readonly #market: MarketAuditor
  readonly #queues = new QueueAuditor(TEST_INSTRUMENTS)
  readonly #conservation: ConservationAuditor
  readonly #alerts: AlertAuditor
  readonly #margin: MarginAuditor
  readonly #deskRefs = new Map<string, { desk: number; ref: number; symbol: string; isIceberg: boolean }>()
  /** Executions of orders that have ended: there are no more of them. */
  readonly #ended = new Set<string>()
  #trades: Trade[] = []
  #fills: Execution[] = []
  /** At the end of the current command. */
  #accounts: AccountSnapshot[] = []
  #tradeId = 0
  readonly #fees: FeeRules

  constructor(rules: Partial<Rules>) {
    this.#fees = rules.fees ?? NO_FEES
    const exchange = createExchange({
      instruments: TEST_INSTRUMENTS,
      rules: { ...rules, ...EVERY_POSITION },
      flow: this.#queues,
    })
    this.#exchange = exchange
    this.#archived = new ArchivedExchange(exchange)
    this.#market = new MarketAuditor(exchange, TEST_INSTRUMENTS, symbol => this.#lastPrice(symbol))
    this.#conservation = new ConservationAuditor(exchange, TEST_INSTRUMENTS)
    this.#alerts = new AlertAuditor(exchange, TEST_INSTRUMENTS)
    this.#margin = new MarginAuditor(rules.margin ?? DEFAULT_RULES.margin, {
      lastPrice: symbol => this.#lastPrice(symbol),
      costAtMost: (symbol, price, size) => this.#reservedFor(symbol, units(price), size),
    })
    for (const [accountId, cash] of Object.entries(CASH)) {
      this.#ledgers.set(accountId, {
        cashUnits: units(cash),
        feeUnits: 0,
        depositedUnits: units(cash),
        streamSeq: 0,
        shares: new Map(),
        executions: new Map(),
        balance: { cash: Number.NaN, buyingPower: Number.NaN },
        sizes: new Map(),
      })
    }
  }

  /** One command; checked when it returns. */
  take({ command, stamp }: StampedCommand): void {
    const exchange = this.#exchange
    const { answer, envelopes } = this.#archived.apply(command, stamp)
    const events = exchange.takeEvents()
    const privateEvents = envelopes.map(({ event }) => event)
    const snapshots = ACCOUNTS.map(accountId => exchange.account(accountId))
    this.#accounts = snapshots.filter(account => account !== undefined)
    // The events of timers come before those of the command.
    const isQuiet = events.every(({ event }) => event !== 'status') && !privateEvents.some(isOfTimer)
    this.#readPublic(events, stamp, isQuiet)
    this.#readPrivate(envelopes, stamp)
    this.#queues.learn(privateEvents)
    this.#checkAnswer(command, answer, envelopes, isQuiet)
    for (const index of TEST_INSTRUMENTS.keys()) this.#checkBook(index)
    for (const account of this.#accounts) this.#checkAccount(account)
    const margin = this.#accounts.find(({ accountId }) => accountId === MARGIN_ACCOUNT)
    const own = envelopes.filter(({ accountId }) => accountId === MARGIN_ACCOUNT)
    if (margin !== undefined)
      this.#margin.audit(
        margin,
        own.map(({ event }) => event),
      )
    this.#market.audit(command, events, privateEvents, this.#accounts)
    this.#conservation.audit(command, answer, this.#trades, this.#fills, isQuiet)
    this.#queues.audit(exchange, this.#ordersInBook())
    this.#alerts.audit(command, answer, events, envelopes)
    const { feeUnits = 0 } = exchange.checkpointChanges().market.counters
    assert.equal(sum([...this.#ledgers.values()].map(ledger => ledger.feeUnits)), feeUnits, 'the venue has all fees')
  }

  /** Compares each remembered order with the last execution sent to its owner: slow. */
  checkRemembered(): void {
    for (const { accountId } of this.#accounts) {
      const { executions } = this.#ledgers.get(accountId)!
      for (const order of this.#archived.orders(accountId)) agree(order, executions.get(order.orderId)!)
    }
  }

  #ordersInBook(): Order[] {
    return this.#accounts.flatMap(({ orders }) => orders.filter(order => this.#isInBook(order)))
  }

  /** An order that was accepted with a minimum size has traded it when its command is done. */
  #checkMinSize({ minSize = 0 }: PlaceOrder, { execType, orderId, duplicate }: Execution): void {
    if (duplicate || execType === 'rejected') return
    const traded = this.#fills.filter(fill => fill.orderId === orderId && fill.liquidity === 'taker')
    assert.ok(sum(traded.map(({ lastSize }) => lastSize)) >= minSize, 'an order trades its minimum size on entry')
  }

  /** An order for the closing auction waits outside of the book; its owner is sent a position when it enters. */
  #isInBook({ orderId, timeInForce, stopPrice, triggered, held }: Order): boolean {
    if (held) return false
    if (timeInForce === 'CLS') return this.#queues.isPlaced(orderId)
    return stopPrice === undefined || triggered === true
  }

  #readPublic(events: readonly FeedEvent[], stamp: Stamp, isQuiet: boolean): void {
    this.#trades = []
    const due = [...this.#bars].map(([symbol, bars]) => ({ symbol, bar: bars.close(stamp.time) }))
    const candles = due.filter(({ bar }) => bar !== undefined)
    const published = events.filter(({ event }) => event === 'candle')
    assert.equal(published.length, candles.length)
    for (const [at, { symbol, bar }] of candles.entries()) {
      assert.deepEqual(published[at]!.data, { seq: this.#seq + at + 1, ts: stamp.ts, symbol, interval: '1m', ...bar })
    }
    const kinds = events.map(event => `${symbolOf(event)} ${event.event}`)
    for (const { symbol } of TEST_INSTRUMENTS) {
      const own = kinds.filter(kind => kind.startsWith(`${symbol} `)).join()
      const wanted = isQuiet ? /^(candle,?)?(trade,?)*(book)?(,?quote)?$/ : /^(candle,?)?/
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
    this.#fills = []
    for (const { accountId, event } of envelopes) {
      const ledger = this.#ledgers.get(accountId)!
      assert.equal(event.seq, ++ledger.streamSeq)
      assert.equal(event.ts, stamp.ts)
      if (event.type === 'balance') ledger.balance = { cash: event.cash, buyingPower: event.buyingPower }
      else if (event.type === 'position') ledger.sizes.set(event.symbol, event.size)
      else if (event.type === 'deposit') this.#readDeposit(ledger, event)
      else if (event.type === 'execution') {
        if (event.lastSize > 0) this.#readFill(ledger, event, fills)
        assert.ok(!this.#ended.has(event.orderId), 'no execution follows the end of an order')
        if (!isOpen(event.orderStatus)) this.#ended.add(event.orderId)
        ledger.executions.set(event.orderId, event)
      }
    }
  }

  #readDeposit(ledger: Ledger, { amount, cash }: Deposit): void {
    ledger.cashUnits += units(amount)
    ledger.depositedUnits += units(amount)
    assert.equal(units(cash), ledger.cashUnits, 'a deposit is added to the cash before it')
  }

  /** Every fill is one side of a public trade of this command, or part of an auction's trade. */
  #readFill(ledger: Ledger, fill: Execution, fills: Map<string, number>): void {
    const trade = this.#trades.find(({ tradeId }) => tradeId === fill.tradeId)!
    const half = `${fill.tradeId} ${fill.side}`
    const filled = fills.get(half) ?? 0
    assert.equal(fill.symbol, trade.symbol)
    assert.equal(fill.lastPrice, trade.price)
    assert.equal(fill.time, trade.time)
    assert.ok(filled + fill.lastSize <= trade.size)
    if (!trade.auction) assert.equal(fill.lastSize, trade.size)
    assert.equal(fill.liquidity, trade.auction ? null : fill.side === trade.aggressor ? 'taker' : 'maker')
    fills.set(half, filled + fill.lastSize)
    this.#fills.push(fill)
    const sign = fill.side === 'buy' ? 1 : -1
    const worthUnits = units(fill.lastPrice!) * fill.lastSize
    const rate = fill.liquidity === 'taker' ? this.#fees.takerRate : this.#fees.makerRate
    const charge = Math.floor((worthUnits * rate) / 1_000_000) + this.#fees.perShareUnits * fill.lastSize
    assert.equal(units(fill.fee), Math.min(worthUnits, charge), 'the fee is that of the rules')
    ledger.feeUnits += units(fill.fee)
    ledger.cashUnits -= sign * worthUnits + units(fill.fee)
    ledger.shares.set(fill.symbol, (ledger.shares.get(fill.symbol) ?? 0) + sign * fill.lastSize)
    const before = ledger.executions.get(fill.orderId)!
    assert.equal(fill.cumSize, before.cumSize + fill.lastSize)
    assert.equal(fill.leavesSize, before.leavesSize - fill.lastSize)
    assert.equal(fill.execType, fill.leavesSize === 0 ? 'fill' : 'partialFill')
  }

  #checkAnswer(command: Command, answer: CommandAnswer, envelopes: readonly PrivateEnvelope[], isQuiet: boolean): void {
    const answers: readonly string[] = ANSWERS[command.type]
    assert.ok(answers.includes(answer.type), 'each command has an answer of its type')
    if (answer.type === 'execution') {
      const own = envelopes.filter(({ event }) => event === answer)
      assert.equal(own.length, answer.duplicate ? 0 : 1)
      if (isQuiet) assert.equal(envelopes[0]?.event, answer.duplicate ? undefined : answer)
    }
    if (answer.type === 'execution' && command.type === 'order.place') this.#checkMinSize(command, answer)
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
    // Stops that it has triggered may have traded with it.
    assert.ok(this.#exchange.openLots(desk, ref) <= answer.openLots)
    this.#deskRefs.set(`${desk}/${ref}`, { desk, ref, symbol, isIceberg: displayLots !== undefined })
  }

  #checkBook(index: number): void {
    const exchange = this.#exchange
    const spec = TEST_INSTRUMENTS[index]!
    const { bids, asks } = this.#books.get(spec.symbol)!
    let [at, shownSize] = [0, 0]
    const check = (level: Level | undefined, ticks: number, side: number) => {
      const size = exchange.levelLots(index, ticks, side) * spec.lotSize
      assert.equal(level?.[0], toPrice(spec, ticks), 'the public book is that of the exchange')
      assert.equal(level?.[1], size, 'the public book is that of the exchange')
      shownSize += size
    }
    for (let to = exchange.bestBid(index); to !== 0; to = exchange.nextBidBelow(index, to)) check(bids[at++], to, 0)
    assert.equal(at, bids.length)
    at = 0
    for (let to = exchange.bestAsk(index); to !== 0; to = exchange.nextAskAbove(index, to)) check(asks[at++], to, 1)
    assert.equal(at, asks.length)
    this.#checkQuote(spec.symbol, bids[0], asks[0])
    this.#checkSizes(spec, shownSize)
  }

  #checkQuote(symbol: string, bestBid: Level | undefined, bestAsk: Level | undefined): void {
    const phase = this.#exchange.phase(symbol)
    const isCrossed = bestBid !== undefined && bestAsk !== undefined && bestBid[0] >= bestAsk[0]
    assert.ok(!isCrossed || !isMatching(phase), 'never crossed where orders match')
    const isFirm = !isCall(phase) && !isCrossed
    const [bidLevel, askLevel] = isFirm ? [bestBid, bestAsk] : []
    const quote = this.#quotes.get(symbol)
    assert.equal(quote?.bid ?? null, bidLevel?.[0] ?? null)
    assert.equal(quote?.bidSize ?? 0, bidLevel?.[1] ?? 0)
    assert.equal(quote?.ask ?? null, askLevel?.[0] ?? null)
    assert.equal(quote?.askSize ?? 0, askLevel?.[1] ?? 0)
  }

  /** The book shows its orders' open sizes without the hidden parts of icebergs. */
  #checkSizes(spec: InstrumentSpec, shownSize: number): void {
    const exchange = this.#exchange
    const ofDesks = [...this.#deskRefs.values()].filter(({ symbol }) => symbol === spec.symbol)
    const openOfDesk = ({ desk, ref }: { desk: number; ref: number }) => exchange.openLots(desk, ref) * spec.lotSize
    const ofAccounts = this.#accounts
      .flatMap(({ orders }) => orders)
      .filter(order => order.symbol === spec.symbol && this.#isInBook(order))
    const open = sum(ofDesks.map(openOfDesk)) + sum(ofAccounts.map(({ leavesSize }) => leavesSize))
    const openIcebergs = ofDesks.filter(({ isIceberg }) => isIceberg).map(openOfDesk)
    const isPartlySeen = ofAccounts.some(({ displaySize }) => displaySize !== undefined)
    if (sum(openIcebergs) === 0 && !isPartlySeen) assert.equal(shownSize, open)
    else assert.ok(shownSize <= open)
  }

  #lastPrice(symbol: string): number {
    const index = TEST_INSTRUMENTS.findIndex(spec => spec.symbol === symbol)
    return toPrice(TEST_INSTRUMENTS[index]!, this.#exchange.lastTicks(index))
  }

  #checkAccount({ accountId, seq, orders, positions, balance }: AccountSnapshot): void {
    const ledger = this.#ledgers.get(accountId)!
    assert.equal(seq, ledger.streamSeq)
    assert.equal(units(balance.cash), ledger.cashUnits)
    assert.equal(balance.cash, ledger.balance.cash, 'the last balance of the stream is the balance')
    const reserving = orders.filter(({ held, listRole }) => !held && listRole !== 'takeProfit')
    // That of a margin account also changes with the prices of what it holds.
    if (accountId !== MARGIN_ACCOUNT) assert.equal(balance.buyingPower, ledger.balance.buyingPower)
    const reserved = reserving
      .filter(({ side }) => side === 'buy')
      .reduce((sum, { symbol, price, leavesSize }) => sum + this.#reservedFor(symbol, units(price ?? 0), leavesSize), 0)
    const ofLimits = ledger.cashUnits - reserved
    // A buy without a limit reserves more than can be computed here; that of a margin account is for margin-auditor.ts.
    if (accountId === MARGIN_ACCOUNT) assert.ok(balance.buyingPower >= 0)
    else if (reserving.every(({ side, price }) => side === 'sell' || price !== null)) {
      assert.equal(units(balance.buyingPower), ofLimits)
    } else assert.ok(units(balance.buyingPower) <= ofLimits)
    assert.ok(balance.buyingPower >= 0)
    for (const { symbol, size } of positions) {
      assert.equal(size, ledger.shares.get(symbol) ?? 0)
      assert.equal(size, ledger.sizes.get(symbol) ?? 0)
      const offered = reserving.filter(order => order.side === 'sell' && order.symbol === symbol)
      const offeredSize = sum(offered.map(({ leavesSize }) => leavesSize))
      assert.ok(accountId === MARGIN_ACCOUNT || size >= offeredSize, 'no cash account is short')
    }
    const worth = positions.map(({ symbol, size }) => units(this.#lastPrice(symbol)) * size)
    const gained = positions.map(({ realised, unrealised }) => units(realised) + units(unrealised))
    assert.equal(
      ledger.cashUnits + ledger.feeUnits + sum(worth),
      ledger.depositedUnits + sum(gained),
      'profit and loss, less fees, add up to the change of wealth',
    )
    for (const order of orders) agree(order, ledger.executions.get(order.orderId)!)
    for (const order of orders) this.#checkList(order, orders)
  }

  /** Both legs of a list stand for the same lots, and at most one of them is in the book. */
  #checkList({ listId, listRole, held, triggered, leavesSize }: Order, orders: readonly Order[]): void {
    if (listRole === undefined) return
    const list = orders.filter(order => order.listId === listId)
    const [entry, takeProfit, stopLoss] = ['entry', 'takeProfit', 'stopLoss'].map(role =>
      list.find(order => order.listRole === role),
    )
    if (triggered && listRole === 'stopLoss') assert.equal(list.length, 1, 'it ends its take-profit')
    else assert.ok(takeProfit !== undefined && stopLoss !== undefined, 'legs end together')
    if (listRole === 'takeProfit') assert.equal(leavesSize, stopLoss?.leavesSize)
    if (listRole !== 'entry') assert.equal(held, entry && true, 'legs are held as long as their entry is open')
  }

  /** The value and the highest fee, which is rounded up for each lot. */
  #reservedFor(symbol: string, priceUnits: number, size: number): number {
    const { lotSize } = TEST_INSTRUMENTS.find(spec => spec.symbol === symbol)!
    const { makerRate, takerRate, perShareUnits } = this.#fees
    const lotUnits = priceUnits * lotSize
    const charge = Math.ceil((lotUnits * Math.max(makerRate, takerRate)) / 1_000_000) + perShareUnits * lotSize
    return (size / lotSize) * (lotUnits + Math.min(lotUnits, charge))
  }
}

/** An order has expired, in a halt without a public event, or a stop price has trailed: a timer may have sent it. */
function isOfTimer(event: PrivateEvent): boolean {
  if (event.type !== 'execution') return false
  return /^(expire-time-reached|market-closed|auction-over|stop-trailed|margin-call)$/.test(event.reason?.code ?? '')
}

/** An order agrees with the last execution sent to its owner. */
function agree(order: Order, execution: Execution): void {
  const { orderStatus, cumSize, leavesSize, avgPrice, clientOrderId, size, price } = execution
  assert.equal(order.orderStatus, orderStatus)
  assert.equal(order.cumSize, cumSize)
  assert.equal(order.leavesSize, leavesSize)
  assert.equal(order.avgPrice, avgPrice)
  assert.equal(order.clientOrderId, clientOrderId)
  assert.equal(order.size, size)
  assert.equal(order.price, price)
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
