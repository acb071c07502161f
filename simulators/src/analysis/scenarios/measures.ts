// The measures of scenario expectations, each over an interval of a recorded run.

import type { MeasureName } from '../../market/scenarios/scenario.ts'
import { FLOW, isSameMarketOrder } from '../../order-flow/order-flow.ts'
import { BOOK_SAMPLE_MS, type ScenarioRecording } from './scenario-recording.ts'

/** From and to, in ms since midnight. */
type Measure = (recording: ScenarioRecording, fromMs: number, toMs: number) => number

/** Returns are over ten seconds: shorter ones are mostly bid-ask bounce. */
const RETURN_SAMPLES = 10

export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  /** Relative to the price at the scenario's start: -0.07 is 7 % down. */
  lowestMid: (recording, fromMs, toMs) => Math.min(...mids(recording, fromMs, toMs)) / startMid(recording) - 1,
  lowestTrade: (recording, fromMs, toMs) => lowestTrade(recording, fromMs, toMs) / startMid(recording) - 1,
  moveAtEnd: (recording, _fromMs, toMs) => midAt(recording, toMs) / startMid(recording) - 1,
  /** The share of the largest fall that is recovered at the end. */
  recovered(recording, fromMs, toMs) {
    const lowest = lowestTrade(recording, fromMs, toMs)
    return (midAt(recording, toMs) - lowest) / (startMid(recording) - lowest)
  },
  /** Root mean square of returns. */
  volatility(recording, fromMs, toMs) {
    const prices = mids(recording, fromMs, toMs).filter((_, i) => i % RETURN_SAMPLES === 0)
    const returns = prices.slice(1).map((price, i) => price / prices[i]! - 1)
    return Math.sqrt(mean(returns.map(change => change * change)))
  },
  eventRate: (recording, fromMs, toMs) => rows(recording, fromMs, toMs).length / (toMs - fromMs),
  volumeRate(recording, fromMs, toMs) {
    const lots = executions(recording, fromMs, toMs).reduce((sum, row) => sum + recording.flow.lots[row]!, 0)
    return lots / (toMs - fromMs)
  },
  /** The median: a single large value would dominate the mean. */
  spread: (recording, fromMs, toMs) => median(samples(recording, fromMs, toMs).map(sample => sample.spreadTicks)),
  depth: (recording, fromMs, toMs) => median(samples(recording, fromMs, toMs).map(sample => sample.depthLots)),
  trades: (recording, fromMs, toMs) => executions(recording, fromMs, toMs).length,
  /** Of the order that trades at the most prices. */
  sweptLevels({ flow, ...recording }, fromMs, toMs) {
    let most = 0
    let last = -1
    const prices = new Set<number>()
    for (const row of executions({ flow, ...recording }, fromMs, toMs)) {
      if (last >= 0 && !isSameMarketOrder(flow, last, row)) prices.clear()
      last = row
      most = Math.max(most, prices.add(flow.pricesTicks[row]!).size)
    }
    return most
  },
}

function rows({ flow }: ScenarioRecording, fromMs: number, toMs: number): number[] {
  const found: number[] = []
  for (let row = 0; row < flow.count; row++) {
    if (flow.timesMs[row]! >= fromMs && flow.timesMs[row]! < toMs) found.push(row)
  }
  return found
}

function executions(recording: ScenarioRecording, fromMs: number, toMs: number): number[] {
  return rows(recording, fromMs, toMs).filter(row => recording.flow.kinds[row] === FLOW.execute)
}

/** Samples with both sides. */
function samples({ samples, openMs }: ScenarioRecording, fromMs: number, toMs: number) {
  const part = samples.slice(
    Math.ceil((fromMs - openMs) / BOOK_SAMPLE_MS),
    Math.floor((toMs - openMs) / BOOK_SAMPLE_MS),
  )
  return part.filter(sample => sample.midTicks > 0)
}

function mids(recording: ScenarioRecording, fromMs: number, toMs: number): number[] {
  return samples(recording, fromMs, toMs).map(sample => sample.midTicks)
}

/** The last one up to then; at the open the first one. */
function midAt(recording: ScenarioRecording, timeMs: number): number {
  return mids(recording, recording.openMs, Math.max(timeMs, recording.openMs + BOOK_SAMPLE_MS)).at(-1) ?? Number.NaN
}

function startMid(recording: ScenarioRecording): number {
  return midAt(recording, recording.startMs)
}

function lowestTrade(recording: ScenarioRecording, fromMs: number, toMs: number): number {
  const { pricesTicks } = recording.flow
  return executions(recording, fromMs, toMs).reduce(
    (low, row) => Math.min(low, pricesTicks[row]!),
    Number.POSITIVE_INFINITY,
  )
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
