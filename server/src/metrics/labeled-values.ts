// Numbers by the values of their labels. Who counts often keeps the series and adds to its value: that is all a count
// costs. Knows no names.

import type { MetricSample } from './metric.ts'

export interface ValueSeries extends MetricSample {
  value: number
}

export class LabeledValues {
  readonly #series = new Map<string, ValueSeries>()

  /** The series of these values, which begins with 0. */
  at(...labels: readonly string[]): ValueSeries {
    const key = labels.join('\n')
    let series = this.#series.get(key)
    if (series === undefined) {
      series = { labels, value: 0 }
      this.#series.set(key, series)
    }
    return series
  }

  read(): Iterable<MetricSample> {
    return this.#series.values()
  }
}
