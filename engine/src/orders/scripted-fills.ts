// Fills the orders whose testDirective says so, beside the book: in pieces, or once after a cancel. At their limit; a
// market order at the price that it found. Nothing of it is public. Times are the market's clock.

import type { Side, TestDirective } from '@papertape/protocol'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { endUnfilled } from './order-end.ts'
import { settleOffBook } from './settlement.ts'

/** The price of a market order that its script fills: the best opposite one, or the last trade. */
export function scriptedTicks({ books }: ExchangeState, instrument: TradedInstrument, side: Side): number {
  const best = side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
  return best === 0 ? instrument.lastTicks : best
}

/** The order has been accepted, and is open. */
export function startScript(state: ExchangeState, order: AccountOrder): void {
  state.offBook.add(order)
  const { fill } = order.testDirective!
  if (fill === undefined) return
  const { afterMs = 0 } = fill
  if (afterMs === 0) fillPieces(state, order, fill, state.log.time)
  else schedule(state, order, state.log.time + afterMs)
}

/** At one time, which the clock has reached. */
export function fillDue(state: ExchangeState, time: number): void {
  for (const order of state.offBook.takeDue(time)) {
    if (order.lateLots > 0) settleOffBook(state, order, order.lateLots, order.priceTicks, 'maker')
    else fillPieces(state, order, order.testDirective!.fill!, time)
  }
}

type FillScript = NonNullable<TestDirective['fill']>

/** One piece, and those that come with it. */
function fillPieces(state: ExchangeState, order: AccountOrder, script: FillScript, time: number): void {
  const { pieces = 1, everyMs = 0 } = script
  const liquidity = order.orderType === 'market' ? 'taker' : 'maker'
  for (let lots = nextPiece(order, script); lots > 0; lots = nextPiece(order, script)) {
    order.filledPieces++
    settleOffBook(state, order, lots, order.priceTicks, liquidity)
    if (order.ended) return
    if (everyMs === 0 || order.filledPieces === pieces) continue
    schedule(state, order, time + everyMs)
    return
  }
  if (!mayStay(order)) endUnfilled(state, order, 'canceled')
}

/** 0: the script fills no more. A replace may have changed the size. */
function nextPiece({ instrument, size, cumLots, leavesLots, filledPieces }: AccountOrder, script: FillScript): number {
  const { pieces = 1, size: filledSize = size } = script
  const piecesLeft = pieces - filledPieces
  const lots = Math.min(instrument.lotsWithin(filledSize) - cumLots, leavesLots)
  return piecesLeft > 0 && lots > 0 ? Math.ceil(lots / piecesLeft) : 0
}

function mayStay({ orderType, timeInForce }: AccountOrder): boolean {
  return orderType === 'limit' && timeInForce !== 'IOC' && timeInForce !== 'FOK'
}

function schedule(state: ExchangeState, order: AccountOrder, time: number): void {
  state.offBook.schedule(order, time)
  state.dueAt(time)
}
