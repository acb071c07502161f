// The common return of the market: one a second, which each symbol shares by its beta, with clustered volatility.
// Places no orders. Wakes before the fundamental values, which read it at the same time.

import { SESSION_S } from '../intraday-profile.ts'
import type { Random } from '../random/random.ts'
import { normal } from '../random/variates.ts'
import type { Agent } from './agent.ts'
import { createVolatility } from './volatility.ts'

export const VALUE_STEP_US = 1_000_000

/** Standard deviation of the market's return in a session. */
export const FACTOR_VOLATILITY = 0.006
const PER_SECOND = FACTOR_VOLATILITY / Math.sqrt(SESSION_S)

export interface CommonFactor extends Agent {
  /** The return of this second. */
  readonly stepReturn: number
}

export function createCommonFactor(start: { random: Random; own: readonly number[] }): CommonFactor {
  const { random } = start
  const [savedReturn, ...savedVolatility] = start.own
  const volatility = createVolatility(random, savedVolatility)
  let stepReturn = savedReturn ?? 0
  return {
    get stepReturn() {
      return stepReturn
    },
    wake(timeUs) {
      stepReturn = Math.round(PER_SECOND * volatility.next() * normal(random) * 1e9) / 1e9
      return timeUs + VALUE_STEP_US
    },
    save: () => [stepReturn, ...volatility.save()],
  }
}
