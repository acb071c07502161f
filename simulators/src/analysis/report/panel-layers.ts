// Layers behind the curves of some plots: targets, the normal distribution, and all of the impact plot.

import { type FactName, factOf } from '../facts/fact-targets.ts'
import type { Layer } from './plot/layers.ts'
import type { Sample } from './sample.ts'

/** Drawn width of the target of one lag or horizon, as a ratio. */
const TARGET_WIDTH = 1.16
const NORMAL_STEPS = Array.from({ length: 36 }, (_, i) => 0.5 + i * 0.1)

/** 2 (1 - Phi(x)), by the complementary error function's rational approximation (Abramowitz and Stegun 7.1.26). */
export function normalTail(): Layer {
  const y = NORMAL_STEPS.map(size => {
    const z = size / Math.SQRT2
    const t = 1 / (1 + 0.3275911 * z)
    const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return series * Math.exp(-z * z)
  })
  return { type: 'line', series: 'reference', name: 'normal', x: NORMAL_STEPS, y }
}

export function targetsAt({ preset }: Sample, at: readonly (readonly [FactName, number])[]): Layer[] {
  return at.flatMap(([fact, x]) => {
    const band = factOf(fact).bands?.[preset]
    return band === undefined
      ? []
      : [{ type: 'target', x: [x / TARGET_WIDTH, x * TARGET_WIDTH], y: [band.low, band.high] }]
  })
}

export function medianTarget({ preset }: Sample, fact: FactName): Layer[] {
  const band = factOf(fact).bands?.[preset]
  return band === undefined ? [] : [{ type: 'target', x: [band.low, band.high], y: [0.47, 0.53] }]
}

export function spreadTarget({ preset }: Sample): Layer[] {
  if (preset === 'large-tick') return [{ type: 'target', x: [0.5, 1.5], y: [0.93, 1] }]
  return [{ type: 'target', x: [8, 25], y: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }]
}

export function depthTarget({ preset }: Sample): Layer[] {
  if (preset === 'small-tick') return []
  return [{ type: 'target', x: [1.5, 6.5], y: [1, Number.POSITIVE_INFINITY] }]
}

export function lastHalfHourTarget({ curves }: Sample): Layer[] {
  const shares = curves.halfHours?.median
  if (shares === undefined) return []
  const midday = shares.slice(5, 9).reduce((total, share) => total + share, 0) / 4
  return [{ type: 'target', x: [11.55, 12.45], y: [2.5 * midday, Number.POSITIVE_INFINITY] }]
}

export function impactLayers({ impact }: Sample): Layer[] {
  if (impact === undefined) return []
  const geometricMean = (values: readonly number[]) =>
    Math.exp(values.reduce((total, v) => total + Math.log(v), 0) / values.length)
  const [midX, midY] = [geometricMean(impact.x), geometricMean(impact.y)]
  const x = [0.001, midX, 0.1]
  const along = (slope: number) => x.map(value => midY * (value / midX) ** slope)
  const [flat, steep] = [along(0.4), along(0.6)]
  return [
    {
      type: 'band',
      isTarget: true,
      x,
      low: flat.map((y, i) => Math.min(y, steep[i]!)),
      high: flat.map((y, i) => Math.max(y, steep[i]!)),
    },
    { type: 'line', series: 'reference', name: 'slope 0.5', x, y: along(0.5) },
    { type: 'line', series: 'sample', name: 'Papertape', x: impact.x, y: impact.y },
    { type: 'points', series: 'sample', name: '', x: impact.x, y: impact.y },
  ]
}
