// What is drawn over the candles in the same pass: indicators, average cost, own fills, the crosshair, and the last
// price with its tag. A Chart.js plugin. Used by candles.ts.

import type { Chart, Plugin } from 'chart.js'
import { formatPrice } from '../format/format.ts'
import type { BarValues, CandleInput, Crosshair } from './candle-input.ts'
import type { ChartTheme } from './theme.ts'

type OverlayInput = CandleInput & { readonly theme: ChartTheme }

const FILL_PX = 9

export function createCandleOverlay(read: () => OverlayInput | undefined): Plugin<'candles'> {
  return {
    id: 'candleOverlay',
    beforeDatasetsDraw(chart) {
      const input = read()
      if (input?.crosshair !== undefined) drawCrosshair(chart, input.theme, input.crosshair)
    },
    afterDatasetsDraw(chart) {
      const input = read()
      if (input === undefined) return
      const { ctx, chartArea } = chart
      // Beneath the text of the average cost.
      if (input.last !== null) drawLast(chart, input, input.last)
      ctx.save()
      ctx.beginPath()
      ctx.rect(chartArea.left, chartArea.top, chartArea.right - chartArea.left, chartArea.bottom - chartArea.top)
      ctx.clip()
      if (input.vwap !== undefined) drawCurve(chart, input, input.vwap, input.theme.warn)
      if (input.average !== undefined) drawCurve(chart, input, input.average, input.theme.accent)
      if (input.averageCost !== undefined) drawAverageCost(chart, input, input.averageCost)
      drawFills(chart, input)
      ctx.restore()
    },
  }
}

function drawCrosshair({ ctx, chartArea, scales }: Chart, theme: ChartTheme, { bar, price }: Crosshair): void {
  const x = Math.round(scales.x!.getPixelForValue(bar + 0.5)) + 0.5
  const y = price === undefined ? undefined : Math.round(scales.y!.getPixelForValue(price)) + 0.5
  ctx.save()
  ctx.strokeStyle = theme.faint
  ctx.globalAlpha = 0.7
  ctx.lineWidth = 1
  ctx.beginPath()
  if (x >= chartArea.left && x <= chartArea.right) {
    ctx.moveTo(x, chartArea.top)
    ctx.lineTo(x, chartArea.bottom)
  }
  if (y !== undefined && y >= chartArea.top && y <= chartArea.bottom) {
    ctx.moveTo(chartArea.left, y)
    ctx.lineTo(chartArea.right, y)
  }
  ctx.stroke()
  ctx.restore()
}

function drawCurve({ ctx, scales }: Chart, { from, to }: OverlayInput, values: BarValues, color: string): void {
  ctx.save()
  ctx.strokeStyle = color
  ctx.lineWidth = 1.5
  ctx.lineJoin = 'round'
  ctx.beginPath()
  let isDrawing = false
  for (let bar = Math.max(0, Math.floor(from) - 1); bar < Math.min(values.length, to + 1); bar++) {
    const value = values[bar]
    if (value !== undefined) {
      const x = scales.x!.getPixelForValue(bar + 0.5)
      const y = scales.y!.getPixelForValue(value)
      if (isDrawing) ctx.lineTo(x, y)
      else ctx.moveTo(x, y)
    }
    isDrawing = value !== undefined
  }
  ctx.stroke()
  ctx.restore()
}

function drawAverageCost({ ctx, chartArea, scales }: Chart, { theme, decimals }: OverlayInput, price: number): void {
  const y = Math.round(scales.y!.getPixelForValue(price)) + 0.5
  const text = `Average cost ${formatPrice(price, decimals)}`
  ctx.save()
  ctx.strokeStyle = theme.text
  ctx.lineWidth = 1
  ctx.setLineDash([8, 4])
  ctx.beginPath()
  ctx.moveTo(chartArea.left, y)
  ctx.lineTo(chartArea.right, y)
  ctx.stroke()
  ctx.font = `500 11px ${theme.font}`
  ctx.textBaseline = 'bottom'
  // The edge of the letters keeps them apart from the candles, which are seen between them.
  ctx.setLineDash([])
  ctx.lineJoin = 'round'
  ctx.lineWidth = 3
  ctx.strokeStyle = theme.panel
  ctx.strokeText(text, chartArea.left + 8, y - 2)
  ctx.fillStyle = theme.text
  ctx.fillText(text, chartArea.left + 8, y - 2)
  ctx.restore()
}

/** Triangles that point up for a buy and down for a sell, edged so that they are seen on a candle of their colour. */
function drawFills({ ctx, scales }: Chart, { theme, fills, from, to }: OverlayInput): void {
  if (fills.length === 0) return
  const paths = { buy: new Path2D(), sell: new Path2D() }
  for (const { bar, price, side } of fills) {
    if (bar + 1 < from || bar > to) continue
    const x = Math.round(scales.x!.getPixelForValue(bar + 0.5)) + 0.5
    const y = scales.y!.getPixelForValue(price)
    const height = side === 'buy' ? FILL_PX : -FILL_PX
    paths[side].moveTo(x, y)
    paths[side].lineTo(x + FILL_PX / 2, y + height)
    paths[side].lineTo(x - FILL_PX / 2, y + height)
    paths[side].closePath()
  }
  ctx.save()
  ctx.strokeStyle = theme.panel
  ctx.lineWidth = 3
  for (const side of ['buy', 'sell'] as const) {
    ctx.fillStyle = side === 'buy' ? theme.up : theme.down
    ctx.stroke(paths[side])
    ctx.fill(paths[side])
  }
  ctx.restore()
}

/** Its direction is that of the newest bar. */
function drawLast({ ctx, chartArea, scales }: Chart, { theme, bars, decimals }: OverlayInput, price: number): void {
  const y = Math.round(scales.y!.getPixelForValue(price)) + 0.5
  if (y < chartArea.top || y > chartArea.bottom) return
  const newest = bars.at(-1)
  const direction = newest !== undefined && newest.close < newest.open ? 'down' : 'up'
  ctx.save()
  ctx.strokeStyle = theme[direction]
  ctx.globalAlpha = 0.6
  ctx.setLineDash([2, 3])
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(chartArea.left, y)
  ctx.lineTo(chartArea.right, y)
  ctx.stroke()
  ctx.restore()
  drawTag(ctx, formatPrice(price, decimals), chartArea.right + 3, y, theme, direction)
}

function drawTag(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  theme: ChartTheme,
  direction: 'up' | 'down',
): void {
  ctx.save()
  ctx.font = `500 11px ${theme.font}`
  const width = Math.ceil(ctx.measureText(text).width) + 8
  ctx.fillStyle = theme[direction]
  ctx.beginPath()
  ctx.roundRect(x, Math.round(y) - 8, width, 16, 3)
  ctx.fill()
  ctx.fillStyle = direction === 'up' ? theme.upInk : theme.downInk
  ctx.textBaseline = 'middle'
  ctx.fillText(text, x + 4, Math.round(y) + 0.5)
  ctx.restore()
}
