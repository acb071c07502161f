// What a server says of itself under /metrics: single values, and histograms, of which two give what was counted in
// between. Whoever asks for this alone does not count as somebody who listens to the market.

export interface ScrapedHistogram {
  readonly count: number
  readonly sum: number
  /** How many values do not exceed a bound, by bound, ascending. */
  readonly upTo: ReadonlyMap<number, number>
}

export interface Scrape {
  /** Of a metric without labels. */
  value(name: string): number
  histogram(name: string): ScrapedHistogram
}

export async function scrape(url: string): Promise<Scrape> {
  return parseExposition(await (await fetch(`${url}/metrics`)).text())
}

/** @param text in Prometheus' format */
export function parseExposition(text: string): Scrape {
  const values = new Map<string, number>()
  for (const line of text.split('\n')) {
    const space = line.lastIndexOf(' ')
    if (!line.startsWith('#') && space > 0) values.set(line.slice(0, space), Number(line.slice(space + 1)))
  }
  const value = (name: string) => {
    const found = values.get(name)
    if (found === undefined) throw new Error(`/metrics has no ${name}`)
    return found
  }
  return {
    value,
    histogram(name) {
      const upTo = new Map<number, number>()
      for (const [key, count] of values) {
        const bound = key.startsWith(`${name}_bucket{`) ? /le="([0-9.e-]+)"/.exec(key)?.[1] : undefined
        if (bound !== undefined) upTo.set(Number(bound), count)
      }
      return { count: value(`${name}_count`), sum: value(`${name}_sum`), upTo }
    },
  }
}

/** What was counted since. */
export function since(before: ScrapedHistogram, after: ScrapedHistogram): ScrapedHistogram {
  return {
    count: after.count - before.count,
    sum: after.sum - before.sum,
    upTo: new Map([...after.upTo].map(([bound, count]) => [bound, count - (before.upTo.get(bound) ?? 0)])),
  }
}

/** Of two times. */
export function together(one: ScrapedHistogram, other: ScrapedHistogram): ScrapedHistogram {
  return {
    count: one.count + other.count,
    sum: one.sum + other.sum,
    upTo: new Map([...one.upTo].map(([bound, count]) => [bound, count + (other.upTo.get(bound) ?? 0)])),
  }
}

/** @param bound one of the histogram's */
export function countAbove({ count, upTo }: ScrapedHistogram, bound: number): number {
  const within = upTo.get(bound)
  if (within === undefined) throw new Error(`the histogram has no bound ${bound}`)
  return count - within
}

/** The bound that the largest value does not exceed; Infinity above all, 0 without values. */
export function largestBound({ count, upTo }: ScrapedHistogram): number {
  if (count === 0) return 0
  return [...upTo].find(([, within]) => within === count)?.[0] ?? Number.POSITIVE_INFINITY
}
