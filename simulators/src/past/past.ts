// The past of a simulated market: bars of a minute for the days before its first event, which end at the price at
// which it begins. No order was traded in it: to simulate whole days order by order takes minutes (decision 0020). It
// is walked back from the beginning of the market, so that more days leave the later ones unchanged. Pure; used by the
// feed.

import { type Bar, type InstrumentSpec, toPrice } from '@papertape/protocol'
import { FACTOR_VOLATILITY } from '../market/agents/common-factor.ts'
import { NEWS_A_DAY, NEWS_SIZE, paceOf } from '../market/agents/fundamental-value.ts'
import { createVolatility } from '../market/agents/volatility.ts'
import { createIntradayProfile, OVERNIGHT, SESSION_MS, type SessionHours } from '../market/intraday-profile.ts'
import { parametersOf } from '../market/liquidity.ts'
import type { Preset } from '../market/preset.ts'
import { type Random, seedRandom } from '../market/random/random.ts'
import { exponential, normal } from '../market/random/variates.ts'
import type { MarketSettings } from '../market/settings/market-schema.ts'
import { formMinuteBar } from './minute-bar.ts'

export interface PastSettings {
  readonly seed: number
  /** All symbols trade in this regime; each in its own when absent. */
  readonly preset?: Preset | undefined
  /** What differs from the usual market. */
  readonly settings?: MarketSettings | undefined
  /** Market time at which the market began. */
  readonly openTime: number
  /** Whole days of UTC before that in which it began, from 1. */
  readonly days: number
  /** Of a market with a schedule; null: it never stops. */
  readonly hours: SessionHours | null
}

export interface PastDay {
  /** Oldest first. */
  readonly bars: readonly Bar[]
  /** The last price of the day before. */
  readonly previousClose: number
}

