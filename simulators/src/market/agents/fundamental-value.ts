// What a share is worth: a random walk, part the market's and part its own, with a volatility that clusters, news that makes
// it jump, and a weak pull back to where it was listed, so that a market left running for months stays in its range. Also the
// symbol's pace, since what moves prices keeps traders busy. Places no orders.

import { DAY_S, type SessionClock } from '../intraday-profile.ts'
import { exponential, normal, round4 } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import { type CommonFactor, VALUE_STEP_MS } from './common-factor.ts'
import { createVolatility } from './volatility.ts'

/** How long the pull back to the listing price takes: ten trading days. */
const HOME_S = 10 * DAY_S
/** News a day, and the mean size of what it does, in standard deviations of a day. */
const NEWS_A_DAY = 4
const NEWS_SIZE = 0.04

export interface Fundamental extends Agent {
  readonly valueTicks: number
  /** As a multiple of the usual. */
  readonly volatility: number
  /** How busy everybody is: a multiple of the day's mean. */
  readonly pace: number
  /** From one moment to the next it is worth so much more. */
  jump(fraction: number): void
}

export function createFundamental(
  start: AgentStart,
  factor: CommonFactor,
  session: SessionClock,
  onValue: ((symbol: number, time: number, valueTicks: number) => void) | undefined,
): Fundamental {
  const { ground, random } = start
  const { climate } = ground
  const homeTicks = ground.spec.previousCloseTicks
  const { beta, dailyVolatility } = ground.habits
  const perSecond = dailyVolatility / Math.sqrt(DAY_S)
  const [savedValue, savedLevel, savedPace, ...savedVolatility] = start.own
  const volatility = createVolatility(random, savedVolatility)
  let valueTicks = savedValue ?? homeTicks
  let level = savedLevel ?? 1
  let pace = savedPace ?? 1

  function wake(time: number): number {
    const shape = session.volatilityAt(time) * climate.volatility
    level = round4(shape * volatility.next())
    let stepReturn = shape * beta * factor.stepReturn + perSecond * level * normal(random)
    if (random.chance(NEWS_A_DAY / DAY_S)) {
      const size = dailyVolatility * NEWS_SIZE * (0.5 + exponential(random))
      stepReturn += random.chance(0.5) ? size : -size
    }
    const moved = valueTicks * (1 + stepReturn) + (homeTicks - valueTicks) / HOME_S
    // The pull makes these walls all but unreachable; they are what lets everybody else rely on the range.
    valueTicks = withinWalls(moved)
    onValue?.(ground.index, time, valueTicks)
    pace = round4(session.activityAt(time) * paceOf(volatility.level) * climate.activity)
    return time + VALUE_STEP_MS
  }

  function withinWalls(ticks: number): number {
    return round4(Math.min(homeTicks * 2, Math.max(homeTicks / 2, ticks)))
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
      valueTicks = withinWalls(valueTicks * (1 + fraction))
    },
    wake,
    save: () => [valueTicks, level, pace, ...volatility.save()],
  }
}

/** Twice as volatile is not quite twice as busy: the power 3/4, and a factor that makes its mean 1. */
function paceOf(volatility: number): number {
  return Math.min(4, Math.max(0.3, Math.sqrt(volatility * Math.sqrt(volatility)) * 1.1))
}
