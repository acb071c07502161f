// The fundamental value of a share: a random walk with a common and an own part, clustered volatility, news jumps, and
// a weak mean reversion to the listing price that keeps a market running for months in its price range. Also sets the
// symbol's pace from its volatility. Places no orders.

import { type IntradayProfile, SESSION_S } from '../intraday-profile.ts'
import { exponential, normal, round4 } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import { type CommonFactor, VALUE_STEP_US } from './common-factor.ts'
import { createVolatility } from './volatility.ts'

/** Time constant of the reversion to the listing price: ten trading days. */
const REVERSION_S = 10 * SESSION_S
/** News a day, and the mean size of the jump, in daily standard deviations. */
export const NEWS_A_DAY = 4
export const NEWS_SIZE = 0.04

export interface Fundamental extends Agent {
  readonly valueTicks: number
  /** A multiple of the usual. */
  readonly volatility: number
  /** Multiplies the rate at which agents act; 1 is the day's mean. */
  readonly pace: number
  /** Changes the value at once. */
  jump(fraction: number): void
}

export function createFundamental(
  start: AgentStart,
  factor: CommonFactor,
  session: IntradayProfile,
  onValue: ((symbol: number, time: number, valueTicks: number) => void) | undefined,
): Fundamental {
  const { traded, random } = start
  const { conditions } = traded
  const listedTicks = traded.spec.previousCloseTicks
  const { beta, dailyVolatility } = traded.parameters
  const perSecond = dailyVolatility / Math.sqrt(SESSION_S)
  const [savedValue, savedLevel, savedPace, ...savedVolatility] = start.own
  const volatility = createVolatility(random, savedVolatility)
  let valueTicks = savedValue ?? listedTicks
  let level = savedLevel ?? 1
  let pace = savedPace ?? 1

  function wake(timeUs: number): number {
    const time = timeUs / 1000
    const shape = session.volatilityAt(time) * conditions.volatility
    level = round4(shape * volatility.next())
    let stepReturn = shape * beta * factor.stepReturn + perSecond * level * normal(random)
    if (random.chance(NEWS_A_DAY / SESSION_S)) {
      const size = dailyVolatility * NEWS_SIZE * (0.5 + exponential(random))
      stepReturn += random.chance(0.5) ? size : -size
    }
    const moved = valueTicks * (1 + stepReturn) + (listedTicks - valueTicks) / REVERSION_S
    // Mean reversion makes these limits nearly unreachable; the other agents rely on them.
    valueTicks = withinRange(moved)
    onValue?.(traded.index, time, valueTicks)
    pace = round4(session.activityAt(time) * paceOf(volatility.level) * conditions.activity)
    return timeUs + VALUE_STEP_US
  }

  function withinRange(ticks: number): number {
    return round4(Math.min(listedTicks * 2, Math.max(listedTicks / 2, ticks)))
  }

  return {
    get valueTicks() {
      return valueTicks
    },
    get volatility() {
      return level
    },
    get pace() {
      return pace
    },
    jump(fraction) {
      valueTicks = withinRange(valueTicks * (1 + fraction))
    },
    wake,
    save: () => [valueTicks, level, pace, ...volatility.save()],
  }
}

/** Activity grows with volatility to the power 3/4; the factor makes its mean 1. */
export function paceOf(volatility: number): number {
  return Math.min(4, Math.max(0.3, Math.sqrt(volatility * Math.sqrt(volatility)) * 1.1))
}
