// A seed's run order by order: what rested, traded and was taken off, symbol by symbol, in pieces. Constant memory however
// long the run. For exports; tapes hold no orders.

import type { InstrumentSpec } from '@papertape/protocol'
import { recordFlow } from '../../order-flow/flow-recorder.ts'
import type { OrderFlow } from '../../order-flow/order-flow.ts'
import { openSeededRun, type TimedCommand } from '../../recording/market-run.ts'
import type { TapeHeader } from '../../recording/tape.ts'

export interface FlowPiece {
  /** By the symbol's index. Emptied when the next piece is asked for. */
  readonly flows: readonly OrderFlow[]
  /** Market time that it reaches. */
  readonly time: number
  /** Rows in all of them. */
  readonly events: number
}

/** Where the pieces go. */
export interface FlowOutput {
  write(piece: FlowPiece): Promise<void>
  /** Answers the names of the files that are whole now. */
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
    for (let goesOn = true; goesOn; ) {
      for (let i = 0; goesOn && i < PIECE_STEPS; i++) goesOn = step()
      // Orders of users have private events; nobody asks for them here.
      takeEvents()
      const events = recorder.flows.reduce((sum, { count }) => sum + count, 0)
      yield { flows: recorder.flows, time: Math.min(run.nextTime ?? endTime, endTime), events }
      for (const flow of recorder.flows) flow.count = 0
    }
  }

  return { instruments: source.instruments, pieces: pieces() }
}
