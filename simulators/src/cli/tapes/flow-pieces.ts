// The order flow of a run from its seed, in pieces of constant memory. For exports: tapes have no orders.

import type { InstrumentSpec } from '@papertape/protocol'
import { recordFlow } from '../../order-flow/flow-recorder.ts'
import type { OrderFlow } from '../../order-flow/order-flow.ts'
import { openSeededRun, type TimedCommand } from '../../recording/market-run.ts'
import type { TapeHeader } from '../../recording/tape.ts'

export interface FlowPiece {
  /** By the symbol's index. Cleared when the next piece is read. */
  readonly flows: readonly OrderFlow[]
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
  readonly instruments: readonly InstrumentSpec[]
  readonly pieces: Iterable<FlowPiece>
}

export function openFlowRun(header: TapeHeader, orders: readonly TimedCommand[]): FlowRun {
  const recorder = recordFlow(header.symbols.length)
  const run = openSeededRun(header, orders, { flow: recorder })
  const { exchange, source, takeEvents } = run.simulation
  const endTime = header.startTime + header.durationMs
  recorder.watch(exchange)

  function step(): boolean {
    const { nextTime } = run
    if (nextTime === undefined) return false
    recorder.startCommand(nextTime - header.midnightTime)
    return run.step(endTime)
  }

  function* pieces(): Generator<FlowPiece> {
    for (let hasMore = true; hasMore; ) {
      for (let i = 0; hasMore && i < PIECE_STEPS; i++) hasMore = step()
      // Drops the private events of users' orders.
      takeEvents()
      const events = recorder.flows.reduce((sum, { count }) => sum + count, 0)
      yield { flows: recorder.flows, time: Math.min(run.nextTime ?? endTime, endTime), events }
      for (const flow of recorder.flows) flow.count = 0
    }
  }

  return { instruments: source.instruments, pieces: pieces() }
}
