// A tape as a series of pieces of text, made while it is read: the events of a run, without the header. Constant memory
// however long the run. Every command that makes or compares a tape takes these, so that all get the very same bytes.

import type { MarketRun } from '../../recording/market-run.ts'
import { SNAPSHOT_EVENTS } from '../../recording/recording-text.ts'
import { encodeLine, type TapeHeader } from '../../recording/tape.ts'

export interface TapePiece {
  readonly text: string
  /** Market time that it reaches. */
  readonly time: number
  readonly events: number
  /** The run stands where a recording has a snapshot. */
  readonly atSnapshot: boolean
}

const PIECE_CHARACTERS = 1 << 16

/** @param sliceMs a piece ends after so much market time; for a run that is paced. */
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
      text += encodeLine(event, header.lines)
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
