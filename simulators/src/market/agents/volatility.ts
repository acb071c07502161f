// Clustered volatility on time scales from seconds to hours: its logarithm is a sum of mean-reverting walks. The fast
// ones fatten the tails of short returns and average out over a minute; the slow ones give absolute returns a memory
// of an hour. One step a second, or one a minute in the past of a market.

import { exp } from '../random/deterministic-exp.ts'
import type { Random } from '../random/random.ts'
import { normal, round6 } from '../random/variates.ts'

interface VolatilityScale {
  readonly tauS: number
  /** Variance of the logarithm. */
  readonly variance: number
}

const SCALES: readonly VolatilityScale[] = [
  { tauS: 6, variance: 0.06 },
  { tauS: 60, variance: 0.05 },
  { tauS: 900, variance: 0.06 },
  { tauS: 6000, variance: 0.1 },
]

export interface Volatility {
  /** Advances by a step. Returns a multiplier whose mean square is 1. */
  next(): number
  /** The current multiplier. */
  readonly level: number
  save(): readonly number[]
}

export function createVolatility(random: Random, saved: readonly number[], stepS = 1): Volatility {
  const keeps = SCALES.map(({ tauS }) => exp(-stepS / tauS))
  const noises = SCALES.map(({ variance }, i) => Math.sqrt(variance * (1 - keeps[i]! * keeps[i]!)))
  const total = SCALES.reduce((sum, { variance }) => sum + variance, 0)
  // A new market starts at a random point of the stationary distribution.
  const walks = SCALES.map(({ variance }, i) => saved[i] ?? round6(Math.sqrt(variance) * normal(random)))
  let level = levelNow()

  function levelNow(): number {
    let log = -total
    for (const walk of walks) log += walk
    return exp(log)
  }

  return {
    next() {
      for (let i = 0; i < walks.length; i++) walks[i] = round6(walks[i]! * keeps[i]! + noises[i]! * normal(random))
      level = levelNow()
      return level
    },
    get level() {
      return level
    },
    save: () => walks,
  }
}
