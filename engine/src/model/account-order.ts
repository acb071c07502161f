// An account's order from the moment it is asked for until it has ended: what was asked, what became of it. Sizes and
// prices as its owner means them, lots and ticks as the core counts them.

import {
  isOpen,
  type Order,
  type OrderStatus,
  type OrderType,
  priceOnGrid,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
} from '@papertape/protocol'
import { averagePrice } from '../primitives/average-price.ts'
import { NO_HASH, type TextHash } from '../primitives/text-hash.ts'
import type { Account } from './account.ts'
import type { Listing } from './instrument.ts'
import { nextOrderStatus, type OrderEvent } from './order-status.ts'
import type { Recorded } from './state-changes.ts'

/** What an order is made of when it is placed, and again when it is restored. */
export type AskedOrder = Pick<
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
  /** The present one: a replace gives another. */
  clientOrderId: string
  /** The session whose loss may cancel it. */
  sessionId: string | undefined
  size: number
  price: number | null
  stopPrice: number | undefined
  status: OrderStatus = 'new'
  /** Wall clock of its placing or last replacing. */
  ts: number
  /** The matching core's id for it, 0 while it has not reached the book. */
  engineId = 0
  /** 0 for a market order. */
  priceTicks = 0
  /** 0 for an order without a stop. */
  stopTicks = 0
  triggered = false
  /** What each open lot of a buy holds back; 0 for a market order that trades at once. */
  heldTicks = 0
  cumLots = 0
  leavesLots = 0
  /** Of the open lots, those that the book does not show. */
  hiddenLots = 0
  /** Money that its fills moved. */
  turnoverUnits = 0
  /** Its rank among the orders that wait beside the books: lower ones came before. */
  turn = 0
  /** While it rests: the lots before it at its price, as its owner was last told. */
  toldAheadLots = 0
  /** queue-positions.ts keeps these: its place among the accounts' orders at its price, -1 for none, and its neighbours. */
  queuePlace = -1
  older: AccountOrder | undefined
  younger: AccountOrder | undefined
  hash: TextHash = NO_HASH
  isStored = false
  #listing: Listing | undefined

  constructor(account: Account, listing: Listing | undefined, asked: AskedOrder) {
    this.orderId = asked.orderId
    this.clientOrderId = asked.clientOrderId
    this.account = account
    this.#listing = listing
    this.symbol = asked.symbol
    this.side = asked.side
    this.orderType = asked.orderType
    this.timeInForce = asked.timeInForce
    this.postOnly = asked.postOnly
    this.displaySize = asked.displaySize
    this.selfTradePrevention = asked.selfTradePrevention
    this.size = asked.size
    this.price = onGrid(listing, asked.price)
    this.stopPrice = onGrid(listing, asked.stopPrice)
    this.ts = asked.ts
  }

  /** Only a rejected order can be for a symbol that does not exist, and nothing asks that one. */
  get listing(): Listing {
    return this.#listing!
  }

  get ended(): boolean {
    return !isOpen(this.status)
  }

  /** A stop that no trade has reached. */
  get isWaitingStop(): boolean {
    return this.stopTicks !== 0 && !this.triggered
  }

  get displayLots(): number {
    return this.displaySize === undefined ? 0 : this.displaySize / this.listing.spec.lotSize
  }

  get cumSize(): number {
    return this.cumLots === 0 ? 0 : this.listing.size(this.cumLots)
  }

  get leavesSize(): number {
    return this.leavesLots === 0 ? 0 : this.listing.size(this.leavesLots)
  }

  get avgPrice(): number | null {
    return this.cumLots === 0 ? null : averagePrice(this.turnoverUnits, this.cumSize)
  }

  /** What the book shows of it, while it rests. */
  get shownLots(): number {
    return this.leavesLots - this.hiddenLots
  }

  follow(event: OrderEvent): void {
    this.status = nextOrderStatus(this.status, event)
  }

  fill(lots: number, ticks: number): void {
    this.cumLots += lots
    this.leavesLots -= lots
    this.turnoverUnits += this.listing.units(ticks, lots)
    this.follow(this.leavesLots === 0 ? 'fillWhole' : 'fillPartly')
  }

  replace(clientOrderId: string, size: number, price: number | null, stopPrice: number | undefined, ts: number): void {
    this.clientOrderId = clientOrderId
    this.size = size
    this.price = onGrid(this.#listing, price)
    this.stopPrice = onGrid(this.#listing, stopPrice)
    this.ts = ts
    this.follow('replace')
  }

  /** It goes on with fewer lots than were asked for. */
  shrink(lots: number): void {
    this.leavesLots -= lots
    this.size -= this.listing.size(lots)
    this.follow('replace')
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
      ...this.asked(),
      ...(this.triggered ? { triggered: true } : {}),
      orderStatus: this.status,
      cumSize: this.cumSize,
      leavesSize: this.leavesSize,
      avgPrice: this.avgPrice,
      ts: this.ts,
    }
  }

  /** What only some orders carry. */
  asked(): Pick<Order, 'stopPrice' | 'displaySize' | 'selfTradePrevention'> {
    const { stopPrice, displaySize, selfTradePrevention } = this
    return {
      ...(stopPrice === undefined ? {} : { stopPrice }),
      ...(displaySize === undefined ? {} : { displaySize }),
      ...(selfTradePrevention === undefined ? {} : { selfTradePrevention }),
    }
  }
}

/** What a price lost on its way through a double is never shown to anyone. */
function onGrid<Price extends number | null | undefined>(listing: Listing | undefined, price: Price): Price {
  return (typeof price === 'number' && listing !== undefined ? priceOnGrid(listing.spec, price) : price) as Price
}
