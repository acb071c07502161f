// The exchange as plain data and back: whole, JSON-able, and in one order only, so that equal exchanges give equal texts.
// Books are kept in the order of priority; putting the orders back in that order restores every queue.

import {
  type Bar,
  createBarBuilder,
  type Execution,
  type Indication,
  type Order,
  type Phase,
} from '@papertape/protocol'
import { Account } from './account.ts'
import { AccountOrder } from './account-order.ts'
import { assert } from './assert.ts'
import { SIDE } from './codes.ts'
import type { Floor } from './floor.ts'
import { type Listing, MINUTE_MS, NEVER } from './listing.ts'
import { OrderMemory } from './order-memory.ts'
import type { BandState } from './price-bands.ts'
import { sideCode } from './side-code.ts'

/**
 * A resting order: the core's id, owner, side, ticks, shown lots, and a desk's own name for it (0 for an account's). The
 * rest is there for icebergs and for orders with a self-trade prevention.
 */
type RestingOrder = readonly [
  id: number,
  owner: number,
  side: number,
  ticks: number,
  shownLots: number,
  ref: number,
  hiddenLots?: number,
  displayLots?: number,
  selfTrade?: number,
]

/** An account's order that waits beside the book. */
type WaitingOrder = readonly [account: number, orderId: string]

interface ListingState {
  readonly symbol: string
  readonly phase: Phase
  readonly reason: string | null
  readonly until: number | null
  /** null: the phase does not end by itself. */
  readonly phaseDue: number | null
  readonly lastTicks: number
  readonly takenLots: readonly [bought: number, sold: number]
  readonly bookSeq: number
  readonly quoted: readonly [bid: number, bidLots: number, ask: number, askLots: number]
  readonly minute: { readonly bar: Bar; readonly turnover: number } | null
  /** Bids then asks, each best price first, oldest order first. */
  readonly book: readonly RestingOrder[]
  /** Buy stops then sell stops, each in the order in which they would trigger. */
  readonly stops: readonly WaitingOrder[]
  readonly closing: readonly WaitingOrder[]
  readonly bands: BandState | null
  readonly reopening: { readonly referenceTicks: number; readonly lowTicks: number; readonly highTicks: number } | null
  readonly indication: readonly [told: Indication | null, time: number, due: number | null]
}

interface OrderState {
  readonly order: Order
  readonly clientOrderIds: readonly string[]
  readonly endedTs: number
  readonly engineId: number
  readonly priceTicks: number
  readonly stopTicks: number
  readonly heldTicks: number
  readonly cumLots: number
  readonly leavesLots: number
  readonly turnoverUnits: number
  readonly answers: readonly Execution[]
}

type PositionRow = readonly [
  listing: number,
  lots: number,
  costUnits: number,
  realisedUnits: number,
  offeredLots: number,
]

interface AccountState {
  readonly accountId: string
  readonly tokenHash: string
  readonly cashUnits: number
  readonly reservedUnits: number
  readonly streamSeq: number
  readonly told: readonly [cashUnits: number, buyingPowerUnits: number]
  readonly positions: readonly PositionRow[]
  readonly orders: readonly OrderState[]
}

/** Of the state's shape; one of another version cannot be taken up. */
export const STATE_VERSION = 2

export interface ExchangeState {
  readonly version: typeof STATE_VERSION
  readonly seq: number
  readonly ts: number
  readonly time: number
  readonly counters: { readonly tradeId: number; readonly orderId: number; readonly engineId: number }
  readonly listings: readonly ListingState[]
  readonly accounts: readonly AccountState[]
  /** Account and order of those that ended and are remembered, oldest end first. */
  readonly ended: readonly WaitingOrder[]
}

export function stateOf(floor: Floor): ExchangeState {
  const { log, counters } = floor
  return {
    version: STATE_VERSION,
    seq: log.seq,
    ts: log.ts,
    time: log.time,
    counters: { ...counters },
    listings: floor.listings.map(listing => listingState(floor, listing)),
    accounts: floor.accounts.map(accountState),
    ended: floor.ended.list().map(waitingOrder),
  }
}

