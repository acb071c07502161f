// What lies in the frame of a plot, as data and as SVG: the gate's tint, bands, lines, bars, points and ranges.

import type { Scale } from './scale.ts'
import { element, linePath } from './svg.ts'

export type Look = 'sample' | 'AMZN' | 'AAPL' | 'MSFT' | 'TAQ' | 'ABIDES' | 'reference'

export type Layer =
  /** Where the bar is: infinite ends reach to the edge. */
  | { readonly type: 'gate'; readonly x: readonly [number, number]; readonly y: readonly [number, number] }
  | {
      readonly type: 'band'
      /** The gate's tint instead of the sample's. */
      readonly isGate?: true
      readonly x: readonly number[]
      readonly low: readonly number[]
      readonly high: readonly number[]
    }
  | {
      readonly type: 'line'
      readonly look: Look
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
      readonly look: Look
      readonly name: string
      readonly x: readonly number[]
      readonly y: readonly number[]
    }
  /** From y to high at each x. */
  | {
      readonly type: 'ranges'
      readonly look: Look
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

export interface TradedSymbol {
  readonly x: Scale
  readonly y: Scale
}

type LayerOf<Type extends Layer['type']> = Extract<Layer, { type: Type }>

export function drawLayer(layer: Layer, traded: TradedSymbol): string {
  switch (layer.type) {
    case 'gate':
      return drawGate(layer, traded)
    case 'band':
      return drawBand(layer, traded)
    case 'line':
      return element('path', { class: `line ${layer.look}`, d: linePath(pointsOf(layer, traded)) })
    case 'bars':
      return drawBars(layer, traded)
    case 'points':
      return pointsOf(layer, traded)
        .filter(([, cy]) => Number.isFinite(cy))
        .map(([cx, cy]) => element('circle', { class: `point ${layer.look}`, cx, cy, r: POINT_RADIUS }))
        .join('')
    case 'ranges':
      return drawRanges(layer, traded)
  }
}

export function box(left: number, top: number, right: number, bottom: number) {
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) }
}

function pointsOf(layer: { readonly x: readonly number[]; readonly y: readonly number[] }, { x, y }: TradedSymbol) {
  return layer.x.map((value, i) => [x.at(value), y.at(layer.y[i]!)] as const)
}

function drawGate(layer: LayerOf<'gate'>, { x, y }: TradedSymbol): string {
  const [left, right] = layer.x.map(value => edge(value, x, FRAME.left, FRAME.right)) as [number, number]
  const [low, high] = layer.y.map(value => edge(value, y, FRAME.bottom, FRAME.top)) as [number, number]
  return element('rect', { class: 'gate', ...box(left, high, right, low) })
}

/** In pieces: where even its upper edge is under the axis there is nothing to shade. */
function drawBand(layer: LayerOf<'band'>, { x, y }: TradedSymbol): string {
  const pieces: number[][] = [[]]
  for (const [i, high] of layer.high.entries()) {
    if (high > y.low) pieces.at(-1)!.push(i)
    else pieces.push([])
  }
  const outlines = pieces
    .filter(piece => piece.length > 1)
    .map(piece => {
      const up = piece.map(i => [x.at(layer.x[i]!), y.at(layer.high[i]!)] as const)
      const down = piece.map(i => [x.at(layer.x[i]!), floored(layer.low[i]!, y)] as const)
      return `${linePath([...up, ...down.reverse()])}Z`
    })
  return outlines.length === 0 ? '' : element('path', { class: layer.isGate ? 'gate' : 'band', d: outlines.join('') })
}

function drawBars(layer: LayerOf<'bars'>, { x, y }: TradedSymbol): string {
  const foot = y.at(Math.max(0, y.low))
  const bars = layer.x.map((value, i) => {
    const bar = box(x.at(value - BAR_HALF), y.at(layer.y[i]!), x.at(value + BAR_HALF), foot)
    const [low, high] = [layer.low[i]!, layer.high[i]!]
    const whisker = linePath([low, high].map(end => [x.at(value), y.at(end)] as const))
    return (
      element('rect', { class: 'bar', ...bar }) +
      (low === high ? '' : element('path', { class: 'whisker', d: whisker }))
    )
  })
  return bars.join('')
}

function drawRanges(layer: LayerOf<'ranges'>, { x, y }: TradedSymbol): string {
  const ranges = layer.x.map((value, i) => {
    const at = x.at(value)
    const ends = [floored(layer.y[i]!, y), floored(layer.high[i]!, y)] as const
    const caps = ends.map(end =>
      linePath([
        [at - CAP_HALF, end],
        [at + CAP_HALF, end],
      ]),
    )
    const stem = linePath(ends.map(end => [at, end] as const))
    return element('path', { class: `range ${layer.look}`, d: `${stem}${caps.join('')}` })
  })
  return ranges.join('')
}

/** An infinite end, and what a logarithm does not take, is at the edge. */
function edge(value: number, scale: Scale, low: number, high: number): number {
  if (value === Number.POSITIVE_INFINITY) return high
  const at = scale.at(value)
  return value === Number.NEGATIVE_INFINITY || Number.isNaN(at) ? low : at
}

/** What is not above 0 lies on the floor of a logarithmic axis. */
function floored(value: number, y: Scale): number {
  return y.kind === 'log' && value <= y.low ? FRAME.bottom : y.at(value)
}
