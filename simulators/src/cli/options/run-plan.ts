// What the flags of a command ask of the simulated market: the header of its tape, and the orders that users send into the
// run. For run, record, export and verify.

import { randomInt } from 'node:crypto'
import { openInput } from '../../input/input-file.ts'
import { readAll } from '../../input/open-replay.ts'
import { INSTRUMENTS, selectInstruments } from '../../market/instruments.ts'
import { PRESETS } from '../../market/preset.ts'
import type { TimedCommand } from '../../recording/market-run.ts'
import { TAPE_VERSION, type TapeFormat, type TapeHeader } from '../../recording/tape.ts'
import type { CommandLine } from '../arguments.ts'
import { failed } from '../failure.ts'
import { parseChoice, parseDuration, parseSeed, parseSymbolCount } from './flag-values.ts'
import { createRunOrdersParser, hashRunOrders } from './run-orders.ts'
import { parseScenarioSchedule } from './scenario-schedule.ts'

export type Flags = CommandLine['flags']

export interface RunPlan {
  readonly header: TapeHeader
  readonly orders: readonly TimedCommand[]
}

/** A Monday in New York; fixed, so that a seed alone makes the bytes. It trades from 09:30 to 16:00. */
const MIDNIGHT_TIME = Date.UTC(2026, 0, 5, 5)
const START_TIME = MIDNIGHT_TIME + 9.5 * 3_600_000
const MIXED = 'mixed'
export const RUN_PRESETS = [...PRESETS, MIXED] as const
/** Small enough to be typed again. */
const DRAWN_SEEDS = 1_000_000

/** @throws {CliFailure} */
export async function planRun(flags: Flags, lines: TapeFormat, begunSeed?: number | null): Promise<RunPlan> {
  const text = (name: string, standard: string) => (flags[name] as string | undefined) ?? standard
  const seed = parseSeed(text('seed', String(begunSeed ?? randomInt(DRAWN_SEEDS))))
  const symbols = selectInstruments(parseSymbolCount(text('symbols', '20'))).map(spec => spec.symbol)
  const durationMs = parseDuration(text('duration', '1h'))
  const times = { startTime: START_TIME, midnightTime: MIDNIGHT_TIME, durationMs }
  const orders = await readRunOrders(flags.orders as string | undefined, times)
  const preset = parseChoice('preset', text('preset', MIXED), RUN_PRESETS)
  const scenarios = parseScenarioSchedule(flags.scenario as string | undefined, times)
  const about = { format: 'papertape', version: TAPE_VERSION, lines, seed, preset, scenarios, symbols } as const
  return { header: { ...about, ...times, orders: hashRunOrders(orders) }, orders }
}

async function readRunOrders(
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

/** The orders that a tape was made with; it names them by their hash alone. */
export async function ordersOfTape(
  file: string,
  header: TapeHeader,
  ordersFile: string | undefined,
): Promise<readonly TimedCommand[]> {
  const orders = await readRunOrders(ordersFile, header)
  if (hashRunOrders(orders) === header.orders) return orders
  if (header.orders === null) throw failed(`${file} was made without orders of users: leave --orders out`)
  throw failed(`${file} was made with orders of users: give the same ones with --orders`)
}

/** @throws {CliFailure} when the header is not one of a run that this simulator can make again. */
export function checkSeeded(file: string, { seed, preset, symbols, from }: TapeHeader): void {
  if (from !== undefined) throw failed(`${file} starts at event ${from}: only a whole tape can be run again`)
  if (seed === null) throw failed(`${file} is a replay of real data: there is no seed to run again`)
  const listed = INSTRUMENTS.slice(0, symbols.length).map(spec => spec.symbol)
  if (listed.length === 0 || listed.join() !== symbols.join()) {
    throw failed(`${file} has symbols that this simulator does not list: ${symbols.join(', ')}`)
  }
  if (!RUN_PRESETS.some(name => name === preset)) throw failed(`${file} is of a preset that is not known: ${preset}`)
}
