// What Prometheus calls a metric family: a name, a meaning, and the series that it has when it is read. Names and
// units follow https://prometheus.io/docs/practices/naming/. Labels have few values, and never an account, an address
// or a secret.

import type { HistogramCounts } from '@papertape/venue'

export interface MetricDescription {
  /** Ends in `_total` for a counter, in its unit otherwise. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** The names of its labels. */
  readonly labels: readonly string[]
}

/** One series. A histogram is several in the exposition. */
export interface MetricSample {
  /** In the order of the names. */
  readonly labels: readonly string[]
  readonly value: number | HistogramCounts
}

export interface Metric extends MetricDescription {
  /** Called at each scrape. */
  read(): Iterable<MetricSample>
}

/** A metric without labels. */
export function single(value: MetricSample['value']): readonly MetricSample[] {
  return [{ labels: [], value }]
}

/** A metric with one label: a series for each key. */
export function byKey(values: Readonly<Record<string, number>>): readonly MetricSample[] {
  return Object.entries(values).map(([key, value]) => ({ labels: [key], value }))
}
