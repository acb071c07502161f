// The exchange as plain data and back: JSON-able, and in one order only, so that equal exchanges give equal texts. Accounts and
// open orders are parts of their own, so that a checkpoint can hold those alone that have changed. Each resting order knows
// when it arrived; putting the orders back in that order restores every queue.

import { type Bar, createBarBuilder, type Indication, type Order, type Phase } from '@papertape/protocol'
import type { QueueTurn } from '../market-data/queue-positions.ts'
import { SELF_TRADE, SIDE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import { Account } from '../model/account.ts'
import { AccountOrder } from '../model/account-order.ts'
import { type Listing, MINUTE_MS, NEVER } from '../model/instrument.ts'
import type { BandState } from '../model/price-bands.ts'
import type { StateRow } from '../model/state-changes.ts'
import { assert } from '../primitives/assert.ts'
import { type Floor, ownerOfAccount } from './exchange-state.ts'

/**
 * A desk's resting order: the core's id, the desk, side, ticks, shown lots, the desk's own name for it, and when it arrived.
 * The rest is there for icebergs.
 */
type DeskOrder = readonly [
  id: number,
  desk: number,
  side: number,
  ticks: number,
  shownLots: number,
  ref: number,
  arrival: number,
  hiddenLots?: number,
  displayLots?: number,
]

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
  /** Of the desks, in the order of their arrival. */
  readonly book: readonly DeskOrder[]
  readonly bands: BandState | null
  readonly reopening: { readonly referenceTicks: number; readonly lowTicks: number; readonly highTicks: number } | null
  readonly indication: readonly [published: Indication | null, time: number, due: number | null]
}

/** All but accounts and their orders: of a size that users have no say in. */
export interface MarketState {
  readonly seq: number
  readonly ts: number
  readonly time: number
  readonly counters: Floor['counters']
  /** The core's newest. */
  readonly arrival: number
  readonly queueTurn: QueueTurn
  readonly listings: readonly ListingState[]
}

/** An open order of an account. */
export interface OrderState {
  readonly account: number
  readonly order: Order
  /** 0: it waits beside the book. */
  readonly engineId: number
  /** When it arrived in its queue, or its turn among those that wait. */
  readonly arrival: number
  readonly priceTicks: number
  readonly stopTicks: number
  readonly heldTicks: number
  readonly cumLots: number
  readonly leavesLots: number
  readonly hiddenLots: number
  readonly turnoverUnits: number
  readonly toldAheadLots: number
  readonly sessionId?: string
}

type PositionRow = readonly [
  listing: number,
  lots: number,
  costUnits: number,
  realisedUnits: number,
  offeredLots: number,
]

export interface AccountState {
  readonly accountId: string
  readonly tokenHash: string
  readonly cashUnits: number
  readonly reservedUnits: number
  readonly streamSeq: number
  readonly told: readonly [cashUnits: number, buyingPowerUnits: number]
  readonly placesTime: number
  readonly guards: readonly (readonly [sessionId: string, cancels: 'connection' | 'account'])[]
  readonly positions: readonly PositionRow[]
}

/** Of the state's shape; one of another version cannot be taken up. */
export const STATE_VERSION = 3

export interface ExchangeState {
  readonly version: typeof STATE_VERSION
  readonly market: MarketState
  /** In the order of their opening. */
  readonly accounts: readonly AccountState[]
  /** By orderId. */
  readonly orders: readonly OrderState[]
}

/** From a checkpoint's market and the newest row of each account and open order. */
export function stateFromRows(market: MarketState, rows: readonly StateRow[]): ExchangeState {
  const parsed = <T>(part: StateRow['part']) =>
    rows
      .filter(row => row.part === part)
      .sort((a, b) => a.id - b.id)
      .map(({ body }) => JSON.parse(body!) as T)
  return { version: STATE_VERSION, market, accounts: parsed('account'), orders: parsed('order') }
}

/** A whole state as the rows of a first checkpoint. */
export function rowsOfState({ accounts, orders }: ExchangeState): StateRow[] {
  return [
    ...accounts.map((account, id) => ({ part: 'account', id, body: JSON.stringify(account) }) as const),
    ...orders.map(order => ({ part: 'order', id: Number(order.order.orderId), body: JSON.stringify(order) }) as const),
  ]
}

