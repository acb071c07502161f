// One plot as data, and its SVG: axes, layers in a frame, names at the ends of curves instead of a legend. Colours are
// CSS classes of the page's style.

import { drawLabels, type EndLabel } from './end-labels.ts'
import { box, drawLayer, FRAME, type Layer, type PlotScales } from './layers.ts'
import { linearScale, logScale, type Scale, tickLabel } from './scale.ts'
import { svgElement, textAt } from './svg.ts'

export interface Axis {
  readonly label: string
  readonly kind: 'linear' | 'log'
  readonly low: number
  readonly high: number
  /** Names at 0, 1, 2 and so on, instead of ticks. */
  readonly names?: readonly string[]
}

export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  /** Later ones are drawn over earlier ones. */
  readonly layers: readonly Layer[]
}

const WIDTH = 372
const HEIGHT = 236
const LABEL_GAP = 6

export function drawPlot({ title, x, y, layers }: Plot, id: string): string {
  const scales = { x: scaleOf(x, FRAME.left, FRAME.right), y: scaleOf(y, FRAME.bottom, FRAME.top) }
  const clip = svgElement('clipPath', { id }, svgElement('rect', box(FRAME.left, FRAME.top, FRAME.right, FRAME.bottom)))
  const drawn = layers.map(layer => drawLayer(layer, scales)).join('')
  const labels = layers.flatMap(layer => labelOf(layer, scales))
  const content = [
    clip,
    svgElement('g', { 'clip-path': `url(#${id})` }, drawn),
    drawAxes(x, y, scales),
    drawLabels(labels, FRAME.top + 4, FRAME.bottom - 8),
  ]
  const attributes = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': title }
  return svgElement('svg', attributes, content.join(''))
}

function scaleOf({ kind, low, high }: Axis, from: number, to: number): Scale {
  return kind === 'log' ? logScale(low, high, from, to) : linearScale(low, high, from, to)
}

function drawAxes(x: Axis, y: Axis, scales: PlotScales): string {
  const { left, right, top, bottom } = FRAME
  const parts = [svgElement('path', { class: 'axis', d: `M${left} ${top}V${bottom}H${right}` })]
  const xTicks = x.names?.map((_, i) => i) ?? scales.x.ticks
  for (const tick of xTicks) {
    const at = scales.x.at(tick)
    parts.push(svgElement('path', { class: 'axis', d: `M${Math.round(at * 10) / 10} ${bottom}v3` }))
    parts.push(textAt(at, bottom + 14, x.names?.[tick] ?? tickLabel(tick, x.kind), { class: 'tick middle' }))
  }
  for (const tick of scales.y.ticks) {
    const at = Math.round(scales.y.at(tick) * 10) / 10
    parts.push(svgElement('path', { class: 'axis', d: `M${left} ${at}h-3` }))
    parts.push(textAt(left - 6, at + 3, tickLabel(tick, y.kind), { class: 'tick end' }))
  }
  if (y.kind === 'linear' && y.low < 0 && y.high > 0) {
    const zero = Math.round(scales.y.at(0) * 10) / 10
    parts.push(svgElement('path', { class: 'zero', d: `M${left} ${zero}H${right}` }))
  }
  parts.push(textAt((left + right) / 2, bottom + 32, x.label, { class: 'name middle' }))
  const middle = (top + bottom) / 2
  parts.push(textAt(11, middle, y.label, { class: 'name middle', transform: `rotate(-90 11 ${middle})` }))
  return parts.join('')
}

/** The name of a layer beside its last point inside the frame. */
function labelOf(layer: Layer, { x, y }: PlotScales): EndLabel[] {
  if (!('name' in layer) || layer.name === '') return []
  for (let i = layer.x.length - 1; i >= 0; i--) {
    const [atX, atY] = [x.at(layer.x[i]!), y.at(layer.y[i]!)]
    const isInside = atX <= FRAME.right + 1 && atY >= FRAME.top - 1 && atY <= FRAME.bottom + 1
    if (isInside) return [{ text: layer.name, x: atX + LABEL_GAP, y: atY, series: layer.series }]
  }
  return []
}
