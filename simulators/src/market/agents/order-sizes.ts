// Draws order sizes: mostly round lots, some odd lots, and a heavy tail. Used by every agent that places orders.

import type { TradingParameters } from '../liquidity.ts'
import type { Random } from '../random/random.ts'
import { pareto } from '../random/variates.ts'

/** Tail exponent of sizes, and the largest marketable order as a multiple of the usual one. */
const TAIL = 1.6
const MARKETABLE_MOST = 4

/** A resting order: exactly one round lot, a few of them, or an odd number below one. */
export function restingSize(
  random: Random,
  { roundLots, oneLotShare, oddShare, largeLots }: TradingParameters,
): number {
  const draw = random.unit()
  if (draw < oneLotShare) return roundLots
  if (draw < oneLotShare + oddShare) return 1 + random.below(roundLots - 1)
  return roundLots * (2 + Math.min(40, Math.floor(largeLots * (pareto(random, TAIL) - 1))))
}

/** A marketable order: heavy-tailed, mostly rounded to round lots. */
export function marketableSize(random: Random, { marketableLots, roundLots }: TradingParameters): number {
  const lots = marketableLots * pareto(random, TAIL)
  const step = random.chance(0.6) ? roundLots : 1
  return Math.min(MARKETABLE_MOST * marketableLots, Math.max(step, Math.round(lots / step) * step))
}
