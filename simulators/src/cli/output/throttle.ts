// Throttles a stream of pieces to a pace of market time, and lets signals and writes through between pieces.

import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import type { TapePiece } from '../../recording/tape-pieces.ts'
import { Interruption } from '../failure.ts'

/** Wall time of one piece. */
const SLICE_MS = 50

/** Market time of one piece at a pace. */
export function sliceMsOf(pace: number | undefined): number {
  return pace === undefined ? Number.POSITIVE_INFINITY : Math.max(1, pace * SLICE_MS)
}

/**
 * @param startTime market time at which it starts; that of the first piece when undefined.
 * @throws {Interruption} on the signal, after a complete piece.
 */
export async function* throttled<Piece extends Pick<TapePiece, 'time'>>(
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
