// What is drawn over the candles: the cursor with its time, and the last price with its tag. A Chart.js plugin. Used by
// candles.ts.

import type { Chart, Plugin } from 'chart.js'
import { formatPrice, formatTime } from '../format/format.ts'
import type { ChartTheme } from './theme.ts'

export interface CandleOverlay {
  readonly theme: ChartTheme
  readonly decimals: number
  /** The last price, and the direction of the newest bar. */
  readonly last: { readonly price: number; readonly direction: 'up' | 'down' } | undefined
  /** The bar under the cursor: its beginning and its middle. */
  readonly cursor: { readonly timeMs: number; readonly middleMs: number } | undefined
}

export function createCandleOverlay(read: () => CandleOverlay | undefined): Plugin<'candles'> {
  return {
    id: 'candleOverlay',
    beforeDatasetsDraw(chart) {
      const overlay = read()
      if (overlay?.cursor !== undefined) drawCursor(chart, overlay.theme, overlay.cursor.middleMs)
    },
    afterDatasetsDraw(chart) {
      const overlay = read()
      if (overlay === undefined) return
      const { theme, decimals, last, cursor } = overlay
      if (last !== undefined) drawLast(chart, theme, formatPrice(last.price, decimals), last.price, last.direction)
      if (cursor === undefined) return
      const x = chart.scales.x!.getPixelForValue(cursor.middleMs)
      const y = chart.chartArea.bottom + 11
      drawTag(chart.ctx, formatTime(cursor.timeMs), x, y, 'center', theme.lineStrong, theme.text, theme.font)
    },
  }
}

function drawCursor({ ctx, chartArea, scales }: Chart, theme: ChartTheme, timeMs: number): void {
  const x = Math.round(scales.x!.getPixelForValue(timeMs)) + 0.5
  if (x < chartArea.left || x > chartArea.right) return
  ctx.save()
  ctx.strokeStyle = theme.lineStrong
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(x, chartArea.top)
  ctx.lineTo(x, chartArea.bottom)
  ctx.stroke()
  ctx.restore()
}

function drawLast(chart: Chart, theme: ChartTheme, text: string, price: number, direction: 'up' | 'down'): void {
  const { ctx, chartArea, scales } = chart
  const y = Math.round(scales.y!.getPixelForValue(price)) + 0.5
  if (y < chartArea.top || y > chartArea.bottom) return
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
  const ink = direction === 'up' ? theme.upInk : theme.downInk
  drawTag(ctx, text, chartArea.right + 3, y, 'left', theme[direction], ink, theme.font)
}

function drawTag(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  align: 'left' | 'center',
  fill: string,
  ink: string,
  font: string,
): void {
  ctx.save()
  ctx.font = `500 11px ${font}`
  const width = Math.ceil(ctx.measureText(text).width) + 8
  const left = align === 'left' ? x : Math.round(x - width / 2)
  ctx.fillStyle = fill
  ctx.beginPath()
  ctx.roundRect(left, Math.round(y) - 8, width, 16, 3)
  ctx.fill()
  ctx.fillStyle = ink
  ctx.textBaseline = 'middle'
  ctx.fillText(text, left + 4, Math.round(y) + 0.5)
  ctx.restore()
}
