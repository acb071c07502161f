// Saves the exchange's state as plain data and restores it: JSON-compatible, and in a fixed order, so that equal
// states give equal texts. Accounts and open orders are separate rows, so that a checkpoint can contain only those
// that have changed. Each resting order has its arrival number; entering the orders in that order restores every
// queue.

import { type Bar, createBarBuilder, type Indication, type Order, type Phase } from '@papertape/protocol'
import type { QueueTurn } from '../market-data/queue-positions.ts'
import { SELF_TRADE, SIDE } from '../matching/codes.ts'
import { ownerOfAccount } from '../model/account.ts'
import { AccountOrder, isFilledByScript } from '../model/account-order.ts'
import { MINUTE_MS, NEVER, type TradedInstrument } from '../model/instrument.ts'
import type { BandState } from '../model/price-bands.ts'
import type { StateRow } from '../model/recorded.ts'
import { assert } from '../primitives/assert.ts'
import { type AccountState, accountState, restoreAccount } from './account-rows.ts'
import type { ExchangeState } from './exchange-state.ts'

/** A desk's resting order. `ref` is the desk's own number of it; the last two are only there for icebergs. */
type DeskOrderRow = readonly [
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

interface InstrumentCheckpoint {
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
  /** The desks' orders by arrival. */
  readonly book: readonly DeskOrderRow[]
  readonly bands: BandState | null
  readonly reopening: { readonly referenceTicks: number; readonly lowTicks: number; readonly highTicks: number } | null
  readonly indication: readonly [published: Indication | null, time: number, due: number | null]
  /** Once a stop price has trailed. */
  readonly trailing?: readonly [time: number, due: number | null]
}

/** All but accounts and their orders: its size does not grow with the users. */
export interface MarketState {
  readonly seq: number
  readonly ts: number
  readonly time: number
  readonly counters: ExchangeState['counters']
  /** The newest arrival number of the matching engine. */
  readonly arrival: number
  readonly queueTurn: QueueTurn
  readonly instruments: readonly InstrumentCheckpoint[]
}

/** An open order of an account. */
export interface OrderState {
  readonly account: number
  readonly order: Order
  /** 0: it waits outside of the book. */
  readonly engineId: number
  /** Its arrival number in the queue, or its turn among those that wait. */
  readonly arrival: number
  readonly priceTicks: number
  readonly stopTicks: number
  readonly heldTicks: number
  readonly cumLots: number
  readonly leavesLots: number
  readonly hiddenLots: number
  readonly turnoverUnits: number
  readonly sentAheadLots: number
  readonly sessionId?: string
  /** Of a trailing stop. */
  readonly trail?: readonly [extremeTicks: number, sentStopTicks: number]
  /** Of one that its script fills; due: null without a next fill. */
  readonly script?: readonly [filledPieces: number, due: number | null, lateLots: number]
}

/** Changes with the format of the data below; a checkpoint of another version cannot be restored. */
export const STATE_VERSION = 4

export interface ExchangeCheckpoint {
  readonly version: typeof STATE_VERSION
  readonly market: MarketState
  /** In the order of their opening. */
  readonly accounts: readonly AccountState[]
  /** By orderId. */
  readonly orders: readonly OrderState[]
}

/** From the market of a checkpoint and the newest row of each account and open order. */
export function stateFromRows(market: MarketState, rows: readonly StateRow[]): ExchangeCheckpoint {
  const parsed = <T>(part: StateRow['part']) =>
    rows
      .filter(row => row.part === part)
      .sort((a, b) => a.id - b.id)
      .map(({ body }) => JSON.parse(body!) as T)
  return { version: STATE_VERSION, market, accounts: parsed('account'), orders: parsed('order') }
}

/** The rows of a first checkpoint. */
export function rowsOfState({ accounts, orders }: ExchangeCheckpoint): StateRow[] {
  return [
    ...accounts.map((account, id) => ({ part: 'account', id, body: JSON.stringify(account) }) as const),
    ...orders.map(order => ({ part: 'order', id: Number(order.order.orderId), body: JSON.stringify(order) }) as const),
  ]
}

/** The whole state at once; a server writes only the changes. */
export function saveCheckpoint(state: ExchangeState): ExchangeCheckpoint {
  const orders = state.accounts.flatMap(account => [
    ...state.openOrders.ofAccount(account).values(),
    ...state.offBook.lateOf(account),
  ])
  return {
    version: STATE_VERSION,
    market: marketState(state),
    accounts: state.accounts.map(account => accountState(state, account)),
    orders: orders.sort((a, b) => Number(a.orderId) - Number(b.orderId)).map(order => orderState(state, order)),
  }
}

export function marketState(state: ExchangeState): MarketState {
  const { log, counters, books, queues } = state
  return {
    seq: log.seq,
    ts: log.ts,
    time: log.time,
    counters: { ...counters },
    arrival: books.lastArrival,
    queueTurn: queues.turn(),
    instruments: instrumentStates(state),
  }
}

/** Restores into a state that has had no command and lists the same instruments. */
export function restoreCheckpoint(
  state: ExchangeState,
  { version, market, accounts, orders }: ExchangeCheckpoint,
): void {
  assert(version === STATE_VERSION, 'the checkpoint has this version')
  assert(market.instruments.length === state.instruments.length, 'the checkpoint lists the same instruments')
  state.log.seq = market.seq
  state.log.stamp(market)
  Object.assign(state.counters, market.counters)
  market.instruments.forEach((listing, index) => {
    restoreInstrument(state.instruments[index]!, listing)
  })
  for (const account of accounts) restoreAccount(state, account)
  const open = orders.map(order => ({ order: restoreOrder(state, order), arrival: order.arrival }))
  const waiting = open.filter(({ order }) => order.engineId === 0).sort((a, b) => a.arrival - b.arrival)
  for (const { order, arrival } of waiting) restoreWaiting(state, order, arrival)
  restoreBooks(
    state,
    market,
    open.filter(({ order }) => order.engineId !== 0),
  )
  if (market.time > 0) state.scheduleAfter(market.time)
  // The next command finds out which timers are due.
  state.nextDue = 0
}

function instrumentStates(state: ExchangeState): InstrumentCheckpoint[] {
  const books = state.instruments.map((): DeskOrderRow[] => [])
  const ids = state.deskOrders.ids().sort(byArrival(state.books))
  for (const id of ids) books[state.books.symbolOf(id)]!.push(deskOrder(state, id))
  return state.instruments.map((instrument, index) => instrumentState(instrument, books[index]!))
}

function instrumentState(instrument: TradedInstrument, book: readonly DeskOrderRow[]): InstrumentCheckpoint {
  const { symbol, phase, reason, until, phaseDue, lastTicks, takenLots, bookSeq, minute } = instrument
  const { bid, bidLots, ask, askLots } = instrument.quoted
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
    bands: instrument.bands?.state() ?? null,
    reopening: instrument.reopening ?? null,
    indication: [instrument.indication ?? null, instrument.indicatedTime, timeOrNull(instrument.indicationDue)],
    ...trailingState(instrument),
  }
}

