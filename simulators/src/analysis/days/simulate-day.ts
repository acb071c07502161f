// A simulated day of one symbol, recorded order by order, with its metaorders. Used by the report and the realism test.

import { createExchange } from '@papertape/engine'
import { selectInstruments } from '../../market/instruments.ts'
import { SESSION_MS } from '../../market/intraday-profile.ts'
import { createSimulatedMarket } from '../../market/market.ts'
import type { Preset } from '../../market/preset.ts'
import { recordFlow } from '../../order-flow/flow-recorder.ts'
import type { MarketDay, Metaorder } from '../../order-flow/market-day.ts'
import { createSimulation } from '../../simulation.ts'

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
  const recorder = recordFlow(1)
  const exchange = createExchange({ instruments, muted: true, flow: recorder })
  recorder.watch(exchange)
  const metaorders: Metaorder[] = []
  const onParentDone = (parent: Metaorder) => metaorders.push(parent)
  const value = { timesMs: [] as number[], ticks: [] as number[] }
  const onValue = (_: number, timeMs: number, ticks: number) => {
    value.timesMs.push(timeMs)
    value.ticks.push(ticks)
  }
  const source = createSimulatedMarket({ seed, instruments, preset, startTime: OPEN_MS, onParentDone, onValue })
  const { step } = createSimulation(source, exchange, timeMs => recorder.startCommand(timeMs))
  const closeMs = OPEN_MS + durationMs
  while (step(closeMs));
  const { symbol, tickUnits, lotSize } = instruments[0]!
  const [flow, depth] = [recorder.flows[0]!, recorder.depths[0]!]
  return { symbol, tickUnits, lotSize, openMs: OPEN_MS, closeMs, flow, depth, metaorders, value }
}
