// The order flow of a run from its seed, in pieces of constant memory. For exports: tapes have no orders.

import type { InstrumentSpec } from '@papertape/protocol'
import { recordFlow } from '../../order-flow/flow-recorder.ts'
import type { OrderFlow } from '../../order-flow/order-flow.ts'
import {
  instrumentsOfRun,
  type MarketRun,
  type MarketRunOptions,
  openSeededRun,
  type TimedCommand,
} from '../../recording/market-run.ts'
import type { RunObserver } from '../../recording/run-observer.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import { observeTruth, type RowTruth } from '../../recording/truth-observer.ts'

export interface FlowPiece {
  /** By the symbol's index. Cleared when the next piece is read. */
  readonly flows: readonly OrderFlow[]
  /** The truth behind each row of the flows; empty when it was not asked for. Cleared with them. */
  readonly truths: readonly RowTruth[][]
  /** Market time at its end. */
  readonly time: number
  /** Rows of all flows. */
  readonly events: number
}

/** Writes flow pieces to files. */
export interface FlowOutput {
  write(piece: FlowPiece): Promise<void>
  /** Returns the names of the complete files. */
  finish(): Promise<readonly string[]>
  discard(): Promise<void>
  readonly bytes: number
}

const PIECE_STEPS = 8192

export interface FlowRun {
  readonly market: MarketRun
  readonly instruments: readonly InstrumentSpec[]
  readonly pieces: Iterable<FlowPiece>
}

export interface FlowRunOptions {
  /** Whether the pieces have the truth behind their rows. */
  readonly truth: boolean
  readonly onResult?: MarketRunOptions['onResult']
}

export function openFlowRun(
  header: TapeHeader,
  orders: readonly TimedCommand[],
  { truth, onResult }: FlowRunOptions,
): FlowRun {
  const { midnightTime, startTime, durationMs } = header
  const endTime = startTime + durationMs
  const instruments = instrumentsOfRun(header)
  const recorder = recordFlow(instruments.length)
  const truths = instruments.map((): RowTruth[] => [])
  const flowObserver: RunObserver = {
    flow: recorder,
    watch: recorder.watch,
    onCommand: time => recorder.startCommand(time - midnightTime),
  }
  const observer = truth ? observeTruth(instruments, (i, row) => truths[i]!.push(row), flowObserver) : flowObserver
  const market = openSeededRun(header, orders, { observer, muted: true, onResult })

  function* pieces(): Generator<FlowPiece> {
    const { flows } = recorder
    for (let hasMore = true; hasMore; ) {
      for (let i = 0; hasMore && i < PIECE_STEPS; i++) hasMore = market.step(endTime)
      market.takeEvents()
      const events = flows.reduce((sum, { count }) => sum + count, 0)
      yield { flows, truths, time: Math.min(market.nextTime ?? endTime, endTime), events }
      for (const flow of flows) flow.count = 0
      for (const rows of truths) rows.length = 0
    }
    market.finish(endTime)
    market.takeEvents()
  }

  return { market, instruments, pieces: pieces() }
}
