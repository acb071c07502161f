// Closing positions at the market: what is sent for each, and how that reads. Pure. account/close-positions.ts sends
// it, the list of positions and the hotkeys show it.

import { isReserving, type NewOrder, type Order, type Phase, type PositionState } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import { isCallPhase, refusedInPhase } from './order-phases.ts'

export interface Closing {
  /**
   * Open orders of the closing side: the exchange lets no share be offered twice. They are canceled first; with a
   * stop-loss its take-profit ends.
   */
  readonly cancels: readonly Order[]
  /** undefined: nothing is sent, and `text` says why. */
  readonly order: Omit<NewOrder, 'clientOrderId'> | undefined
  readonly text: string
}

const MARKET = { orderType: 'market', timeInForce: 'IOC' } as const

/** @param orders all open ones of the account. */
export function closingOf({ symbol, size }: PositionState, orders: readonly Order[], phase: Phase): Closing {
  const side = size > 0 ? 'sell' : 'buy'
  const own = orders.filter(order => order.symbol === symbol && order.side === side && isReserving(order))
  // Market orders that are open wait for an auction, which closes what they have.
  const waiting = own.filter(({ orderType }) => orderType === 'market')
  const left = Math.abs(size) - waiting.reduce((sum, { leavesSize }) => sum + leavesSize, 0)
  const refusal = refusedInPhase(symbol, phase, MARKET)
  if (refusal !== undefined) return { cancels: [], order: undefined, text: refusal }
  if (left <= 0) {
    return { cancels: [], order: undefined, text: `The order that closes ${symbol} already waits for the auction.` }
  }
  const cancels = own.filter(({ orderType }) => orderType !== 'market')
  const what = `${side} ${formatSize(left)} ${symbol} at market${isCallPhase(phase) ? ' in the auction' : ''}.`
  const first =
    cancels.length === 1 ? 'Cancel 1 order, ' : cancels.length > 1 ? `Cancel ${cancels.length} orders, ` : ''
  return {
    cancels,
    order: { symbol, side, size: left, ...MARKET },
    text: first === '' ? what[0]!.toUpperCase() + what.slice(1) : first + what,
  }
}

/** `Sell 300 CEDR at market. Cancel 1 order, sell 50 QLME at market.` */
export function closingsText(closings: readonly Closing[]): string {
  return closings.map(({ text }) => text).join(' ')
}
