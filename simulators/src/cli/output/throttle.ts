// Holds a stream of pieces to a pace: so many milliseconds of market time in one of the wall clock's. Lets signals and
// writes through between pieces even when there is no pace.

import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import { Interruption } from '../failure.ts'
import type { TapePiece } from '../tapes/tape-pieces.ts'

/** How much wall time a paced piece stands for. */
const SLICE_MS = 50

/** Market time of one piece at a pace. */
export function sliceOf(pace: number | undefined): number {
  return pace === undefined ? Number.POSITIVE_INFINITY : Math.max(1, pace * SLICE_MS)
}

/**
 * @param startTime market time that the pace counts from; the first piece's when undefined.
 * @throws {Interruption} when the signal stops it, after a whole piece.
 */
export async function* paced<Piece extends Pick<TapePiece, 'time'>>(
  pieces: Iterable<Piece> | AsyncIterable<Piece>,
  startTime: number | undefined,
  pace: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const startedAt = performance.now()
  let from = startTime
  for await (const piece of pieces) {
    from ??= piece.time
    const dueMs = pace === undefined ? 0 : (piece.time - from) / pace - (performance.now() - startedAt)
    if (dueMs > 1) await sleep(dueMs, undefined, { signal }).catch(() => {})
    else await immediate()
    yield piece
    if (signal.aborted) throw new Interruption()
  }
}
