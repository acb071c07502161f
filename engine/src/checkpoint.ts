// The exchange as plain data and back: whole, JSON-able, and in one order only, so that equal exchanges give equal texts.
// Books are kept in the order of priority; putting the orders back in that order restores every queue.

import { type Bar, createBarBuilder, type Execution, type Order, type Phase } from '@papertape/protocol'
import { Account } from './account.ts'
import { AccountOrder } from './account-order.ts'
import { assert } from './assert.ts'
import { INSTRUCTION, RESULT, SIDE } from './codes.ts'
import type { Floor } from './floor.ts'
import { type Listing, MINUTE_MS } from './listing.ts'
import { OrderMemory } from './order-memory.ts'

/** A resting order: the core's id, owner, side, ticks, open lots, and a desk's own name for it (0 for an account's). */
type RestingOrder = readonly [id: number, owner: number, side: number, ticks: number, lots: number, ref: number]

interface ListingState {
  readonly symbol: string
  readonly phase: Phase
  readonly lastTicks: number
  readonly bookSeq: number
  readonly quoted: readonly [bid: number, bidLots: number, ask: number, askLots: number]
  readonly minute: { readonly bar: Bar; readonly turnover: number } | null
  /** Bids then asks, each best price first, oldest order first. */
  readonly book: readonly RestingOrder[]
}

interface OrderState {
  readonly order: Order
  readonly clientOrderIds: readonly string[]
  readonly endedTs: number
  readonly engineId: number
  readonly priceTicks: number
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

export interface ExchangeState {
  readonly version: 1
  readonly seq: number
  readonly ts: number
  readonly time: number
  readonly counters: { readonly tradeId: number; readonly orderId: number; readonly engineId: number }
  readonly listings: readonly ListingState[]
  readonly accounts: readonly AccountState[]
  /** Account and order of those that ended and are remembered, oldest end first. */
  readonly ended: readonly (readonly [account: number, orderId: string])[]
}

export function stateOf(floor: Floor): ExchangeState {
  const { log, counters } = floor
  return {
    version: 1,
    seq: log.seq,
    ts: log.ts,
    time: log.time,
    counters: { ...counters },
    listings: floor.listings.map(listing => listingState(floor, listing)),
    accounts: floor.accounts.map(accountState),
    ended: floor.ended.list().map(order => [order.account.index, order.orderId] as const),
  }
}

/** Puts a state into a floor that has seen no command and lists the same instruments. */
export function restoreState(floor: Floor, state: ExchangeState): void {
  assert(state.version === 1, 'the checkpoint is of this version')
  assert(state.listings.length === floor.listings.length, 'the checkpoint lists the same instruments')
  floor.log.seq = state.seq
  floor.log.stamp(state)
  Object.assign(floor.counters, state.counters)
  state.listings.forEach((listing, index) => {
    restoreListing(floor, floor.listings[index]!, listing)
  })
  for (const account of state.accounts) restoreAccount(floor, account)
  for (const [index, orderId] of state.ended) floor.ended.add(floor.accounts[index]!.memory.orders.get(orderId)!)
}

function listingState(floor: Floor, listing: Listing): ListingState {
  const { symbol, phase, lastTicks, bookSeq, minute } = listing
  const { bid, bidLots, ask, askLots } = listing.quoted
  return {
    symbol,
    phase,
    lastTicks,
    bookSeq,
    quoted: [bid, bidLots, ask, askLots],
    minute: minute.bar === undefined ? null : { bar: minute.bar, turnover: minute.turnover },
    book: restingOrders(floor, listing.index),
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
  for (let id = engine.headOrder(symbol, ticks); id !== 0; id = engine.nextInQueue(id)) {
    const owner = engine.ownerOf(id)
    orders.push([id, owner, side, ticks, engine.openLots(id), owner < 0 ? 0 : deskOrders.refOf(id)])
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
  const { endedTs, engineId, priceTicks, cumLots, leavesLots, turnoverUnits } = order
  return {
    order: order.state(),
    clientOrderIds: [...order.clientOrderIds],
    endedTs,
    engineId,
    priceTicks,
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
  listing.lastTicks = state.lastTicks
  listing.bookSeq = state.bookSeq
  Object.assign(listing.quoted, { bid, bidLots, ask, askLots })
  if (state.minute !== null) listing.minute = createBarBuilder(MINUTE_MS, state.minute)
  for (const [id, owner, side, ticks, lots, ref] of state.book) {
    const result = floor.engine.place(listing.index, id, owner, side, ticks, lots, INSTRUCTION.rest)
    assert(result === RESULT.rested && floor.engine.events.count === 0, 'a restored order rests without a trade')
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
  order.cumLots = state.cumLots
  order.leavesLots = state.leavesLots
  order.turnoverUnits = state.turnoverUnits
  account.memory.remember(order, ...state.answers)
  if (order.ended) return
  account.openOrders.set(order.orderId, order)
  floor.accountOrders.set(order.engineId, order)
}
