// The layers of a plot as data and as SVG: target regions, bands, lines, bars, points and ranges.

import { area } from 'd3-shape'
import type { Scale } from './scale.ts'
import { DIGITS, linePath, svgElement } from './svg.ts'

export type SeriesName = 'sample' | 'AMZN' | 'AAPL' | 'MSFT' | 'TAQ' | 'ABIDES' | 'reference'

export type Layer =
  /** A target region; infinite ends reach to the edge of the frame. */
  | { readonly type: 'target'; readonly x: readonly [number, number]; readonly y: readonly [number, number] }
  | {
      readonly type: 'band'
      /** In the colour of targets instead of the sample's. */
      readonly isTarget?: true
      readonly x: readonly number[]
      readonly low: readonly number[]
      readonly high: readonly number[]
    }
  | {
      readonly type: 'line'
      readonly series: SeriesName
      readonly name: string
      readonly x: readonly number[]
      readonly y: readonly number[]
    }
  | {
      readonly type: 'bars'
      readonly x: readonly number[]
      readonly y: readonly number[]
      readonly low: readonly number[]
      readonly high: readonly number[]
    }
  | {
      readonly type: 'points'
      readonly series: SeriesName
      readonly name: string
      readonly x: readonly number[]
      readonly y: readonly number[]
    }
  /** From y to high at each x. */
  | {
      readonly type: 'ranges'
      readonly series: SeriesName
      readonly name: string
      readonly x: readonly number[]
      readonly y: readonly number[]
      readonly high: readonly number[]
    }

/** In pixels of the plot. */
export const FRAME = { left: 46, right: 318, top: 12, bottom: 196 }
const BAR_HALF = 0.32
const CAP_HALF = 3
const POINT_RADIUS = 2.6

export interface PlotScales {
  readonly x: Scale
  readonly y: Scale
}

type LayerOf<Type extends Layer['type']> = Extract<Layer, { type: Type }>

export function drawLayer(layer: Layer, scales: PlotScales): string {
  switch (layer.type) {
    case 'target':
      return drawTarget(layer, scales)
    case 'band':
      return drawBand(layer, scales)
    case 'line':
      return svgElement('path', { class: `line ${layer.series}`, d: linePath(pointsOf(layer, scales)) })
    case 'bars':
      return drawBars(layer, scales)
    case 'points':
      return pointsOf(layer, scales)
        .filter(([, cy]) => Number.isFinite(cy))
        .map(([cx, cy]) => svgElement('circle', { class: `point ${layer.series}`, cx, cy, r: POINT_RADIUS }))
        .join('')
    case 'ranges':
      return drawRanges(layer, scales)
  }
}

export function box(left: number, top: number, right: number, bottom: number) {
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) }
}

function pointsOf(layer: { readonly x: readonly number[]; readonly y: readonly number[] }, { x, y }: PlotScales) {
  return layer.x.map((value, i) => [x.at(value), y.at(layer.y[i]!)] as const)
}

function drawTarget(layer: LayerOf<'target'>, { x, y }: PlotScales): string {
  const [left, right] = layer.x.map(value => edge(value, x, FRAME.left, FRAME.right)) as [number, number]
  const [low, high] = layer.y.map(value => edge(value, y, FRAME.bottom, FRAME.top)) as [number, number]
  return svgElement('rect', { class: 'target', ...box(left, high, right, low) })
}

/** Parts without values, and those whose upper edge is below the axis, are left out. */
function drawBand(layer: LayerOf<'band'>, { x, y }: PlotScales): string {
  const outline = area<number>()
    .defined(i => layer.high[i]! > y.low && !Number.isNaN(layer.low[i]))
    .x(i => x.at(layer.x[i]!))
    .y0(i => clamped(layer.low[i]!, y))
    .y1(i => y.at(layer.high[i]!))
    .digits(DIGITS)
  const d = outline(layer.x.keys()) ?? ''
  return d === '' ? '' : svgElement('path', { class: layer.isTarget ? 'target' : 'band', d })
}

function drawBars(layer: LayerOf<'bars'>, { x, y }: PlotScales): string {
  const foot = y.at(Math.max(0, y.low))
  const bars = layer.x.map((value, i) => {
    const bar = box(x.at(value - BAR_HALF), y.at(layer.y[i]!), x.at(value + BAR_HALF), foot)
    const [low, high] = [layer.low[i]!, layer.high[i]!]
    const whisker = linePath([low, high].map(end => [x.at(value), y.at(end)] as const))
    return (
      svgElement('rect', { class: 'bar', ...bar }) +
      (low === high ? '' : svgElement('path', { class: 'whisker', d: whisker }))
    )
  })
  return bars.join('')
}

function drawRanges(layer: LayerOf<'ranges'>, { x, y }: PlotScales): string {
  const ranges = layer.x.map((value, i) => {
    const at = x.at(value)
    const ends = [clamped(layer.y[i]!, y), clamped(layer.high[i]!, y)] as const
    const caps = ends.map(end =>
      linePath([
        [at - CAP_HALF, end],
        [at + CAP_HALF, end],
      ]),
    )
    const stem = linePath(ends.map(end => [at, end] as const))
    return svgElement('path', { class: `range ${layer.series}`, d: `${stem}${caps.join('')}` })
  })
  return ranges.join('')
}

/** Infinite values, and those without a logarithm, are at the edge. */
function edge(value: number, scale: Scale, low: number, high: number): number {
  if (value === Number.POSITIVE_INFINITY) return high
  const at = scale.at(value)
  return value === Number.NEGATIVE_INFINITY || Number.isNaN(at) ? low : at
}

/** Values below a logarithmic axis are at its lower end. */
function clamped(value: number, y: Scale): number {
  return y.kind === 'log' && value <= y.low ? FRAME.bottom : y.at(value)
}
