// Settles the trades of the matching engine's last command: each is published, then each side that belongs to an
// account gets its cash, shares and execution. Also ends or reduces orders that self-trade prevention has kept from
// trading. The books' observers have got them from book-changes.ts. Called right after the command, while its events
// can be read.

import { type Side, toCurrency } from '@papertape/protocol'
import { EVENT } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { activeSibling, freeFor, reportReduced } from './list-fills.ts'
import { endUnfilled } from './order-end.ts'
import { reject } from './rejects.ts'
import { release, settleFill } from './reservation.ts'

/** @param taker the order that arrived; undefined: it is a desk's. @returns the lots that traded. */
export function settleFills(
  state: ExchangeState,
  instrument: TradedInstrument,
  side: Side,
  taker: AccountOrder | undefined,
): number {
  const { events } = state.bookChanges
  let filledLots = 0
  for (let at = 0; at < events.count; at++) {
    const kind = events.kind(at)
    if (kind === EVENT.fill) {
      settleTrade(state, instrument, at, side, taker)
      filledLots += events.sizeLots(at)
    } else if (kind === EVENT.prevented) settlePrevented(state, at, taker!)
  }
  return filledLots
}

/** An auction is published as one trade; its aggressor is the side that has a surplus. */
export function settleAuction(
  state: ExchangeState,
  instrument: TradedInstrument,
  ticks: number,
  lots: number,
  aggressor: Side,
): void {
  const { openOrders, bookChanges, conservation } = state
  const { events } = bookChanges
  publishTrade(state, instrument, ticks, lots, aggressor, 'auction')
  for (let at = 0; at < events.count; at++) {
    if (events.kind(at) !== EVENT.crossed) continue
    const filledLots = events.sizeLots(at)
    if (events.owner(at) < 0) fillOrder(state, openOrders.inBook(events.orderId(at))!, filledLots, ticks, null)
    else conservation.deskTraded(instrument, events.side(at), filledLots, ticks)
  }
}

/** What each trade changes besides the public log. @param ticks may lie off the tick grid. */
export function recordTrade(
  { log, alerts, offBook }: ExchangeState,
  instrument: TradedInstrument,
  ticks: number,
  price: number,
  size: number,
): void {
  instrument.minute.add(log.time, price, size)
  instrument.recordPrice(ticks)
  alerts.traded(instrument, ticks, price)
  offBook.traded(instrument, ticks)
  if (instrument.bands?.trade(log.time, ticks, instrument.phase === 'continuous') === true) instrument.bandsMoved = true
}

function settleTrade(
  state: ExchangeState,
  instrument: TradedInstrument,
  at: number,
  side: Side,
  taker: AccountOrder | undefined,
): void {
  const { openOrders, bookChanges, conservation } = state
  const { events } = bookChanges
  const lots = events.sizeLots(at)
  const ticks = events.priceTicks(at)
  publishTrade(state, instrument, ticks, lots, side)
  const isMakerDesk = events.makerOwner(at) >= 0
  if (!isMakerDesk) fillOrder(state, openOrders.inBook(events.makerId(at))!, lots, ticks, 'maker')
  if (taker !== undefined) fillOrder(state, taker, lots, ticks, 'taker')
  const isTakerDesk = taker === undefined
  if (isMakerDesk === isTakerDesk) return
  const takerSide = sideCode(side)
  conservation.deskTraded(instrument, isTakerDesk ? takerSide : takerSide ^ 1, lots, ticks)
}

function settlePrevented(state: ExchangeState, at: number, taker: AccountOrder): void {
  const { events } = state.bookChanges
  const maker = state.openOrders.inBook(events.makerId(at))!
  const mode = taker.selfTradePrevention
  if (mode === 'decrement') {
    const lots = events.sizeLots(at)
    if (maker.leavesLots === lots) endUnfilled(state, maker, 'canceled', reject.selfTradePrevented())
    else decrement(state, maker, lots)
    if (lots < taker.leavesLots) decrement(state, taker, lots)
  } else if (mode !== 'cancelTaker') endUnfilled(state, maker, 'canceled', reject.selfTradePrevented())
}

/** Of an order that has lots left; one that has none ends instead. */
function decrement(state: ExchangeState, order: AccountOrder, lots: number): void {
  const sibling = activeSibling(state, order)
  if (sibling !== undefined) freeFor(state, sibling, lots)
  release(state, order, lots)
  order.decrement(lots)
  const reason = reject.selfTradePrevented()
  state.privateLog.execution(order, state.log.ts, { execType: 'replaced', reason })
  if (sibling !== undefined) reportReduced(state, sibling, lots)
}

function publishTrade(
  state: ExchangeState,
  instrument: TradedInstrument,
  ticks: number,
  lots: number,
  aggressor: Side,
  kind?: 'auction',
): void {
  const { log, counters } = state
  const price = instrument.price(ticks)
  const size = instrument.size(lots)
  instrument.lastTicks = ticks
  if (kind !== 'auction') instrument.takenLots[sideCode(aggressor)]! += lots
  recordTrade(state, instrument, ticks, price, size)
  log.trade(instrument.symbol, ++counters.tradeId, price, size, aggressor, kind)
}

/** A fill beside the book. Its other side is outside of the market, as a desk is; nothing of it is public. */
export function settleOffBook(
  state: ExchangeState,
  order: AccountOrder,
  lots: number,
  ticks: number,
  liquidity: 'maker' | 'taker',
): void {
  state.conservation.deskTraded(order.instrument, sideCode(order.side) ^ 1, lots, ticks)
  fillOrder(state, order, lots, ticks, liquidity, state.nextScriptedTradeId())
}

function fillOrder(
  state: ExchangeState,
  order: AccountOrder,
  lots: number,
  ticks: number,
  liquidity: 'maker' | 'taker' | null,
  tradeId: number = state.counters.tradeId,
): void {
  const { instrument } = order
  const sibling = activeSibling(state, order)
  if (sibling !== undefined) freeFor(state, sibling, lots)
  const feeUnits = instrument.feeUnits(ticks, lots, liquidity)
  settleFill(state, order, { lots, ticks, feeUnits })
  order.fill(lots, ticks)
  if (order.ended) {
    state.openOrders.remove(order)
    state.offBook.remove(order)
  }
  state.privateLog.execution(order, state.log.ts, {
    execType: order.status === 'filled' ? 'fill' : 'partialFill',
    lastSize: instrument.size(lots),
    lastPrice: instrument.price(ticks),
    liquidity,
    tradeId,
    time: state.log.time,
    fee: toCurrency(feeUnits),
  })
  state.alerts.filled(order, lots, ticks)
  if (sibling !== undefined) reportReduced(state, sibling, lots)
  if (order.ended && order.listRole === 'entry') state.startingLists.push(order)
}
