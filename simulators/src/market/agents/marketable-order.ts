// Sends an immediate-or-cancel order at the best price or a few ticks beyond it. Used by every agent that takes
// liquidity.

import type { Side } from '@papertape/protocol'
import type { MarketPort } from '../../market-source.ts'
import type { TradedSymbol } from './agent.ts'

/** Returns the lots traded; 0 when the other side is empty. */
export function takeAtBest(port: MarketPort, traded: TradedSymbol, desk: number, side: Side, sizeLots: number): number {
  const best = side === 'buy' ? port.book.bestAsk(traded.index) : port.book.bestBid(traded.index)
  if (best === 0) return 0
  const { reachTicks } = traded.parameters
  return take(port, traded, desk, side, side === 'buy' ? best + reachTicks : best - reachTicks, sizeLots)
}

export function take(
  { submit }: MarketPort,
  { index, spec }: TradedSymbol,
  desk: number,
  side: Side,
  limitTicks: number,
  sizeLots: number,
): number {
  const priceTicks = Math.min(spec.priceTicksMax, Math.max(1, limitTicks))
  const order = { desk, ref: index + 1, symbol: spec.symbol, side, priceTicks, sizeLots } as const
  return submit({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' }).filledLots
}
