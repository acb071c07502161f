// The run that the flags of a command describe: the header of its tape, and the users' orders. For run, record,
// export, verify.

import { randomInt } from 'node:crypto'
import { SIMULATION_PRESETS } from '@papertape/protocol'
import { checkConfiguration } from '../../configuration/check-configuration.ts'
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import {
  type Configuration,
  completeConfiguration,
  differenceFromUsual,
} from '../../configuration/whole-configuration.ts'
import { openInput } from '../../input/input-file.ts'
import { readAll } from '../../input/open-replay.ts'
import { instrumentsOf } from '../../market/instruments.ts'
import type { PlannedScenario } from '../../planned-scenario.ts'
import type { TimedCommand } from '../../recording/market-run.ts'
import type { TapeFormat, TapeHeader } from '../../recording/tape.ts'
import { runHeader, runTimes } from '../../run-options/run-header.ts'
import { parseScenarioSchedule, ScheduleError } from '../../run-options/scenario-schedule.ts'
import { readTimeOfDay } from '../../run-options/time-of-day.ts'
import { failed, usageFailure } from '../failure.ts'
import { parseDuration } from './flag-values.ts'
import { type Flags, readConfiguration } from './run-configuration.ts'
import { createRunOrdersParser, hashRunOrders } from './run-orders.ts'

export interface RunPlan {
  /** With a value for everything: what --print-config prints. */
  readonly configuration: Configuration
  readonly header: TapeHeader
  readonly orders: readonly TimedCommand[]
}

/** Drawn seeds are below this: short enough to type. */
const DRAWN_SEEDS = 1_000_000

/** @throws {CliFailure} */
export async function planRun(flags: Flags, lines: TapeFormat, begunSeed?: number | null): Promise<RunPlan> {
  const configuration = completeConfiguration(await readConfiguration(flags), begunSeed ?? randomInt(DRAWN_SEEDS))
  const { seed, preset, symbols, session } = configuration
  const [startMs, durationMs] = [readTimeOfDay(session.start)!, parseDuration(session.duration)]
  const times = runTimes(durationMs, startMs)
  const orders = await readRunOrders(flags.orders as string | undefined, times)
  const run = { lines, seed, preset, symbols, durationMs, startMs, orders: hashRunOrders(orders) }
  const difference = differenceFromUsual(configuration)
  const changes = Object.keys(difference).length === 0 ? {} : { configuration: difference }
  const scenarios = readSchedule(configuration, times, flags.scenario === undefined ? 'session.scenario: ' : '')
  return { configuration, header: runHeader({ ...run, scenarios, ...changes }), orders }
}

/** @param source begins an error. */
function readSchedule(
  { session, ...configuration }: Configuration,
  times: Parameters<typeof parseScenarioSchedule>[1],
  source: string,
): PlannedScenario[] {
  try {
    return parseScenarioSchedule(session.scenario === '' ? undefined : session.scenario, times, configuration)
  } catch (error) {
    if (error instanceof ScheduleError) throw usageFailure(source + error.message)
    throw error
  }
}

/** Those of a file; none without one. @throws {CliFailure} at the line that is not an order of this run. */
export async function readRunOrders(
  file: string | undefined,
  times: Parameters<typeof createRunOrdersParser>[1],
): Promise<readonly TimedCommand[]> {
  if (file === undefined) return []
  const input = await openInput(file)
  try {
    return await readAll(input, createRunOrdersParser(file, times))
  } finally {
    await input.close()
  }
}

/** The users' orders of a tape, whose header has only their hash. */
export async function ordersOfTape(
  file: string,
  header: TapeHeader,
  ordersFile: string | undefined,
): Promise<readonly TimedCommand[]> {
  const orders = await readRunOrders(ordersFile, header)
  if (hashRunOrders(orders) === header.orders) return orders
  if (header.orders === null) throw failed(`${file} was made without users' orders: leave out --orders`)
  throw failed(`${file} was made with users' orders: give the same file with --orders`)
}

/** @throws {CliFailure} when this simulator cannot repeat the run of the header. */
export function checkSeeded(file: string, { seed, preset, symbols, configuration = {}, from }: TapeHeader): void {
  if (from !== undefined) throw failed(`${file} starts at event ${from}: only a whole tape can be repeated`)
  if (seed === null) throw failed(`${file} is a replay of real data: there is no seed to repeat it from`)
  if (!SIMULATION_PRESETS.some(name => name === preset)) throw failed(`${file} has an unknown preset: ${preset}`)
  try {
    checkConfiguration({ ...configuration, preset }, `${file} has a configuration that this simulator does not know`)
    instrumentsOf(symbols, undefined, configuration)
  } catch (error) {
    if (error instanceof ConfigurationError) throw failed(error.message)
    if (!(error instanceof RangeError)) throw error
    throw failed(`${file} has symbols that this simulator does not know: ${symbols.join(', ')}`)
  }
}
