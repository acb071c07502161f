// Counts latencies in buckets of equal ratio, so that percentiles of any number of events take constant memory. Pure.
// Each lane of the race has one.

/** Each bucket is wider than the one before by this: percentiles are exact to 2 %. */
const RATIO = 1.02
const LEAST_MS = 0.1
const MOST_MS = 100_000
const BUCKETS = bucketOf(MOST_MS) + 1
/** The bars of the drawing, up to these. */
export const BAR_LIMITS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, MOST_MS] as const

function bucketOf(latencyMs: number): number {
  const limited = Math.min(MOST_MS, Math.max(LEAST_MS, latencyMs))
  return Math.round(Math.log(limited / LEAST_MS) / Math.log(RATIO))
}

function latencyOf(bucket: number): number {
  return LEAST_MS * RATIO ** bucket
}

export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS)
  #total = 0

  /** Clocks differ by fractions of a millisecond: a negative latency counts as the least. */
  add(latencyMs: number): void {
    this.#counts[bucketOf(latencyMs)]! += 1
    this.#total++
  }

  /** @param share 0.5 is the median. Undefined when nothing was counted. */
  percentile(share: number): number | undefined {
    if (this.#total === 0) return undefined
    const rank = Math.max(1, Math.ceil(share * this.#total))
    let counted = 0
    const bucket = this.#counts.findIndex(count => {
      counted += count
      return counted >= rank
    })
    return latencyOf(bucket)
  }

  /** How many latencies each of BAR_LIMITS_MS ends. */
  bars(): number[] {
    const bars = BAR_LIMITS_MS.map(() => 0)
    this.#counts.forEach((count, bucket) => {
      const at = BAR_LIMITS_MS.findIndex(limitMs => latencyOf(bucket) <= limitMs)
      bars[at === -1 ? bars.length - 1 : at]! += count
    })
    return bars
  }
}