/** The whole at once: for exchanges that are small, or that nobody waits for. */
export function stateOf(floor: Floor): ExchangeState {
  const orders = floor.accounts.flatMap(account => [...account.openOrders.values()])
  return {
    version: STATE_VERSION,
    market: marketState(floor),
    accounts: floor.accounts.map(accountState),
    orders: orders.sort((a, b) => Number(a.orderId) - Number(b.orderId)).map(order => orderState(floor, order)),
  }
}

export function marketState(floor: Floor): MarketState {
  const { log, counters, engine, queues } = floor
  return {
    seq: log.seq,
    ts: log.ts,
    time: log.time,
    counters: { ...counters },
    arrival: engine.lastArrival,
    queueTurn: queues.turn(),
    listings: listingStates(floor),
  }
}

/** Puts a state into a floor that has seen no command and lists the same instruments. */
export function restoreState(floor: Floor, { version, market, accounts, orders }: ExchangeState): void {
  assert(version === STATE_VERSION, 'the checkpoint is of this version')
  assert(market.listings.length === floor.listings.length, 'the checkpoint lists the same instruments')
  floor.log.seq = market.seq
  floor.log.stamp(market)
  Object.assign(floor.counters, market.counters)
  market.listings.forEach((listing, index) => {
    restoreListing(floor.listings[index]!, listing)
  })
  for (const account of accounts) restoreAccount(floor, account)
  const open = orders.map(order => ({ order: restoreOrder(floor, order), arrival: order.arrival }))
  const waiting = open.filter(({ order }) => order.engineId === 0).sort((a, b) => a.arrival - b.arrival)
  for (const { order, arrival } of waiting) restoreWaiting(order, arrival)
  restoreBooks(
    floor,
    market,
    open.filter(({ order }) => order.engineId !== 0),
  )
  if (market.time > 0) floor.lookAhead(market.time)
  // The next command looks which timers are due.
  floor.nextDue = 0
}

function listingStates(floor: Floor): ListingState[] {
  const books = floor.listings.map((): DeskOrder[] => [])
  const ids = floor.deskOrders.ids().sort(byArrival(floor.engine))
  for (const id of ids) books[floor.engine.symbolOf(id)]!.push(deskOrder(floor, id))
  return floor.listings.map((listing, index) => listingState(listing, books[index]!))
}

function listingState(listing: Listing, book: readonly DeskOrder[]): ListingState {
  const { symbol, phase, reason, until, phaseDue, lastTicks, takenLots, bookSeq, minute } = listing
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
    book,
    bands: listing.bands?.state() ?? null,
    reopening: listing.reopening ?? null,
    indication: [listing.indication ?? null, listing.indicatedTime, timeOrNull(listing.indicationDue)],
  }
}

function deskOrder({ engine, deskOrders }: Floor, id: number): DeskOrder {
  const place = [engine.ownerOf(id), engine.sideOf(id), engine.priceOf(id), engine.shownLots(id)] as const
  const order = [id, ...place, deskOrders.refOf(id), engine.arrival(id)] as const
  const displayLots = engine.displayLots(id)
  return displayLots === 0 ? order : [...order, engine.hiddenLots(id), displayLots]
}

function byArrival(engine: Floor['engine']): (a: number, b: number) => number {
  const newest = engine.lastArrival
  // Numbers wrap around: how long ago is what counts.
  return (a, b) => ((newest - engine.arrival(b)) >>> 0) - ((newest - engine.arrival(a)) >>> 0)
}

export function accountState(account: Account): AccountState {
  const { accountId, tokenHash, cashUnits, reservedUnits, streamSeq, told, placesTime } = account
  return {
    accountId,
    tokenHash,
    cashUnits,
    reservedUnits,
    streamSeq,
    told: [told.cashUnits, told.buyingPowerUnits],
    placesTime,
    guards: [...account.guards],
    positions: account
      .heldPositions()
      .map(({ listing, lots, costUnits, realisedUnits, offeredLots }) => [
        listing.index,
        lots,
        costUnits,
        realisedUnits,
        offeredLots,
      ]),
  }
}

