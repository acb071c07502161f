// The geometry of a report's plot: layers and axes as paths and positions in pixels of its frame. Pure.

import type { SimulationPlot, SimulationPlotLayer } from '@papertape/protocol'

/** In pixels of the plot's own coordinates. */
export const PLOT = { width: 380, height: 216, left: 58, right: 362, top: 8, bottom: 172 } as const

export interface PlotRect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type PlotMark =
  | { readonly kind: 'target'; readonly rect: PlotRect }
  | { readonly kind: 'band'; readonly isTarget: boolean; readonly d: string }
  | { readonly kind: 'line'; readonly series: string; readonly d: string }
  | { readonly kind: 'bars'; readonly rects: readonly PlotRect[] }
  | { readonly kind: 'points'; readonly series: string; readonly points: readonly (readonly [number, number])[] }

export interface PlotTick {
  readonly at: number
  readonly text: string
}

export interface PlotShape {
  readonly marks: readonly PlotMark[]
  readonly xTicks: readonly PlotTick[]
  readonly yTicks: readonly PlotTick[]
  /** Names of the series, in order, once each. */
  readonly legend: readonly { readonly series: string; readonly name: string }[]
}

type PlotAxis = SimulationPlot['x']
type Values = readonly (number | null)[]
type ScaleOf = (value: number) => number

const BAR_HALF = 0.32
const TICKS = 5

export function plotShape({ x, y, layers }: SimulationPlot): PlotShape {
  const toX = scaleOf(x, PLOT.left, PLOT.right)
  const toY = scaleOf(y, PLOT.bottom, PLOT.top)
  const named = layers.flatMap(nameOf)
  const legend = new Map(named.map(entry => [entry.series, entry]))
  return {
    marks: layers.map(layer => markOf(layer, toX, toY)),
    xTicks: x.names?.map((text, i) => ({ at: toX(i), text })) ?? ticksOf(x, toX),
    yTicks: ticksOf(y, toY),
    legend: [...legend.values()],
  }
}

/** Bars are always of the simulation itself. */
function nameOf(layer: SimulationPlotLayer): PlotShape['legend'] {
  if (layer.type === 'bars') return [{ series: 'sample', name: 'Papertape' }]
  return 'series' in layer && layer.name !== '' ? [{ series: layer.series, name: layer.name }] : []
}

function scaleOf({ kind, low, high }: PlotAxis, from: number, to: number): ScaleOf {
  const place = kind === 'log' ? Math.log10 : (value: number) => value
  const [start, end] = [place(low), place(high)]
  return value => from + ((to - from) * (place(value) - start)) / (end - start)
}

function ticksOf({ kind, low, high }: PlotAxis, scale: ScaleOf): PlotTick[] {
  const values = kind === 'log' ? powersOfTen(low, high) : evenSteps(low, high)
  return values.map(value => ({ at: scale(value), text: String(Number(value.toPrecision(6))).replace('-', '−') }))
}

function powersOfTen(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)]
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
}

/** Multiples of 1, 2 or 5 times a power of ten. */
function evenSteps(low: number, high: number): number[] {
  const rough = (high - low) / TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(factor => power * factor >= rough) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step)
}

function markOf(layer: SimulationPlotLayer, toX: ScaleOf, toY: ScaleOf): PlotMark {
  switch (layer.type) {
    case 'target':
      return { kind: 'target', rect: targetRect(layer, toX, toY) }
    case 'band':
      return { kind: 'band', isTarget: layer.isTarget === true, d: bandPath(layer.x, layer.low, layer.high, toX, toY) }
    case 'bars': {
      const rects = layer.x.flatMap((at, i) => {
        const value = layer.y[i]
        return value === null || value === undefined
          ? []
          : [rect(toX(at - BAR_HALF), toY(value), toX(at + BAR_HALF), PLOT.bottom)]
      })
      return { kind: 'bars', rects }
    }
    case 'ranges':
      return { kind: 'line', series: layer.series, d: rangePath(layer.x, layer.y, layer.high, toX, toY) }
    case 'points': {
      const points = layer.x.flatMap((at, i) => {
        const height = heightOf(layer.y[i], toY)
        return height === undefined ? [] : [[round(toX(at)), height] as const]
      })
      return { kind: 'points', series: layer.series, points }
    }
    case 'line':
      return { kind: 'line', series: layer.series, d: linePathOf(layer.x, layer.y, toX, toY) }
  }
}

/** A missing edge is that of the frame. */
function targetRect({ x, y }: { readonly x: Values; readonly y: Values }, toX: ScaleOf, toY: ScaleOf): PlotRect {
  const at = (value: number | null | undefined, scale: ScaleOf, edge: number) => {
    const place = typeof value === 'number' ? scale(value) : edge
    return Number.isFinite(place) ? place : edge
  }
  const [left, right] = [at(x[0], toX, PLOT.left), at(x[1], toX, PLOT.right)]
  return rect(left, at(y[1], toY, PLOT.top), right, at(y[0], toY, PLOT.bottom))
}

/** Parts without a value are left out. */
function linePathOf(x: readonly number[], y: Values, toX: ScaleOf, toY: ScaleOf): string {
  let isBroken = true
  return x
    .map((at, i) => {
      const height = heightOf(y[i], toY)
      const step = height === undefined ? '' : `${isBroken ? 'M' : 'L'}${round(toX(at))} ${height}`
      isBroken = height === undefined
      return step
    })
    .join('')
}

function bandPath(x: readonly number[], low: Values, high: Values, toX: ScaleOf, toY: ScaleOf): string {
  const edges = x.flatMap((at, i) => {
    const top = heightOf(high[i], toY)
    return top === undefined ? [] : [{ at: round(toX(at)), top, foot: heightOf(low[i], toY) ?? PLOT.bottom }]
  })
  if (edges.length < 2) return ''
  const upper = edges.map(({ at, top }) => `${at} ${top}`)
  const lower = edges.toReversed().map(({ at, foot }) => `${at} ${foot}`)
  return `M${[...upper, ...lower].join('L')}Z`
}

function rangePath(x: readonly number[], low: Values, high: Values, toX: ScaleOf, toY: ScaleOf): string {
  return x
    .map((at, i) => {
      const top = heightOf(high[i], toY)
      if (top === undefined) return ''
      return `M${round(toX(at))} ${heightOf(low[i], toY) ?? PLOT.bottom}V${top}`
    })
    .join('')
}

/** Undefined where there is no value, or none that the scale has: zero has no logarithm. */
function heightOf(value: number | null | undefined, toY: ScaleOf): number | undefined {
  const height = typeof value === 'number' ? toY(value) : Number.NaN
  return Number.isFinite(height) ? round(height) : undefined
}

function rect(left: number, top: number, right: number, bottom: number): PlotRect {
  const [x, y] = [round(left), round(top)]
  return { x, y, width: Math.max(0, round(right - x)), height: Math.max(0, round(bottom - y)) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