/** Puts a state into a floor that has seen no command and lists the same instruments. */
export function restoreState(floor: Floor, state: ExchangeState): void {
  assert(state.version === STATE_VERSION, 'the checkpoint is of this version')
  assert(state.listings.length === floor.listings.length, 'the checkpoint lists the same instruments')
  floor.log.seq = state.seq
  floor.log.stamp(state)
  Object.assign(floor.counters, state.counters)
  state.listings.forEach((listing, index) => {
    restoreListing(floor, floor.listings[index]!, listing)
  })
  for (const account of state.accounts) restoreAccount(floor, account)
  state.listings.forEach((listing, index) => {
    restoreWaiting(floor, floor.listings[index]!, listing)
  })
  for (const waiting of state.ended) floor.ended.add(orderOf(floor, waiting))
  if (state.time > 0) floor.lookAhead(state.time)
  // The next command looks which timers are due.
  floor.nextDue = 0
}

function listingState(floor: Floor, listing: Listing): ListingState {
  const { symbol, phase, reason, until, phaseDue, lastTicks, takenLots, bookSeq, minute, stops } = listing
  const { bid, bidLots, ask, askLots } = listing.quoted
  return {
    symbol,
    phase,
    reason,
    until,
    phaseDue: timeOrNull(phaseDue),
    lastTicks,
    takenLots: [...takenLots],
    bookSeq,
    quoted: [bid, bidLots, ask, askLots],
    minute: minute.bar === undefined ? null : { bar: minute.bar, turnover: minute.turnover },
    book: restingOrders(floor, listing.index),
    stops: [...stops[0].list(), ...stops[1].list()].map(waitingOrder),
    closing: listing.closingOrders.map(waitingOrder),
    bands: listing.bands?.state() ?? null,
    reopening: listing.reopening ?? null,
    indication: [listing.indication ?? null, listing.indicatedTime, timeOrNull(listing.indicationDue)],
  }
}

function restingOrders(floor: Floor, symbol: number): RestingOrder[] {
  const { engine } = floor
  const orders: RestingOrder[] = []
  for (let ticks = engine.bestBid(symbol); ticks !== 0; ticks = engine.nextBidBelow(symbol, ticks)) {
    addQueue(floor, orders, symbol, SIDE.buy, ticks)
  }
  for (let ticks = engine.bestAsk(symbol); ticks !== 0; ticks = engine.nextAskAbove(symbol, ticks)) {
    addQueue(floor, orders, symbol, SIDE.sell, ticks)
  }
  return orders
}

function addQueue(
  { engine, deskOrders }: Floor,
  orders: RestingOrder[],
  symbol: number,
  side: number,
  ticks: number,
): void {
  for (let id = engine.headOrder(symbol, ticks, side); id !== 0; id = engine.nextInQueue(id)) {
    const owner = engine.ownerOf(id)
    const hiddenLots = engine.hiddenLots(id)
    const displayLots = engine.displayLots(id)
    const selfTrade = engine.selfTradeOf(id)
    const ref = owner < 0 ? 0 : deskOrders.refOf(id)
    const order = [id, owner, side, ticks, engine.openLots(id) - hiddenLots, ref] as const
    orders.push(displayLots === 0 && selfTrade === 0 ? order : [...order, hiddenLots, displayLots, selfTrade])
  }
}

function accountState(account: Account): AccountState {
  const { accountId, tokenHash, cashUnits, reservedUnits, streamSeq, told, memory } = account
  return {
    accountId,
    tokenHash,
    cashUnits,
    reservedUnits,
    streamSeq,
    told: [told.cashUnits, told.buyingPowerUnits],
    positions: account
      .heldPositions()
      .map(({ listing, lots, costUnits, realisedUnits, offeredLots }) => [
        listing.index,
        lots,
        costUnits,
        realisedUnits,
        offeredLots,
      ]),
    orders: [...memory.orders.values()].map(order => orderState(order, memory)),
  }
}

function orderState(order: AccountOrder, memory: OrderMemory): OrderState {
  const { endedTs, engineId, priceTicks, stopTicks, heldTicks, cumLots, leavesLots, turnoverUnits } = order
  return {
    order: order.state(),
    clientOrderIds: [...order.clientOrderIds],
    endedTs,
    engineId,
    priceTicks,
    stopTicks,
    heldTicks,
    cumLots,
    leavesLots,
    turnoverUnits,
    answers: memory.answersOf(order),
  }
}

