// The header of a simulated run: with it, and users' orders, the run is complete. For the command line and for the
// service.

import type { SIMULATION_PRESETS } from '@papertape/protocol'
import { selectInstruments } from '../market/instruments.ts'
import { TAPE_VERSION, type TapeHeader } from '../recording/tape.ts'
import { HOUR_MS } from '../time-units.ts'

/**
 * Midnight of Monday 2026-01-05 in New York; fixed, so that the bytes depend on the seed only. Trading is from 09:30 to
 * 16:00.
 */
const MIDNIGHT_TIME = 1_767_589_200_000
const START_TIME = MIDNIGHT_TIME + 9.5 * HOUR_MS

/** When a run of this length happens, by the market's clock. */
export function runTimes(durationMs: number): Pick<TapeHeader, 'startTime' | 'midnightTime' | 'durationMs'> {
  return { startTime: START_TIME, midnightTime: MIDNIGHT_TIME, durationMs }
}

export interface RunHeaderOptions extends Pick<TapeHeader, 'lines' | 'scenarios' | 'durationMs' | 'orders'> {
  readonly seed: number
  readonly preset: (typeof SIMULATION_PRESETS)[number]
  /** How many instruments, the busiest first. */
  readonly symbols: number
}

export function runHeader({
  lines,
  seed,
  preset,
  scenarios,
  symbols,
  durationMs,
  orders,
}: RunHeaderOptions): TapeHeader {
  const names = selectInstruments(symbols).map(({ symbol }) => symbol)
  const market = { lines, seed, preset, scenarios, symbols: names }
  return { format: 'papertape', version: TAPE_VERSION, ...market, ...runTimes(durationMs), orders }
}
