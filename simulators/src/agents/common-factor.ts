// The market's mood: one return a second that every symbol shares in by its beta, with a volatility that comes and goes.
// Places no orders. Woken before the fundamentals, which read it at the same millisecond.

import { DAY_S } from '../liquidity.ts'
import type { Random } from '../random.ts'
import { normal, round4 } from '../variates.ts'
import type { Agent, AgentState } from './agent.ts'

export const VALUE_STEP_MS = 1000

const DAILY_VOLATILITY = 0.006

export interface CommonFactor extends Agent {
  /** The market's return of this second. */
  readonly stepReturn: number
}

/**
 * The next volatility multiplier: pulled to 1 within a quarter of an hour, shaken in proportion to itself, and kept
 * between a quarter and four. Clusters like real volatility does.
 */
export function nextVolatility(volatility: number, random: Random): number {
  const next = volatility + (1 - volatility) / 900 + 0.02 * volatility * normal(random)
  return round4(Math.min(4, Math.max(0.25, next)))
}

export function createCommonFactor(start: { random: Random; nextTime: number; own: readonly number[] }): CommonFactor {
  const { random } = start
  let nextTime = start.nextTime
  let volatility = start.own[0] ?? 1
  let stepReturn = start.own[1] ?? 0
  return {
    get nextTime() {
      return nextTime
    },
    get stepReturn() {
      return stepReturn
    },
    wake(time) {
      volatility = nextVolatility(volatility, random)
      const perSecond = DAILY_VOLATILITY / Math.sqrt(DAY_S)
      stepReturn = Math.round(perSecond * volatility * normal(random) * 1e9) / 1e9
      nextTime = time + VALUE_STEP_MS
    },
    save: (): AgentState => [random.save(), nextTime, volatility, stepReturn],
  }
}