function trailingState({ trailedTime, trailingDue }: TradedInstrument): Pick<InstrumentCheckpoint, 'trailing'> {
  return trailedTime === 0 && trailingDue === NEVER ? {} : { trailing: [trailedTime, timeOrNull(trailingDue)] }
}

function deskOrder({ books, deskOrders }: ExchangeState, id: number): DeskOrderRow {
  const terms = [books.ownerOf(id), books.sideOf(id), books.priceOf(id), books.shownLots(id)] as const
  const order = [id, ...terms, deskOrders.refOf(id), books.arrival(id)] as const
  const displayLots = books.displayLots(id)
  return displayLots === 0 ? order : [...order, books.hiddenLots(id), displayLots]
}

function byArrival(books: ExchangeState['books']): (a: number, b: number) => number {
  const newest = books.lastArrival
  // Arrival numbers wrap around: compare how long ago each was given.
  return (a, b) => ((newest - books.arrival(b)) >>> 0) - ((newest - books.arrival(a)) >>> 0)
}

export function orderState({ books }: ExchangeState, order: AccountOrder): OrderState {
  const { account, engineId, turn, priceTicks, stopTicks, heldTicks } = order
  const { cumLots, leavesLots, hiddenLots, turnoverUnits, sentAheadLots } = order
  return {
    account: account.index,
    order: order.state(),
    engineId,
    arrival: engineId === 0 ? turn : books.arrival(engineId),
    priceTicks,
    stopTicks,
    heldTicks,
    cumLots,
    leavesLots,
    hiddenLots,
    turnoverUnits,
    sentAheadLots,
    ...(order.sessionId === undefined ? {} : { sessionId: order.sessionId }),
    ...(order.isTrailing ? { trail: [order.extremeTicks, order.sentStopTicks] } : {}),
    ...(isFilledByScript(order) ? { script: [order.filledPieces, timeOrNull(order.fillDue), order.lateLots] } : {}),
  }
}

