// How large orders are: round numbers most of the time, odd lots now and then, and a heavy tail.
// Pure draws from the stream that is handed in. Every agent that places orders sizes them here.

import type { Random } from '../random.ts'
import { pareto } from '../variates.ts'

/** A resting order: one, two, three or five round lots, sometimes ten, sometimes an odd number. */
export function restingSize(random: Random, roundLots: number): number {
  const draw = random.unit()
  if (draw < 0.46) return roundLots
  if (draw < 0.64) return roundLots * 2
  if (draw < 0.72) return roundLots * 3
  if (draw < 0.79) return roundLots * 5
  if (draw < 0.82) return roundLots * 10
  return 1 + random.below(roundLots * 2)
}

/** A marketable order: heavy-tailed, rounded to what people type, at most `mostLots`. */
export function takingSize(random: Random, roundLots: number, mostLots: number): number {
  const lots = 0.6 * roundLots * pareto(random)
  const step = random.chance(0.65) ? roundLots : random.chance(0.5) ? 10 : 1
  return Math.min(mostLots, Math.max(step === 1 ? 1 : step, Math.round(lots / step) * step))
}
