// Sends an immediate-or-cancel order at the best price or a few ticks beyond it. Used by every agent that takes
// liquidity.

import { type Side, UNITS_PER_CURRENCY } from '@papertape/protocol'
import type { MarketPort } from '../../market-source.ts'
import type { Random } from '../random/random.ts'
import type { TradedSymbol } from './agent.ts'
import { restingSize } from './order-sizes.ts'

/**
 * Meets a hidden order now and then: between the best prices, before it goes on to the book; at the best price only
 * when it takes all that is shown there. Returns the lots traded with the book; 0 when the other side is empty.
 */
export function takeAtBest(
  port: MarketPort,
  traded: TradedSymbol,
  random: Random,
  desk: number,
  side: Side,
  sizeLots: number,
): number {
  const { index } = traded
  const bid = port.book.bestBid(index)
  const ask = port.book.bestAsk(index)
  const best = side === 'buy' ? ask : bid
  if (best === 0) return 0
  const { reachTicks, hiddenChance } = traded.parameters
  const isInside = ask - bid > 1
  if (
    bid !== 0 &&
    ask !== 0 &&
    (isInside || sizeLots >= port.book.levelLots(index, best)) &&
    random.chance(hiddenChance)
  ) {
    const ticks = isInside ? between(bid, ask, side, random) : best
    meetHidden(port, traded, side, ticks, restingSize(random, traded.parameters))
  }
  return take(port, traded, desk, side, side === 'buy' ? best + reachTicks : best - reachTicks, sizeLots)
}

/** A price in ticks, better than the best one for the side, and not beyond the middle. */
function between(bid: number, ask: number, side: Side, random: Random): number {
  const better = 1 + random.below(Math.ceil((ask - bid - 1) / 2))
  return side === 'buy' ? ask - better : bid + better
}

/** The hidden order has no place in the book: the trade of two simulated participants is printed. */
function meetHidden(
  { submit }: MarketPort,
  { spec }: TradedSymbol,
  aggressor: Side,
  ticks: number,
  lots: number,
): void {
  const { symbol, tickUnits, lotSize } = spec
  const price = (ticks * tickUnits) / UNITS_PER_CURRENCY
  submit({ type: 'trade.print', symbol, price, size: lots * lotSize, aggressor, hidden: true })
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