export function orderState({ engine }: Floor, order: AccountOrder): OrderState {
  const { account, engineId, turn, priceTicks, stopTicks, heldTicks } = order
  const { cumLots, leavesLots, hiddenLots, turnoverUnits, toldAheadLots } = order
  return {
    account: account.index,
    order: order.state(),
    engineId,
    arrival: engineId === 0 ? turn : engine.arrival(engineId),
    priceTicks,
    stopTicks,
    heldTicks,
    cumLots,
    leavesLots,
    hiddenLots,
    turnoverUnits,
    toldAheadLots,
    ...(order.sessionId === undefined ? {} : { sessionId: order.sessionId }),
  }
}

function restoreListing(listing: Listing, state: ListingState): void {
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
}

function restoreAccount(floor: Floor, state: AccountState): void {
  const { accountId, tokenHash, cashUnits, told } = state
  const account = new Account(accountId, floor.accounts.length, tokenHash, cashUnits)
  account.reservedUnits = state.reservedUnits
  account.streamSeq = state.streamSeq
  Object.assign(account.told, { cashUnits: told[0], buyingPowerUnits: told[1] })
  account.placesTime = state.placesTime
  for (const [sessionId, cancels] of state.guards) account.guards.set(sessionId, cancels)
  if (account.guards.size > 0) floor.guardedAccounts.add(account)
  for (const [index, lots, costUnits, realisedUnits, offeredLots] of state.positions) {
    Object.assign(account.position(floor.listings[index]!), { lots, costUnits, realisedUnits, offeredLots })
  }
  floor.addAccount(account)
  floor.changes.account(account)
}

function restoreOrder(floor: Floor, state: OrderState): AccountOrder {
  const account = floor.accounts[state.account]!
  const order = new AccountOrder(account, floor.listing(state.order.symbol), state.order)
  order.status = state.order.orderStatus
  order.engineId = state.engineId
  order.priceTicks = state.priceTicks
  order.stopTicks = state.stopTicks
  order.heldTicks = state.heldTicks
  order.triggered = state.order.triggered === true
  order.cumLots = state.cumLots
  order.leavesLots = state.leavesLots
  order.hiddenLots = state.hiddenLots
  order.turnoverUnits = state.turnoverUnits
  order.toldAheadLots = state.toldAheadLots
  order.sessionId = state.sessionId
  account.openOrders.set(order.orderId, order)
  floor.changes.order(order)
  return order
}

function restoreWaiting(order: AccountOrder, turn: number): void {
  const { listing } = order
  order.turn = turn
  if (order.isWaitingStop) listing.stops[sideCode(order.side)]!.add(order, order.stopTicks)
  else listing.closingOrders.add(order)
}

interface Arrived {
  readonly arrival: number
  enter(): void
}

/** All orders of all books in the order of their arrival, and where the accounts' stand in their queues. */
function restoreBooks(
  floor: Floor,
  market: MarketState,
  open: readonly { readonly order: AccountOrder; readonly arrival: number }[],
): void {
  const { engine, deskOrders } = floor
  const arrived: Arrived[] = open.map(({ order, arrival }) => ({
    arrival,
    enter: () => enterAgain(floor, order, arrival),
  }))
  market.listings.forEach(({ book }, symbol) => {
    for (const [id, desk, side, ticks, lots, ref, arrival, hiddenLots, displayLots] of book) {
      const enter = () => {
        engine.restore(symbol, id, desk, side, ticks, lots, hiddenLots, SELF_TRADE.none, displayLots, arrival)
        deskOrders.add(desk, ref, id)
      }
      arrived.push({ arrival, enter })
    }
  })
  const age = ({ arrival }: { readonly arrival: number }) => (market.arrival - arrival) >>> 0
  for (const { enter } of arrived.sort((a, b) => age(b) - age(a))) enter()
  engine.restoreArrivals(market.arrival)
  const oldestFirst = [...open].sort((a, b) => age(b) - age(a)).map(({ order }) => order)
  floor.queues.restore(oldestFirst, market.queueTurn)
}

function enterAgain({ engine, accountOrders }: Floor, order: AccountOrder, arrival: number): void {
  const { account, listing, engineId, priceTicks, shownLots, hiddenLots, displayLots } = order
  const owner = ownerOfAccount(account)
  const selfTrade = SELF_TRADE[order.selfTradePrevention ?? 'none']
  const side = SIDE[order.side]
  const { index } = listing
  engine.restore(index, engineId, owner, side, priceTicks, shownLots, hiddenLots, selfTrade, displayLots, arrival)
  accountOrders.set(engineId, order)
}

function timeOrNull(time: number): number | null {
  return time === NEVER ? null : time
}
