// Parses and formats a schedule of scenarios: names with their start, such as `flash-crash@10:30,halt+2h`.

import { nearestName, readDuration } from '@papertape/protocol'
import { scenarioNames, scenarioOf } from '../market/scenarios/scenario-of.ts'
import type { MarketSettings } from '../market/settings/market-schema.ts'
import type { PlannedScenario } from '../planned-scenario.ts'
import { clockTime, parseMoment, timeOfDay } from './time-of-day.ts'

interface RunTimes {
  readonly startTime: number
  readonly midnightTime: number
  readonly durationMs: number
}

/** The error of a schedule that is invalid. */
export class ScheduleError extends Error {}

/**
 * @param settings have own scenarios.
 * @throws {ScheduleError} with the known names, or with the times of the run.
 */
export function parseScenarioSchedule(
  text: string | undefined,
  times: RunTimes,
  settings?: MarketSettings,
): PlannedScenario[] {
  if (text === undefined) return []
  return text.split(',').map(part => parseEntry(part, times, settings))
}

/** The inverse of parseScenarioSchedule. */
export function formatScenarioSchedule(
  scenarios: readonly PlannedScenario[],
  { midnightTime, startTime: runStart }: Pick<RunTimes, 'midnightTime' | 'startTime'>,
): string {
  const format = ({ name, startTime }: PlannedScenario) => {
    const clock = clockTime(startTime, midnightTime)
    // A time of day is the first one in the run, in whole seconds.
    const isClock = parseMoment(clock, midnightTime, runStart) === startTime
    return isClock ? `${name}@${clock}` : `${name}+${startTime - runStart}ms`
  }
  return scenarios.map(format).join()
}

export function describeUnknownScenario(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  const guess = nearest === undefined ? '' : `; did you mean ${nearest}?`
  return `there is no scenario "${name}": the scenarios are ${known.join(', ')}${guess}`
}

function parseEntry(text: string, times: RunTimes, settings: MarketSettings | undefined): PlannedScenario {
  const [, name = '', sign, when = ''] = /^([^@+]*)(?:([@+])(.*))?$/.exec(text) ?? []
  const known = scenarioNames(settings)
  if (!known.includes(name)) throw new ScheduleError(describeUnknownScenario(name, known))
  const startTime = startOf(sign, when, scenarioOf(name, settings).usualStartMs, times)
  const endTime = times.startTime + times.durationMs
  if (startTime !== undefined && startTime < endTime) return { name, startTime }
  const run = `the run goes from ${timeOfDay(times.startTime, times.midnightTime)} to ${timeOfDay(endTime, times.midnightTime)}`
  throw new ScheduleError(`a scenario is given as ${name}@10:30 or ${name}+20m, within the run, not "${text}": ${run}`)
}

function startOf(sign: string | undefined, when: string, usualStartMs: number, times: RunTimes): number | undefined {
  const { startTime, midnightTime } = times
  if (sign === undefined) return startTime + usualStartMs
  if (sign === '+') return startTime + (readDuration(when) ?? Number.NaN)
  return parseMoment(when, midnightTime, startTime)
}
