// The run that the flags of a command describe: the header of its tape, and the users' orders. For run, record,
// export, verify.

import { randomInt } from 'node:crypto'
import { SIMULATION_PRESETS } from '@papertape/protocol'
import { openInput } from '../../input/input-file.ts'
import { readAll } from '../../input/open-replay.ts'
import { INSTRUMENTS } from '../../market/instruments.ts'
import type { PlannedScenario } from '../../planned-scenario.ts'
import type { TimedCommand } from '../../recording/market-run.ts'
import type { TapeFormat, TapeHeader } from '../../recording/tape.ts'
import { runHeader, runTimes } from '../../run-options/run-header.ts'
import { parseScenarioSchedule, ScheduleError } from '../../run-options/scenario-schedule.ts'
import type { CommandLine } from '../arguments.ts'
import { failed, usageFailure } from '../failure.ts'
import { parseChoice, parseDuration, parseSeed, parseSymbolCount } from './flag-values.ts'
import { createRunOrdersParser, hashRunOrders } from './run-orders.ts'

export type Flags = CommandLine['flags']

export interface RunPlan {
  readonly header: TapeHeader
  readonly orders: readonly TimedCommand[]
}

/** Drawn seeds are below this: short enough to type. */
const DRAWN_SEEDS = 1_000_000

/** @throws {CliFailure} */
export async function planRun(flags: Flags, lines: TapeFormat, begunSeed?: number | null): Promise<RunPlan> {
  const text = (name: string, standard: string) => (flags[name] as string | undefined) ?? standard
  const seed = parseSeed(text('seed', String(begunSeed ?? randomInt(DRAWN_SEEDS))))
  const symbols = parseSymbolCount(text('symbols', '20'))
  const durationMs = parseDuration(text('duration', '1h'))
  const times = runTimes(durationMs)
  const orders = await readRunOrders(flags.orders as string | undefined, times)
  const preset = parseChoice('preset', text('preset', 'mixed'), SIMULATION_PRESETS)
  const scenarios = readSchedule(flags.scenario as string | undefined, times)
  const header = runHeader({ lines, seed, preset, scenarios, symbols, durationMs, orders: hashRunOrders(orders) })
  return { header, orders }
}

function readSchedule(text: string | undefined, times: Parameters<typeof parseScenarioSchedule>[1]): PlannedScenario[] {
  try {
    return parseScenarioSchedule(text, times)
  } catch (error) {
    if (error instanceof ScheduleError) throw usageFailure(error.message)
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
export function checkSeeded(file: string, { seed, preset, symbols, from }: TapeHeader): void {
  if (from !== undefined) throw failed(`${file} starts at event ${from}: only a whole tape can be repeated`)
  if (seed === null) throw failed(`${file} is a replay of real data: there is no seed to repeat it from`)
  const listed = INSTRUMENTS.slice(0, symbols.length).map(spec => spec.symbol)
  if (listed.length === 0 || listed.join() !== symbols.join()) {
    throw failed(`${file} has symbols that this simulator does not know: ${symbols.join(', ')}`)
  }
  if (!SIMULATION_PRESETS.some(name => name === preset)) throw failed(`${file} has an unknown preset: ${preset}`)
}
