// Parses and formats --scenario: scenario names with their start, such as `flash-crash@10:30,halt+2h`.

import { readDuration } from '../../duration.ts'
import { SCENARIOS } from '../../market/scenarios/catalogue.ts'
import { isScenarioName, type PlannedScenario, SCENARIO_NAMES } from '../../planned-scenario.ts'
import { type CliFailure, didYouMean, usageFailure } from '../failure.ts'
import { parseMoment, timeOfDay } from './time-of-day.ts'

interface RunTimes {
  readonly startTime: number
  readonly midnightTime: number
  readonly durationMs: number
}

/** @throws {CliFailure} with the known names. */
export function parseScenarioSchedule(text: string | undefined, times: RunTimes): PlannedScenario[] {
  if (text === undefined) return []
  return text.split(',').map(part => parseEntry(part, times))
}

/** The inverse of parseScenarioSchedule. */
export function formatScenarioSchedule(scenarios: readonly PlannedScenario[], midnightTime: number): string {
  return scenarios.map(({ name, startTime }) => `${name}@${timeOfDay(startTime, midnightTime)}`).join()
}

export function unknownScenario(name: string): CliFailure {
  return usageFailure(
    `there is no scenario "${name}": the scenarios are ${SCENARIO_NAMES.join(', ')}${didYouMean(name, SCENARIO_NAMES)}`,
  )
}

function parseEntry(text: string, times: RunTimes): PlannedScenario {
  const [, name = '', sign, when = ''] = /^([^@+]*)(?:([@+])(.*))?$/.exec(text) ?? []
  if (!isScenarioName(name)) throw unknownScenario(name)
  const startTime = startOf(sign, when, SCENARIOS[name].usualStartMs, times)
  const endTime = times.startTime + times.durationMs
  if (startTime !== undefined && startTime < endTime) return { name, startTime }
  const run = `the run goes from ${timeOfDay(times.startTime, times.midnightTime)} to ${timeOfDay(endTime, times.midnightTime)}`
  throw usageFailure(`--scenario takes ${name}@10:30 or ${name}+20m, within the run, not "${text}": ${run}`)
}

function startOf(sign: string | undefined, when: string, usualStartMs: number, times: RunTimes): number | undefined {
  const { startTime, midnightTime } = times
  if (sign === undefined) return startTime + usualStartMs
  if (sign === '+') return startTime + (readDuration(when) ?? Number.NaN)
  return parseMoment(when, midnightTime, startTime)
}
