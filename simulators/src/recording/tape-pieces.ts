// The events of a run as pieces of tape text, generated while they are read, in constant memory. All commands that
// write or compare a tape use them, so that the bytes are the same.

import type { MarketRun } from './market-run.ts'
import { SNAPSHOT_EVENTS } from './recording-text.ts'
import { encodeLine, type TapeHeader } from './tape.ts'

export interface TapePiece {
  readonly text: string
  /** Market time at its end. */
  readonly time: number
  readonly events: number
  /** A recording has a snapshot after this piece. */
  readonly atSnapshot: boolean
}

const PIECE_CHARACTERS = 1 << 16

/** @param sliceMs market time of a piece, at most; for throttling. */
export function* tapePieces(
  header: TapeHeader,
  run: MarketRun,
  sliceMs = Number.POSITIVE_INFINITY,
): Generator<TapePiece> {
  const { exchange } = run.simulation
  const endTime = header.startTime + header.durationMs
  let text = ''
  let events = 0
  let sliceEnd = (run.nextTime ?? endTime) + sliceMs
  let snapshotSeq = exchange.seq + SNAPSHOT_EVENTS
  const take = () => {
    for (const event of run.takeEvents()) {
      text += encodeLine(event, header.lines, run.truthOf?.(event))
      events++
    }
  }
  for (;;) {
    const next = run.nextTime ?? endTime
    const atSnapshot = exchange.seq >= snapshotSeq
    if (text.length >= PIECE_CHARACTERS || next >= sliceEnd || atSnapshot) {
      yield { text, time: Math.min(next, endTime), events, atSnapshot }
      text = ''
      events = 0
      sliceEnd = next + sliceMs
      if (atSnapshot) snapshotSeq = exchange.seq + SNAPSHOT_EVENTS
    }
    if (!run.step(endTime)) break
    take()
  }
  run.finish(endTime)
  take()
  yield { text, time: endTime, events, atSnapshot: false }
}
