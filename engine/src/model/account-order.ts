// An account's order from its placing to its end: what was asked for and what has happened to it. Sizes and prices are
// in the owner's units, lots and ticks in the matching engine's.

import {
  isOpen,
  isReserving,
  type ListRole,
  type Order,
  type OrderStatus,
  type OrderType,
  optionalTermsOf,
  priceOnGrid,
  type SelfTradePrevention,
  type Side,
  type TestDirective,
  type TimeInForce,
} from '@papertape/protocol'
import { assert } from '../primitives/assert.ts'
import { averagePrice } from '../primitives/average-price.ts'
import { NO_HASH, type TextHash } from '../primitives/text-hash.ts'
import type { Account } from './account.ts'
import { NEVER, type TradedInstrument } from './instrument.ts'
import { nextOrderStatus, type OrderEvent } from './order-status.ts'
import type { Recorded } from './recorded.ts'

/** What an order is created from, when it is placed and when it is restored. */
type AskedOrder = Pick<
  Order,
  | 'orderId'
  | 'clientOrderId'
  | 'symbol'
  | 'side'
  | 'orderType'
  | 'timeInForce'
  | 'postOnly'
  | 'size'
  | 'price'
  | 'stopPrice'
  | 'displaySize'
  | 'selfTradePrevention'
  | 'expireTime'
  | 'minSize'
  | 'trailAmount'
  | 'trailPercent'
  | 'limitOffset'
  | 'listId'
  | 'listRole'
  | 'held'
  | 'testDirective'
  | 'fillModel'
  | 'ts'
>

export class AccountOrder implements Recorded {
  readonly orderId: string
  readonly account: Account
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly displaySize: number | undefined
  readonly selfTradePrevention: SelfTradePrevention | undefined
  /** Market time. */
  readonly expireTime: number | undefined
  readonly minSize: number | undefined
  readonly trailAmount: number | undefined
  readonly trailPercent: number | undefined
  readonly limitOffset: number | undefined
  /** The orderId of the first order of its list. */
  readonly listId: string | undefined
  readonly listRole: ListRole | undefined
  /** It waits for the entry of its list to fill, in no book and with nothing reserved. */
  held: true | undefined
  readonly testDirective: TestDirective | undefined
  readonly fillModel: Order['fillModel'] | undefined
  /** A replace changes it. */
  clientOrderId: string
  /** The session that, when it is lost, may cancel the order. */
  sessionId: string | undefined
  size: number
  price: number | null
  stopPrice: number | undefined
  status: OrderStatus = 'new'
  /** Wall clock of its placing or last replace. */
  ts: number
  /** The matching engine's id of it, 0 while it has not reached the book. */
  engineId = 0
  /** 0 for a market order. */
  priceTicks = 0
  /** 0 for an order without a stop. */
  stopTicks = 0
  triggered = false
  /** Of a trailing stop: the best trade since it was placed, */
  extremeTicks = 0
  /** and the stop price that its owner was last sent. */
  sentStopTicks = 0
  /** What each open lot of a buy reserves; 0 for a market order that trades at once. */
  heldTicks = 0
  cumLots = 0
  leavesLots = 0
  /** Open lots that the book does not show. */
  hiddenLots = 0
  /** The value of its fills. */
  turnoverUnits = 0
  /** Its rank among the orders that wait outside of the books, lowest first. */
  turn = 0
  /** Of a script: how many of its fills have come, and when the next one is due. */
  filledPieces = 0
  fillDue = NEVER
  /** It was canceled, and this much of it will be filled all the same. */
  lateLots = 0
  /** While it rests: the lots ahead of it at its price, as last sent to its owner. */
  sentAheadLots = 0
  /** Kept by queue-positions.ts: its index among the accounts' orders at its price, -1 for none, and its neighbours. */
  queueIndex = -1
  older: AccountOrder | undefined
  younger: AccountOrder | undefined
  hash: TextHash = NO_HASH
  isStored = false
  #instrument: TradedInstrument | undefined

