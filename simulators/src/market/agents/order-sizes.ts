// How large orders are: round numbers most of the time, odd lots now and then, and a heavy tail.
// Pure draws from the stream that is handed in. Every agent that places orders sizes them here.

import type { Habits } from '../liquidity.ts'
import type { Random } from '../random/random.ts'
import { pareto } from '../random/variates.ts'

/** Tail of sizes, and the largest marketable order, in usual ones. */
const TAIL = 1.6
const TAKING_MOST = 4

/** A resting order: exactly one round lot, a few of them, or an odd number below one. */
export function restingSize(random: Random, { roundLots, oneLotShare, oddShare, largeLots }: Habits): number {
  const draw = random.unit()
  if (draw < oneLotShare) return roundLots
  if (draw < oneLotShare + oddShare) return 1 + random.below(roundLots - 1)
  return roundLots * (2 + Math.min(40, Math.floor(largeLots * (pareto(random, TAIL) - 1))))
}

/** A marketable order: heavy-tailed, rounded to what people type. */
export function takingSize(random: Random, { takingLots, roundLots }: Habits): number {
  const lots = takingLots * pareto(random, TAIL)
  const step = random.chance(0.6) ? roundLots : 1
  return Math.min(TAKING_MOST * takingLots, Math.max(step, Math.round(lots / step) * step))
}
