// Records a run as a day of each symbol: order flow, depth, metaorders and fundamental values. Plain data at the end;
// changes nothing in the run.

import type { InstrumentSpec } from '@papertape/protocol'
import { recordFlow } from '../../order-flow/flow-recorder.ts'
import type { MarketDay, Metaorder } from '../../order-flow/market-day.ts'
import type { RunObserver } from '../../recording/run-observer.ts'
import type { TapeHeader } from '../../recording/tape.ts'

export interface DaysRecorder extends RunObserver {
  /** One a symbol. Call it at the end of the run. */
  days(): MarketDay[]
}

export function recordDays(
  instruments: readonly InstrumentSpec[],
  { startTime, midnightTime, durationMs }: Pick<TapeHeader, 'startTime' | 'midnightTime' | 'durationMs'>,
): DaysRecorder {
  const flow = recordFlow(instruments.length)
  const metaorders = instruments.map((): Metaorder[] => [])
  const values = instruments.map(() => ({ timesMs: [] as number[], ticks: [] as number[] }))
  const openMs = startTime - midnightTime
  return {
    flow,
    watch: flow.watch,
    onCommand: time => flow.startCommand(time - midnightTime),
    onParentDone({ symbol, side, lots, startMs, endMs }) {
      metaorders[symbol]!.push({ side, lots, startMs: startMs - midnightTime, endMs: endMs - midnightTime })
    },
    onValue(symbol, time, valueTicks) {
      values[symbol]!.timesMs.push(time - midnightTime)
      values[symbol]!.ticks.push(valueTicks)
    },
    days() {
      return instruments.map(({ symbol, tickUnits, lotSize }, i) => ({
        symbol,
        tickUnits,
        lotSize,
        openMs,
        closeMs: openMs + durationMs,
        flow: flow.flows[i]!,
        depth: flow.depths[i]!,
        metaorders: metaorders[i]!,
        value: values[i]!,
      }))
    },
  }
}
