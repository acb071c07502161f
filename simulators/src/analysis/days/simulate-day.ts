// A simulated day of one symbol, recorded order by order, with its metaorders. Used by the report and the realism test.

import { createExchange } from '@papertape/engine'
import { selectInstruments } from '../../market/instruments.ts'
import { SESSION_MS } from '../../market/intraday-profile.ts'
import { createSimulatedMarket } from '../../market/market.ts'
import type { Preset } from '../../market/preset.ts'
import type { MarketDay } from '../../order-flow/market-day.ts'
import { createSimulation } from '../../simulation.ts'
import { recordDays } from './record-days.ts'

export interface DayOptions {
  readonly preset: Preset
  readonly seed: number
  /** A whole session when absent. */
  readonly durationMs?: number
}

/** 09:30; times of a recorded day are since midnight. */
const OPEN_MS = 34_200_000

export function simulateDay({ preset, seed, durationMs = SESSION_MS }: DayOptions): MarketDay {
  const instruments = selectInstruments(1, preset)
  const recorder = recordDays(instruments, { startTime: OPEN_MS, midnightTime: 0, durationMs })
  const exchange = createExchange({ instruments, muted: true, flow: recorder.flow })
  recorder.watch(exchange)
  const source = createSimulatedMarket({ ...recorder, seed, instruments, preset, startTime: OPEN_MS })
  const { step } = createSimulation(source, exchange, recorder.onCommand)
  const closeMs = OPEN_MS + durationMs
  while (step(closeMs));
  return recorder.days()[0]!
}
