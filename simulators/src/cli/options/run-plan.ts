// What a command line asks of the simulated market: the header of its tape, and the orders that users send into it. Where
// an interrupted command has left something unfinished, the same flags go on with it. For run, record, export, verify.

import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { PRESETS } from '../../analysis/facts/fact-targets.ts'
import { openInput } from '../../input/input-file.ts'
import { readAll } from '../../input/open-replay.ts'
import { INSTRUMENTS, selectInstruments } from '../../market/instruments.ts'
import type { TimedCommand } from '../../recording/market-run.ts'
import { encodeHeader, parseHeader, TAPE_VERSION, type TapeFormat, type TapeHeader } from '../../recording/tape.ts'
import type { CommandLine } from '../arguments.ts'
import { failed, InputFailure } from '../failure.ts'
import { note } from '../output/std-streams.ts'
import { partialOf } from '../output/text-output.ts'
import { readUnfinished, type Unfinished } from '../tapes/recording-file.ts'
import { parseChoice, parseDuration, parseSeed, parseSymbolCount } from './flag-values.ts'
import { createRunOrdersParser, hashRunOrders } from './run-orders.ts'
import { formatProgramme, parseProgramme } from './scenario-schedule.ts'
import { timeOfDay } from './time-of-day.ts'

export type Flags = CommandLine['flags']

export interface RunPlan {
  readonly header: TapeHeader
  readonly orders: readonly TimedCommand[]
  readonly unfinished?: Unfinished | undefined
  /** FILE.partial has the beginning of this tape, and nothing says where its run stood: it is run again from the start. */
  readonly repeats?: boolean
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
  const scenarios = parseProgramme(flags.scenario as string | undefined, times)
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

/**
 * The plan, and what of it has been done before: for a command that writes `file`.
 * @param journal the file that says how far an interrupted one came.
 * @throws {CliFailure} when what is unfinished is of other flags.
 */
export async function planToGoOn(flags: Flags, lines: TapeFormat, file: string, journal: string): Promise<RunPlan> {
  const partial = partialOf(file)
  const isBegun = flags.fresh !== true && existsSync(partial)
  const unfinished = isBegun && existsSync(journal) ? await readUnfinished(journal) : undefined
  const begun = unfinished?.tape ?? (isBegun ? await headerOf(partial) : undefined)
  const plan = await planRun(flags, lines, begun?.seed)
  if (begun === undefined) return plan
  if (encodeHeader(begun) !== encodeHeader(plan.header)) {
    throw failed(
      `${partial} was begun with other flags (${flagsOf(begun)}); give those to go on with it, or --fresh to start over`,
    )
  }
  if (unfinished === undefined) {
    note(`going on with ${partial}: what it has is run again and compared\n`)
    return { ...plan, repeats: true }
  }
  note(`going on from ${timeOfDay(unfinished.snapshot.time, plan.header.midnightTime)} in ${partial}\n`)
  return { ...plan, unfinished }
}

/** Of an unfinished tape; undefined when it has not come so far, or is none and is written over. */
async function headerOf(partial: string): Promise<TapeHeader | undefined> {
  const input = await openInput(partial).catch(error => {
    if (error instanceof InputFailure) return undefined
    throw error
  })
  await input?.close()
  return input === undefined ? undefined : parseHeader(input.firstLine)
}

function flagsOf({ seed, preset, symbols, durationMs, scenarios, orders, lines, midnightTime }: TapeHeader): string {
  const market = `--seed ${seed} --preset ${preset} --symbols ${symbols.length} --duration ${durationMs / 1000}s`
  const events = scenarios.length === 0 ? '' : ` --scenario ${formatProgramme(scenarios, midnightTime)}`
  const format = lines === 'tape' ? '' : ` --format ${lines}`
  return `${market}${events}${format}${orders === null ? '' : ' and its --orders'}`
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
