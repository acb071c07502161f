// Events per second of a counter that is read now and then, over the last seconds. Pure. Used by ConnectionFigures.tsx.

export interface RateMeter {
  /** Events per second; undefined until it has been read for a second. */
  read(nowMs: number, count: number): number | undefined
}

const WINDOW_MS = 5_000
const LEAST_MS = 1_000

export function createRateMeter(): RateMeter {
  let readings: { readonly atMs: number; readonly count: number }[] = []
  return {
    read(nowMs, count) {
      // The counter of another connection: it starts again.
      if (count < (readings.at(-1)?.count ?? 0)) readings = []
      readings = readings.filter(({ atMs }) => nowMs - atMs <= WINDOW_MS)
      readings.push({ atMs: nowMs, count })
      const [first] = readings
      const spanMs = nowMs - first!.atMs
      return spanMs < LEAST_MS ? undefined : ((count - first!.count) * 1_000) / spanMs
    },
  }
}