  constructor(account: Account, instrument: TradedInstrument | undefined, asked: AskedOrder) {
    this.orderId = asked.orderId
    this.clientOrderId = asked.clientOrderId
    this.account = account
    this.#instrument = instrument
    this.symbol = asked.symbol
    this.side = asked.side
    this.orderType = asked.orderType
    this.timeInForce = asked.timeInForce
    this.postOnly = asked.postOnly
    this.displaySize = asked.displaySize
    this.selfTradePrevention = asked.selfTradePrevention
    this.expireTime = asked.expireTime
    this.minSize = asked.minSize
    this.trailAmount = onGrid(instrument, asked.trailAmount)
    this.trailPercent = asked.trailPercent
    this.limitOffset = onGrid(instrument, asked.limitOffset)
    this.listId = asked.listId
    this.listRole = asked.listRole
    this.held = asked.held
    this.testDirective = asked.testDirective
    this.fillModel = asked.fillModel
    this.size = asked.size
    this.price = onGrid(instrument, asked.price)
    this.stopPrice = onGrid(instrument, asked.stopPrice)
    this.ts = asked.ts
  }

  /** Undefined only for a rejected order for an unknown symbol, of which nothing reads it. */
  get instrument(): TradedInstrument {
    return this.#instrument!
  }

  get ended(): boolean {
    return !isOpen(this.status) && this.lateLots === 0
  }

  /** A stop that has not triggered yet. */
  get isWaitingStop(): boolean {
    return this.stopTicks !== 0 && !this.triggered
  }

  get reserves(): boolean {
    return isReserving(this)
  }

  get isTrailing(): boolean {
    return this.orderType === 'trailingStop'
  }

  get displayLots(): number {
    return this.displaySize === undefined ? 0 : this.displaySize / this.instrument.spec.lotSize
  }

  get cumSize(): number {
    return this.cumLots === 0 ? 0 : this.instrument.size(this.cumLots)
  }

  get leavesSize(): number {
    return this.leavesLots === 0 ? 0 : this.instrument.size(this.leavesLots)
  }

  get avgPrice(): number | null {
    return this.cumLots === 0 ? null : averagePrice(this.turnoverUnits, this.cumSize)
  }

  /** What the book shows of it, while it rests. */
  get shownLots(): number {
    return this.leavesLots - this.hiddenLots
  }

  apply(event: OrderEvent): void {
    assert(!this.ended, 'an order that has ended does not change')
    this.status = nextOrderStatus(this.status, event)
  }

  fill(lots: number, ticks: number): void {
    this.cumLots += lots
    this.turnoverUnits += this.instrument.units(ticks, lots)
    if (this.lateLots === 0) this.leavesLots -= lots
    const isWhole = this.lateLots === 0 ? this.leavesLots === 0 : this.cumSize === this.size
    this.apply(isWhole ? 'fill' : 'partialFill')
    this.lateLots = 0
  }

  replace(clientOrderId: string, size: number, price: number | null, stopPrice: number | undefined, ts: number): void {
    this.clientOrderId = clientOrderId
    this.size = size
    this.price = onGrid(this.#instrument, price)
    this.stopPrice = onGrid(this.#instrument, stopPrice)
    this.ts = ts
    this.apply('replace')
  }

  /** The stop price of a trailing stop follows a trade. */
  trail(extremeTicks: number, stopTicks: number): void {
    this.extremeTicks = extremeTicks
    this.stopTicks = stopTicks
    this.stopPrice = this.instrument.price(stopTicks)
  }

  /** The entry of its list has filled this much: it is active now. */
  start(lots: number): void {
    this.held = undefined
    this.leavesLots = lots
    this.size = this.instrument.size(lots)
    this.apply('replace')
  }

  /** Self-trade prevention has taken lots off it. */
  decrement(lots: number): void {
    this.leavesLots -= lots
    this.size -= this.instrument.size(lots)
    this.apply('replace')
  }

  state(): Order {
    return {
      orderId: this.orderId,
      clientOrderId: this.clientOrderId,
      symbol: this.symbol,
      side: this.side,
      orderType: this.orderType,
      timeInForce: this.timeInForce,
      postOnly: this.postOnly,
      size: this.size,
      price: this.price,
      ...optionalTermsOf(this),
      ...(this.triggered ? { triggered: true } : {}),
      orderStatus: this.status,
      cumSize: this.cumSize,
      leavesSize: this.leavesSize,
      avgPrice: this.avgPrice,
      ts: this.ts,
    }
  }
}

/** Whether the script of an order has fills: it is held beside the book then, and nothing else fills it. */
export function isFilledByScript({ testDirective }: { readonly testDirective?: TestDirective | undefined }): boolean {
  return testDirective?.fill !== undefined || testDirective?.fillAfterCancel !== undefined
}

/** Removes what floating-point arithmetic has added to a price. */
function onGrid<Price extends number | null | undefined>(
  instrument: TradedInstrument | undefined,
  price: Price,
): Price {
  return (typeof price === 'number' && instrument !== undefined ? priceOnGrid(instrument.spec, price) : price) as Price
}
