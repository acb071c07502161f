// The intraday pattern of activity, volatility and spread, as multiples of the day's mean: busy at the open, quiet at
// midday, busiest at the close. A market that runs around the clock repeats the session; one with hours has it between
// them, and a night. Used by the agents that set the pace.

import { DAY_MS } from '../time-units.ts'

/** A trading session of 6.5 hours. */
export const SESSION_MS = 23_400_000
/** Daily figures are scaled by its square root. */
export const SESSION_S = SESSION_MS / 1000

/** At the ends of the thirteen half hours, linear between them. */
const ACTIVITY = [1.75, 1.4, 1.2, 1.03, 0.9, 0.8, 0.74, 0.71, 0.71, 0.75, 0.84, 1.0, 1.6, 5.8]
const VOLATILITY = [1.9, 1.75, 1.58, 1.4, 1.2, 1.0, 0.86, 0.76, 0.7, 0.67, 0.67, 0.67, 0.74, 0.95]

const SPREAD = [2, 1.4, 1.1, 1.05, 1.05, 1.05, 1, 0.95, 0.95, 0.95, 0.95, 0.9, 0.8, 0.7]

/** The move of the value in a night, in daily standard deviations. */
export const OVERNIGHT = 0.5
/** Of agents that find the market closed. */
const NIGHT_ACTIVITY = Math.min(...ACTIVITY)

export interface IntradayProfile {
  activityAt(time: number): number
  volatilityAt(time: number): number
  spreadAt(time: number): number
}

/** Times of day in UTC between which a market trades continuously. */
export interface SessionHours {
  readonly startMs: number
  readonly endMs: number
}

/** @param openTime market time of an open; sessions of this length follow each other from there. */
export function createIntradayProfile(openTime: number, lengthMs = SESSION_MS): IntradayProfile {
  return {
    activityAt: time => shapeAt(ACTIVITY, ((time - openTime) % lengthMs) / lengthMs),
    volatilityAt: time => shapeAt(VOLATILITY, ((time - openTime) % lengthMs) / lengthMs),
    spreadAt: time => shapeAt(SPREAD, ((time - openTime) % lengthMs) / lengthMs),
  }
}

/** The session lies between the hours of each day, whatever its length. */
export function createDailyProfile({ startMs, endMs }: SessionHours): IntradayProfile {
  const lengthMs = endMs - startMs
  const session = createIntradayProfile(startMs, lengthMs)
  const nightVolatility = OVERNIGHT * Math.sqrt(SESSION_MS / (DAY_MS - lengthMs))
  const daily = (inSession: (timeOfDay: number) => number, atNight: number) => (time: number) => {
    const timeOfDay = time % DAY_MS
    return timeOfDay >= startMs && timeOfDay < endMs ? inSession(timeOfDay) : atNight
  }
  return {
    activityAt: daily(session.activityAt, NIGHT_ACTIVITY),
    volatilityAt: daily(session.volatilityAt, nightVolatility),
    // As the next session begins.
    spreadAt: daily(session.spreadAt, SPREAD[0]!),
  }
}

/** @param part of the session that has passed, from 0 up to 1. */
function shapeAt(shape: readonly number[], part: number): number {
  const at = part * (shape.length - 1)
  const before = Math.floor(at)
  const from = shape[before]!
  return from + (shape[before + 1]! - from) * (at - before)
}
