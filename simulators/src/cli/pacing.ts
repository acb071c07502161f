// Holds a stream of pieces to a pace: so many milliseconds of market time in one of the wall clock's. Lets signals and
// writes through between pieces even when there is no pace.

import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import { failed } from './failure.ts'
import type { TapePiece } from './tape-pieces.ts'

/** How much wall time a paced piece stands for. */
const SLICE_MS = 50

/** Market time of one piece at a pace. */
export function sliceOf(pace: number | undefined): number {
  return pace === undefined ? Number.POSITIVE_INFINITY : Math.max(1, pace * SLICE_MS)
}

/** @throws {CliFailure} when the signal stops it. */
export async function* paced(
  pieces: Iterable<TapePiece> | AsyncIterable<TapePiece>,
  startTime: number,
  pace: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<TapePiece> {
  const startedAt = performance.now()
  for await (const piece of pieces) {
    const dueMs = pace === undefined ? 0 : (piece.time - startTime) / pace - (performance.now() - startedAt)
    if (dueMs > 1) await sleep(dueMs, undefined, { signal }).catch(() => {})
    else await immediate()
    if (signal.aborted) throw failed('interrupted')
    yield piece
  }
}