function restoreListing(floor: Floor, listing: Listing, state: ListingState): void {
  assert(state.symbol === listing.symbol, 'the checkpoint lists the same instruments in the same order')
  const [bid, bidLots, ask, askLots] = state.quoted
  listing.phase = state.phase
  listing.reason = state.reason
  listing.until = state.until
  listing.phaseDue = state.phaseDue ?? NEVER
  listing.reopening = state.reopening ?? undefined
  listing.indication = state.indication[0] ?? undefined
  listing.indicatedTime = state.indication[1]
  listing.indicationDue = state.indication[2] ?? NEVER
  assert((state.bands === null) === (listing.bands === undefined), 'the checkpoint was made under the same rules')
  if (state.bands !== null) listing.bands!.restore(state.bands)
  listing.lastTicks = state.lastTicks
  Object.assign(listing.takenLots, state.takenLots)
  listing.bookSeq = state.bookSeq
  Object.assign(listing.quoted, { bid, bidLots, ask, askLots })
  if (state.minute !== null) listing.minute = createBarBuilder(MINUTE_MS, state.minute)
  for (const [id, owner, side, ticks, lots, ref, hiddenLots, displayLots, selfTrade] of state.book) {
    floor.engine.restore(listing.index, id, owner, side, ticks, lots, hiddenLots, selfTrade, displayLots)
    if (owner >= 0) floor.deskOrders.add(owner, ref, id)
  }
}

function restoreAccount(floor: Floor, state: AccountState): void {
  const { accountId, tokenHash, cashUnits, told } = state
  const account = new Account(accountId, floor.accounts.length, tokenHash, cashUnits, new OrderMemory())
  account.reservedUnits = state.reservedUnits
  account.streamSeq = state.streamSeq
  Object.assign(account.told, { cashUnits: told[0], buyingPowerUnits: told[1] })
  for (const [index, lots, costUnits, realisedUnits, offeredLots] of state.positions) {
    Object.assign(account.position(floor.listings[index]!), { lots, costUnits, realisedUnits, offeredLots })
  }
  for (const order of state.orders) restoreOrder(floor, account, order)
  floor.addAccount(account)
}

function restoreOrder(floor: Floor, account: Account, state: OrderState): void {
  const order = new AccountOrder(account, floor.listing(state.order.symbol), state.order, state.clientOrderIds)
  order.status = state.order.orderStatus
  order.endedTs = state.endedTs
  order.engineId = state.engineId
  order.priceTicks = state.priceTicks
  order.stopTicks = state.stopTicks
  order.heldTicks = state.heldTicks
  order.triggered = state.order.triggered === true
  order.cumLots = state.cumLots
  order.leavesLots = state.leavesLots
  order.turnoverUnits = state.turnoverUnits
  account.memory.remember(order, ...state.answers)
  if (order.ended) return
  account.openOrders.set(order.orderId, order)
  if (order.engineId === 0) return
  order.hiddenLots = floor.engine.hiddenLots(order.engineId)
  floor.accountOrders.set(order.engineId, order)
}

/** What waits beside the book, and where the accounts' orders stand in it. */
function restoreWaiting(floor: Floor, listing: Listing, state: ListingState): void {
  for (const waiting of state.stops) {
    const order = orderOf(floor, waiting)
    listing.stops[sideCode(order.side)]!.add(order, order.stopTicks)
  }
  listing.closingOrders = state.closing.map(waiting => orderOf(floor, waiting))
  for (const [id] of state.book) {
    const order = floor.accountOrders.get(id)
    if (order !== undefined) floor.queues.join(order, floor.engine.aheadLots(id), true)
  }
}

function waitingOrder({ account, orderId }: AccountOrder): WaitingOrder {
  return [account.index, orderId]
}

function orderOf(floor: Floor, [account, orderId]: WaitingOrder): AccountOrder {
  return floor.accounts[account]!.memory.orders.get(orderId)!
}

function timeOrNull(time: number): number | null {
  return time === NEVER ? null : time
}
