// What a share is worth: a slow random walk, part the market's and part its own, with a volatility of its own and a weak
// pull back to where it was listed, so that a market left running for months stays in its range.
// Places no orders. Makers learn of it slowly, the arbitrageur at once.

import { DAY_S } from '../liquidity.ts'
import { normal, round4 } from '../variates.ts'
import type { Agent, AgentStart, AgentState, Valuation } from './agent.ts'
import { type CommonFactor, nextVolatility, VALUE_STEP_MS } from './common-factor.ts'

/** How long the pull back to the listing price takes: ten trading days. */
const HOME_S = 10 * DAY_S

export interface Fundamental extends Agent, Valuation {}

export function createFundamental(start: AgentStart, factor: CommonFactor): Fundamental {
  const { ground, random } = start
  const homeTicks = ground.spec.previousCloseTicks
  const { beta, dailyVolatility } = ground.liquidity
  const perSecond = dailyVolatility / Math.sqrt(DAY_S)
  let nextTime = start.nextTime
  let valueTicks = start.own[0] ?? homeTicks
  let volatility = start.own[1] ?? 1

  function wake(time: number): void {
    volatility = nextVolatility(volatility, random)
    const stepReturn = beta * factor.stepReturn + perSecond * volatility * normal(random)
    const moved = valueTicks * (1 + stepReturn) + (homeTicks - valueTicks) / HOME_S
    // The pull makes these walls all but unreachable; they are what lets everybody else rely on the range.
    valueTicks = round4(Math.min(homeTicks * 2, Math.max(homeTicks / 2, moved)))
    nextTime = time + VALUE_STEP_MS
  }

  return {
    get nextTime() {
      return nextTime
    },
    get valueTicks() {
      return valueTicks
    },
    wake,
    save: (): AgentState => [random.save(), nextTime, valueTicks, volatility],
  }
}
