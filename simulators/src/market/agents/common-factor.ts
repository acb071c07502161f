// The market's mood: one return a second that every symbol shares in by its beta, with a volatility that comes and goes.
// Places no orders. Woken before the fundamentals, which read it at the same millisecond.

import { DAY_S } from '../intraday-profile.ts'
import type { Random } from '../random/random.ts'
import { normal } from '../random/variates.ts'
import type { Agent } from './agent.ts'
import { createVolatility } from './volatility.ts'

export const VALUE_STEP_MS = 1000

const PER_SECOND = 0.006 / Math.sqrt(DAY_S)

export interface CommonFactor extends Agent {
  /** The market's return of this second. */
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
    wake(time) {
      stepReturn = Math.round(PER_SECOND * volatility.next() * normal(random) * 1e9) / 1e9
      return time + VALUE_STEP_MS
    },
    save: () => [stepReturn, ...volatility.save()],
  }
}
