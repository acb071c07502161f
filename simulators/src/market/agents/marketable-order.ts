// A marketable order: at the touch or a few levels behind it; what is left of it lapses. Decides nothing. Every agent that
// takes, takes so.

import type { Side } from '@papertape/protocol'
import type { MarketDoor } from '../../market-source.ts'
import type { Ground } from './agent.ts'

/** Answers the lots that were traded; none where the other side is empty. */
export function takeAtTouch(door: MarketDoor, ground: Ground, desk: number, side: Side, sizeLots: number): number {
  const best = side === 'buy' ? door.book.bestAsk(ground.index) : door.book.bestBid(ground.index)
  if (best === 0) return 0
  const { reachTicks } = ground.habits
  return take(door, ground, desk, side, side === 'buy' ? best + reachTicks : best - reachTicks, sizeLots)
}

export function take(
  { submit }: MarketDoor,
  { index, spec }: Ground,
  desk: number,
  side: Side,
  limitTicks: number,
  sizeLots: number,
): number {
  const priceTicks = Math.min(spec.priceTicksMax, Math.max(1, limitTicks))
  const order = { desk, ref: index + 1, symbol: spec.symbol, side, priceTicks, sizeLots } as const
  return submit({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' }).filledLots
}
