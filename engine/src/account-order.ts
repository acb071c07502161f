// An account's order from the moment it is asked for until it is forgotten: what was asked, what became of it. Sizes and
// prices as its owner wrote them, lots and ticks as the core counts them.

import {
  isOpen,
  type Order,
  type OrderStatus,
  type OrderType,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
} from '@papertape/protocol'
import type { Account } from './account.ts'
import { averagePrice } from './average-price.ts'
import type { Listing } from './listing.ts'
import { nextOrderStatus, type OrderEvent } from './order-life.ts'

/** What an order is made of when it is placed, and again when it is restored. */
export type AskedOrder = Pick<
  Order,
  | 'orderId'
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

export class AccountOrder {
  readonly orderId: string
  readonly account: Account
  readonly symbol: string
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly displaySize: number | undefined
  readonly selfTradePrevention: SelfTradePrevention | undefined
  readonly clientOrderIds: string[]
  size: number
  price: number | null
  stopPrice: number | undefined
  status: OrderStatus = 'new'
  /** Wall clock of its placing or last replacing, and of its end. */
  ts: number
  endedTs = 0
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
  /** Lots before it at its price, and what its owner knows of that; of meaning while it rests. */
  aheadLots = 0
  toldAheadLots = 0
  #listing: Listing | undefined

  /** @param clientOrderIds all it ever had, the present one last. */
  constructor(account: Account, listing: Listing | undefined, asked: AskedOrder, clientOrderIds: readonly string[]) {
    this.orderId = asked.orderId
    this.account = account
    this.#listing = listing
    this.symbol = asked.symbol
    this.side = asked.side
    this.orderType = asked.orderType
    this.timeInForce = asked.timeInForce
    this.postOnly = asked.postOnly
    this.displaySize = asked.displaySize
    this.selfTradePrevention = asked.selfTradePrevention
    this.clientOrderIds = [...clientOrderIds]
    this.size = asked.size
    this.price = asked.price
    this.stopPrice = asked.stopPrice
    this.ts = asked.ts
  }

  /** The present one. */
  get clientOrderId(): string {
    return this.clientOrderIds[this.clientOrderIds.length - 1]!
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
    this.clientOrderIds.push(clientOrderId)
    this.size = size
    this.price = price
    this.stopPrice = stopPrice
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