export interface Past {
  /**
   * An instrument's days, newest first: the part of the day in which the market began, which may be empty, and the days
   * before it.
   */
  daysOf(spec: InstrumentSpec): Generator<PastDay, void>
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Daily figures of the market model are those of a session. */
const SESSION_MINUTES = SESSION_MS / MINUTE_MS
/** Orders move the price beyond the fundamental value: the model's returns of a minute are so much larger than its. */
const TRADING_VOLATILITY = 1.4
/** Time constant of the reversion to the listing price: ten sessions, as in the market. */
const REVERSION_MINUTES = 10 * SESSION_MINUTES
/** How far the first and the last price of a minute are from its value, in standard deviations of its return. */
const PRICE_NOISE = 0.25
/** How much of a minute's move lies between the last trade before it and its first. */
const BEFORE_FIRST_TRADE = 0.15
/** More is traded in a minute that moves the price; the mean of both together is 1. */
const BUSY_AT_REST = 0.6
const BUSY_BY_MOVE = 0.5

export function createPast(settings: PastSettings): Past {
  const { openTime, days, hours } = settings
  const { startMs, endMs } = hours ?? { startMs: 0, endMs: DAY_MS }
  const factorAt = createFactor(settings.seed)
  /** After the end of trading the next day has begun. */
  const openDay = Math.floor((openTime + DAY_MS - endMs) / DAY_MS)

  function* daysOf(spec: InstrumentSpec): Generator<PastDay, void> {
    const walk = createWalk(spec, settings, factorAt)
    for (let day = openDay; day >= openDay - days; day--) {
      const startTime = day * DAY_MS + startMs
      const endTime = Math.min(day * DAY_MS + endMs, openTime - (openTime % MINUTE_MS))
      const profile = createIntradayProfile(startTime, endMs - startMs)
      const bars: Bar[] = []
      for (let time = endTime - MINUTE_MS; time >= startTime; time -= MINUTE_MS) {
        bars.push(walk.stepBack(time, profile.volatilityAt(time), profile.activityAt(time)))
      }
      if (hours !== null && bars.length > 0) walk.stepBackOvernight()
      yield { bars: bars.reverse(), previousClose: toPrice(spec, walk.closeTicks) }
    }
  }

  return { daysOf }
}

type FactorAt = (minutesBack: number) => number

/** The common return of the market by minute, counted back from its beginning; computed once for all instruments. */
function createFactor(seed: number): FactorAt {
  const random = seedRandom(seed, '*', 'past')
  const volatility = createVolatility(random, [], MINUTE_MS / 1_000)
  const returns: number[] = []
  return minutesBack => {
    while (returns.length <= minutesBack) {
      returns.push((FACTOR_VOLATILITY / Math.sqrt(SESSION_MINUTES)) * volatility.next() * normal(random))
    }
    return returns[minutesBack]!
  }
}

/**
 * The value of one instrument, walked back in time: volatility, reversion and returns are those of the market's
 * fundamental value (agents/fundamental-value.ts), all of which are the same in both directions of time.
 */
function createWalk(spec: InstrumentSpec, { seed, preset, settings }: PastSettings, factorAt: FactorAt) {
  const random = seedRandom(seed, spec.symbol, 'past')
  const volatility = createVolatility(random, [], MINUTE_MS / 1_000)
  const { beta, dailyVolatility, dailyLots, halfSpreadTicks, marketableLots } = parametersOf(spec, preset, settings)
  const perMinute = dailyVolatility / Math.sqrt(SESSION_MINUTES)
  const listedTicks = spec.previousCloseTicks
  let minutesBack = 0
  let valueTicks = listedTicks
  let closeTicks = listedTicks

  const withinRange = (ticks: number) => Math.min(listedTicks * 2, Math.max(listedTicks / 2, ticks))
  const priceNear = (ticks: number, reachTicks: number) =>
    Math.max(1, Math.round(ticks + reachTicks * (random.unit() * 2 - 1)))

  return {
    /** The last price before what has been walked. */
    get closeTicks() {
      return closeTicks
    },
    /** The bar of the minute before those that have been walked. */
    stepBack(time: number, volatilityShape: number, activityShape: number): Bar {
      const level = volatilityShape * volatility.next()
      const move = normal(random)
      const ownReturn = perMinute * level * move + drawNews(random, dailyVolatility)
      const change = TRADING_VOLATILITY * (volatilityShape * beta * factorAt(minutesBack++) + ownReturn)
      const deviationTicks = TRADING_VOLATILITY * perMinute * level * valueTicks
      valueTicks = withinRange(valueTicks * (1 + change) + (listedTicks - valueTicks) / REVERSION_MINUTES)
      const reachTicks = halfSpreadTicks + deviationTicks * PRICE_NOISE
      const pace = activityShape * paceOf(volatility.level) * (BUSY_AT_REST + BUSY_BY_MOVE * Math.abs(move))
      const bar = formMinuteBar(random, spec, {
        time,
        openTicks: priceNear(valueTicks + (closeTicks - valueTicks) * BEFORE_FIRST_TRADE, reachTicks),
        closeTicks,
        deviationTicks,
        meanLots: (dailyLots / SESSION_MINUTES) * pace,
        tradeLots: marketableLots,
      })
      closeTicks = priceNear(valueTicks, reachTicks)
      return bar
    },
    /** The move from the close of a day to the open of the one that has been walked. */
    stepBackOvernight(): void {
      valueTicks = withinRange(valueTicks * (1 + OVERNIGHT * dailyVolatility * normal(random)))
      closeTicks = Math.round(valueTicks)
    },
  }
}

/** The jump of the value in a minute, which mostly has none. */
function drawNews(random: Random, dailyVolatility: number): number {
  if (!random.chance(NEWS_A_DAY / SESSION_MINUTES)) return 0
  const size = dailyVolatility * NEWS_SIZE * (0.5 + exponential(random))
  return random.chance(0.5) ? size : -size
}
