// Paints candles, volume, the last price and the cursor onto a canvas that Chart.js has laid out. Two batched paths for
// the candles and two for the volume, whatever the number of bars. Called by charts/candles.ts as a plugin.

import type { Bar } from '@papertape/protocol'
import { formatPrice, formatTime } from '../format/format.ts'
import { type BarRange, bodyWidth, largestVolume, VOLUME_SHARE } from './scale.ts'
import type { ChartTheme } from './theme.ts'

export interface Scene {
  readonly bars: readonly Bar[]
  readonly view: BarRange
  readonly intervalMs: number
  readonly slotPx: number
  readonly decimals: number
  readonly last: number | null
  /** Index of the bar under the cursor. */
  readonly cursor: number | undefined
  readonly theme: ChartTheme
}

export interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly width: number
  x(timeMs: number): number
  y(price: number): number
}

export function paintCandles(ctx: CanvasRenderingContext2D, plot: Plot, scene: Scene): void {
  const { theme } = scene
  ctx.save()
  ctx.beginPath()
  ctx.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top)
  ctx.clip()
  if (scene.cursor !== undefined) paintCursorLine(ctx, plot, scene)
  paintBodies(ctx, plot, scene)
  ctx.restore()
  if (scene.last !== null) paintLast(ctx, plot, scene, scene.last)
  if (scene.cursor !== undefined) {
    const bar = scene.bars[scene.cursor]
    if (bar !== undefined) {
      const x = plot.x(bar.time + scene.intervalMs / 2)
      tag(ctx, formatTime(bar.time), x, plot.bottom + 11, 'center', theme.lineStrong, theme.text, theme.font)
    }
  }
}

function paintBodies(ctx: CanvasRenderingContext2D, plot: Plot, scene: Scene): void {
  const { bars, view, theme } = scene
  const candles = { up: new Path2D(), down: new Path2D() }
  const volumes = { up: new Path2D(), down: new Path2D() }
  const slot = plot.x(scene.view.fromMs + scene.intervalMs) - plot.x(scene.view.fromMs)
  const width = bodyWidth(slot)
  const half = (width - 1) / 2
  const volumeHeight = (plot.bottom - plot.top) * (VOLUME_SHARE - 0.03)
  const volumeMost = largestVolume(bars, view) || 1
  for (let i = view.first; i < view.end; i++) {
    const bar = bars[i]!
    const side = bar.close >= bar.open ? 'up' : 'down'
    // Whole pixels, or every candle is blurred in its own way.
    const x = Math.round(plot.x(bar.time + scene.intervalMs / 2))
    const top = Math.round(plot.y(Math.max(bar.open, bar.close)))
    const height = Math.max(1, Math.round(plot.y(Math.min(bar.open, bar.close))) - top)
    const high = Math.round(plot.y(bar.high))
    candles[side].rect(x, high, 1, Math.max(1, Math.round(plot.y(bar.low)) - high))
    candles[side].rect(x - half, top, width, height)
    const volume = Math.round((bar.volume / volumeMost) * volumeHeight)
    volumes[side].rect(x - half, plot.bottom - volume, width, volume)
  }
  for (const side of ['up', 'down'] as const) {
    ctx.fillStyle = theme[side]
    ctx.globalAlpha = 0.32
    ctx.fill(volumes[side])
    ctx.globalAlpha = 1
    ctx.fill(candles[side])
  }
}

function paintCursorLine(ctx: CanvasRenderingContext2D, plot: Plot, scene: Scene): void {
  const bar = scene.bars[scene.cursor!]
  if (bar === undefined) return
  const x = Math.round(plot.x(bar.time + scene.intervalMs / 2)) + 0.5
  ctx.strokeStyle = scene.theme.lineStrong
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(x, plot.top)
  ctx.lineTo(x, plot.bottom)
  ctx.stroke()
}

function paintLast(ctx: CanvasRenderingContext2D, plot: Plot, scene: Scene, last: number): void {
  const { theme, bars } = scene
  const y = Math.round(plot.y(last)) + 0.5
  if (y < plot.top || y > plot.bottom) return
  const tail = bars.at(-1)
  const side = tail !== undefined && tail.close < tail.open ? 'down' : 'up'
  ctx.save()
  ctx.strokeStyle = theme[side]
  ctx.globalAlpha = 0.6
  ctx.setLineDash([2, 3])
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(plot.left, y)
  ctx.lineTo(plot.right, y)
  ctx.stroke()
  ctx.restore()
  const ink = side === 'up' ? theme.upInk : theme.downInk
  tag(ctx, formatPrice(last, scene.decimals), plot.right + 3, y, 'left', theme[side], ink, theme.font)
}

function tag(
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
