// The plots of a sample: the curve of each plan beside real ones, with its facts. Used by page.ts.

import type { Preset } from '../../market/preset.ts'
import type { CurveName } from '../facts/curves.ts'
import { type FactName, factOf } from '../facts/fact-targets.ts'
import { type PanelPlan, PLANS } from './panel-plans.ts'
import type { Layer } from './plot/layers.ts'
import type { Axis, Plot } from './plot/plot.ts'
import { PUBLISHED } from './published-curves.ts'
import { REAL_MARKETS } from './real-curves.ts'
import type { Sample } from './sample.ts'

export interface ReportPanel {
  readonly plot: Plot
  readonly facts: readonly FactName[]
  readonly caption: string
}

/** Curves that depend on the tick-size regime. */
const ABOUT_TICKS: ReadonlySet<CurveName> = new Set([
  'spread',
  'halfHourSpreads',
  'upMoves',
  'response',
  'depth',
  'placement',
])
/** Curves that one hour has too few minutes for. */
const OVER_MINUTES: ReadonlySet<CurveName> = new Set(['returnAcf', 'absAcf', 'volumeByReturn', 'returns1m'])

/** The plans that the sample has data for. */
export function panelsOf(sample: Sample): ReportPanel[] {
  return PLANS.flatMap(plan => {
    const layers = layersOf(plan, sample)
    if (layers === undefined) return []
    const { title, facts, caption } = plan
    const x = sample.preset === 'large-tick' ? (plan.xLargeTick ?? plan.x) : plan.x
    const judged = facts.filter(fact => appliesTo(fact, sample.preset))
    return [{ plot: { title, x, y: fitted(plan.y, layers), layers }, facts: judged, caption }]
  })
}

/** A fact with a target for one preset only is not shown for the other. */
function appliesTo(fact: FactName, preset: Preset): boolean {
  const { bands } = factOf(fact)
  return bands === undefined || bands[preset] !== undefined
}

function layersOf(plan: PanelPlan, sample: Sample): Layer[] | undefined {
  const layers: Layer[] = [...(plan.before?.(sample) ?? [])]
  const marks = sample.preset === 'large-tick' ? (plan.marksLargeTick ?? plan.marks) : plan.marks
  const { curve } = plan
  if (curve === undefined) return layers.length === 0 ? undefined : layers
  const band = sample.curves[curve]
  if (band === undefined) return undefined
  const { x, median, lowQuartile: low, highQuartile: high } = band
  if (marks === 'bars') layers.push({ type: 'bars', x, y: median, low, high })
  else if (sample.days > 1) layers.push({ type: 'band', x, low, high })
  layers.push(...realLayers(curve, sample.preset, marks))
  if (marks !== 'bars') layers.push({ type: 'line', series: 'sample', name: 'Papertape', x, y: median })
  return layers
}

function realLayers(curve: CurveName, preset: Preset, marks: 'bars' | undefined): Layer[] {
  const layers: Layer[] = []
  // Small-tick and large-tick shares are not comparable in curves about ticks, and best prices alone do not show where
  // orders are placed.
  const unlike = new Set(preset === 'small-tick' ? ['MSFT'] : ABOUT_TICKS.has(curve) ? ['AMZN', 'AAPL'] : [])
  if (curve === 'placement') unlike.add('AMZN')
  if (OVER_MINUTES.has(curve)) unlike.add('AAPL')
  for (const { name, curves } of REAL_MARKETS) {
    const found = curves[curve]
    const type = marks === 'bars' ? 'points' : 'line'
    if (found !== undefined && !unlike.has(name)) layers.push({ type, series: name, name, x: found.x, y: found.y })
  }
  for (const { name, curve: of, points, high } of PUBLISHED) {
    if (of !== curve || unlike.has(name)) continue
    const shared = { series: name, name, x: points.x, y: points.y }
    layers.push(high === undefined ? { type: 'points', ...shared } : { type: 'ranges', ...shared, high })
  }
  return layers
}

/** Extends a linear axis that starts at 0 to the largest value. */
function fitted(axis: Axis, layers: readonly Layer[]): Axis {
  if (axis.kind === 'log' || axis.low !== 0 || axis.high === 1) return axis
  const tops = layers.flatMap(layer => (layer.type === 'target' || layer.type === 'band' ? [] : [...layer.y]))
  const top = Math.max(...tops.filter(Number.isFinite)) * 1.08
  return { ...axis, high: Math.max(axis.high, top) }
}
