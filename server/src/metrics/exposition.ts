// Writes metrics in the text format of Prometheus, version 0.0.4, and in OpenMetrics 1.0, which differs in the names
// of counters and has an end. Pure.

import type { HistogramCounts } from '@papertape/venue'
import type { Metric } from './metric.ts'

export type ExpositionFormat = 'prometheus' | 'openMetrics'

export const MEDIA_TYPES = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const satisfies Record<ExpositionFormat, string>

/** @param accept the header of the request. OpenMetrics is for those who name it. */
export function chooseFormat(accept: string | undefined): ExpositionFormat {
  return accept?.includes('application/openmetrics-text') === true ? 'openMetrics' : 'prometheus'
}

export function formatMetrics(metrics: readonly Metric[], format: ExpositionFormat): string {
  const lines = metrics.flatMap(metric => formatMetric(metric, format))
  return `${lines.join('\n')}\n${format === 'openMetrics' ? '# EOF\n' : ''}`
}

function formatMetric(metric: Metric, format: ExpositionFormat): string[] {
  const { name, type, help, labels } = metric
  const family = format === 'openMetrics' && type === 'counter' ? name.replace(/_total$/, '') : name
  const lines = [`# HELP ${family} ${escapeText(help, format === 'openMetrics')}`, `# TYPE ${family} ${type}`]
  for (const sample of metric.read()) {
    const pairs = labels.map((label, at): [string, string] => [label, sample.labels[at]!])
    if (typeof sample.value === 'number') lines.push(`${name}${labelText(pairs)} ${numberText(sample.value)}`)
    else lines.push(...formatHistogram(name, pairs, sample.value))
  }
  return lines
}

function formatHistogram(
  name: string,
  pairs: readonly [string, string][],
  { bounds, counts, sum }: HistogramCounts,
): string[] {
  let total = 0
  const buckets = counts.map((count, at) => {
    total += count
    const bound = at < bounds.length ? numberText(bounds[at]!) : '+Inf'
    return `${name}_bucket${labelText([...pairs, ['le', bound]])} ${total}`
  })
  const labels = labelText(pairs)
  return [...buckets, `${name}_sum${labels} ${numberText(sum)}`, `${name}_count${labels} ${total}`]
}

function labelText(pairs: readonly [string, string][]): string {
  if (pairs.length === 0) return ''
  return `{${pairs.map(([name, value]) => `${name}="${escapeText(value, true)}"`).join(',')}}`
}

function escapeText(text: string, quotes: boolean): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return quotes ? escaped.replaceAll('"', '\\"') : escaped
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
