// Counts values by size, for monitoring: a few additions for each. Knows no names and no format; the server gives it
// both (server/src/metrics). Used by venue, feed and server where something takes time.

/** From a tenth of a millisecond to ten seconds. */
export const SECONDS_BOUNDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
] as const

/** Plain data, which can pass between threads. */
export interface HistogramCounts {
  /** Ascending: a value counts in the first bucket whose bound it does not exceed. */
  readonly bounds: readonly number[]
  /** Of each bucket alone, and last of what exceeds all bounds. */
  readonly counts: readonly number[]
  readonly sum: number
}

export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Array(bounds.length + 1).fill(0)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.#bounds.length && value > this.#bounds[bucket]!) bucket++
    this.#counts[bucket]!++
    this.#sum += value
  }

  read(): HistogramCounts {
    return { bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum }
  }
}
