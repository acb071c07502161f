// The header of a simulated run: with it, and users' orders, the run is complete. For the command line and for the
// service.

import type { SIMULATION_PRESETS } from '@papertape/protocol'
import { TAPE_VERSION, type TapeHeader } from '../recording/tape.ts'
import { DAY_MS, HOUR_MS } from '../time-units.ts'

/**
 * Midnight of Monday 2026-01-05 in New York; fixed, so that the bytes depend on the seed only. Trading is from 09:30 to
 * 16:00.
 */
const MIDNIGHT_TIME = 1_767_589_200_000
const START_MS = 9.5 * HOUR_MS

export const DURATION_MAX_MS = 366 * DAY_MS

/**
 * When a run of this length happens, by the market's clock.
 * @param startMs since midnight; the usual start when absent.
 */
export function runTimes(
  durationMs: number,
  startMs = START_MS,
): Pick<TapeHeader, 'startTime' | 'midnightTime' | 'durationMs'> {
  return { startTime: MIDNIGHT_TIME + startMs, midnightTime: MIDNIGHT_TIME, durationMs }
}

export interface RunHeaderOptions
  extends Pick<TapeHeader, 'lines' | 'scenarios' | 'symbols' | 'durationMs' | 'orders' | 'configuration'> {
  readonly seed: number
  readonly preset: (typeof SIMULATION_PRESETS)[number]
  /** Since midnight; the usual start when absent. */
  readonly startMs?: number
}

export function runHeader({
  lines,
  seed,
  preset,
  scenarios,
  symbols,
  durationMs,
  startMs,
  orders,
  configuration,
}: RunHeaderOptions): TapeHeader {
  const market = { lines, seed, preset, scenarios, symbols }
  const changes = configuration === undefined ? {} : { configuration }
  const times = runTimes(durationMs, startMs)
  return { format: 'papertape', version: TAPE_VERSION, ...market, ...times, orders, ...changes }
}