function restoreInstrument(instrument: TradedInstrument, saved: InstrumentCheckpoint): void {
  assert(saved.symbol === instrument.symbol, 'the checkpoint lists the same instruments in the same order')
  const [bid, bidLots, ask, askLots] = saved.quoted
  instrument.phase = saved.phase
  instrument.reason = saved.reason
  instrument.until = saved.until
  instrument.phaseDue = saved.phaseDue ?? NEVER
  instrument.reopening = saved.reopening ?? undefined
  instrument.indication = saved.indication[0] ?? undefined
  instrument.indicatedTime = saved.indication[1]
  instrument.indicationDue = saved.indication[2] ?? NEVER
  instrument.trailedTime = saved.trailing?.[0] ?? 0
  instrument.trailingDue = saved.trailing?.[1] ?? NEVER
  assert((saved.bands === null) === (instrument.bands === undefined), 'the checkpoint was made under the same rules')
  if (saved.bands !== null) instrument.bands!.restore(saved.bands)
  instrument.lastTicks = saved.lastTicks
  Object.assign(instrument.takenLots, saved.takenLots)
  instrument.bookSeq = saved.bookSeq
  Object.assign(instrument.quoted, { bid, bidLots, ask, askLots })
  if (saved.minute !== null) instrument.minute = createBarBuilder(MINUTE_MS, saved.minute)
}

function restoreOrder(state: ExchangeState, saved: OrderState): AccountOrder {
  const account = state.accounts[saved.account]!
  const order = new AccountOrder(account, state.instrument(saved.order.symbol), saved.order)
  order.status = saved.order.orderStatus
  order.engineId = saved.engineId
  order.priceTicks = saved.priceTicks
  order.stopTicks = saved.stopTicks
  order.heldTicks = saved.heldTicks
  order.triggered = saved.order.triggered === true
  order.cumLots = saved.cumLots
  order.leavesLots = saved.leavesLots
  order.hiddenLots = saved.hiddenLots
  order.turnoverUnits = saved.turnoverUnits
  order.sentAheadLots = saved.sentAheadLots
  order.sessionId = saved.sessionId
  if (saved.trail !== undefined) [order.extremeTicks, order.sentStopTicks] = saved.trail
  if (saved.script !== undefined) restoreScript(state, order, saved.script)
  if (order.lateLots === 0) state.openOrders.add(order)
  state.changes.order(order)
  return order
}

function restoreScript(
  { offBook }: ExchangeState,
  order: AccountOrder,
  [filledPieces, due, lateLots]: NonNullable<OrderState['script']>,
): void {
  Object.assign(order, { filledPieces, fillDue: due ?? NEVER, lateLots })
  offBook.add(order)
}

function restoreWaiting({ openOrders, offBook }: ExchangeState, order: AccountOrder, turn: number): void {
  order.turn = turn
  if (order.held) openOrders.waiting(order.instrument).held.add(order)
  else if (order.isWaitingStop) openOrders.addStop(order)
  else if (order.fillModel !== undefined) offBook.watch(order)
  else if (isFilledByScript(order)) return
  else openOrders.waiting(order.instrument).closing.add(order)
}

interface Arrived {
  readonly arrival: number
  enter(): void
}

/** Enters the orders of all books in the order of their arrival, then restores the accounts' queue positions. */
function restoreBooks(
  state: ExchangeState,
  market: MarketState,
  open: readonly { readonly order: AccountOrder; readonly arrival: number }[],
): void {
  const { bookChanges, deskOrders } = state
  const arrived: Arrived[] = open.map(({ order, arrival }) => ({
    arrival,
    enter: () => restoreInBook(state, order, arrival),
  }))
  market.instruments.forEach(({ book }, symbol) => {
    for (const [id, desk, side, ticks, lots, ref, arrival, hiddenLots, displayLots] of book) {
      const enter = () => {
        bookChanges.restore(symbol, id, desk, side, ticks, lots, hiddenLots, SELF_TRADE.none, displayLots, arrival)
        deskOrders.add(desk, ref, id)
      }
      arrived.push({ arrival, enter })
    }
  })
  const age = ({ arrival }: { readonly arrival: number }) => (market.arrival - arrival) >>> 0
  for (const { enter } of arrived.sort((a, b) => age(b) - age(a))) enter()
  bookChanges.restoreArrivals(market.arrival)
  const oldestFirst = [...open].sort((a, b) => age(b) - age(a)).map(({ order }) => order)
  state.queues.restore(oldestFirst, market.queueTurn)
}

function restoreInBook({ bookChanges }: ExchangeState, order: AccountOrder, arrival: number): void {
  const { account, instrument, engineId, priceTicks, shownLots, hiddenLots, displayLots } = order
  const owner = ownerOfAccount(account)
  const selfTrade = SELF_TRADE[order.selfTradePrevention ?? 'none']
  const side = SIDE[order.side]
  const { index } = instrument
  bookChanges.restore(index, engineId, owner, side, priceTicks, shownLots, hiddenLots, selfTrade, displayLots, arrival)
}

function timeOrNull(time: number): number | null {
  return time === NEVER ? null : time
}
