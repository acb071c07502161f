// Paints the strip of a lane on a canvas: a dot for each event, at its time and latency; shades where the lane was away
// or disturbed. Loaded and called by LaneStrip.tsx through the frame scheduler.

import type { ChartTheme } from '../../charts/theme.ts'
import { formatLatency } from './findings.ts'
import { LATENCY_TICKS_MS, latencyY, spanX, type TimeWindow, timeX } from './lane-geometry.ts'
import type { EventDot, Outage } from './lanes/lane-record.ts'
import type { RaceShade } from './race.ts'

const DOT_PX = 3
const LABEL_PX = 9
const TIME_STEP_MS = 10_000

export interface StripScene {
  readonly window: TimeWindow
  readonly startMs: number
  readonly nowMs: number
  readonly dots: readonly EventDot[]
  readonly outages: readonly Outage[]
  readonly shades: readonly RaceShade[]
}

export interface LanePainting {
  draw(scene: StripScene): void
  setTheme(theme: ChartTheme): void
  resize(): void
  destroy(): void
}

export function createLanePainting(canvas: HTMLCanvasElement, initial: ChartTheme): LanePainting {
  const context = canvas.getContext('2d')!
  let theme = initial
  let scene: StripScene | undefined
  let widthPx = 0
  let heightPx = 0

  const colorOf = ({ kind, isRepeated }: EventDot) =>
    isRepeated ? theme.down : kind === 'trade' ? theme.accent : theme.muted

  function drawScale({ window, startMs }: StripScene): void {
    context.fillStyle = theme.line
    for (const tickMs of LATENCY_TICKS_MS) context.fillRect(0, Math.round(latencyY(tickMs, heightPx)), widthPx, 1)
    const firstMs = startMs + Math.ceil((window.fromMs - startMs) / TIME_STEP_MS) * TIME_STEP_MS
    for (let atMs = firstMs; atMs <= window.toMs; atMs += TIME_STEP_MS)
      context.fillRect(Math.round(timeX(atMs, window, widthPx)), 0, 1, heightPx)
  }

  function drawLabels(): void {
    context.fillStyle = theme.faint
    context.font = `${LABEL_PX}px ${theme.font}`
    context.textAlign = 'right'
    for (const tickMs of LATENCY_TICKS_MS)
      context.fillText(formatLatency(tickMs), widthPx - 4, latencyY(tickMs, heightPx) - 2)
  }

  function drawSpans({ window, nowMs, outages, shades }: StripScene): void {
    for (const { fromMs, toMs = nowMs } of shades) drawSpan(fromMs, Math.min(toMs, nowMs), window, theme.line)
    for (const { fromMs, toMs = nowMs } of outages) drawSpan(fromMs, toMs, window, theme.downWash)
  }

  function drawSpan(fromMs: number, toMs: number, window: TimeWindow, color: string): void {
    const span = spanX(fromMs, toMs, window, widthPx)
    if (span === undefined) return
    context.fillStyle = color
    context.fillRect(span.x, 0, span.widthPx, heightPx)
  }

  function drawDots({ window, dots }: StripScene): void {
    for (const dot of dots) {
      if (dot.atMs < window.fromMs) continue
      context.fillStyle = colorOf(dot)
      const x = timeX(dot.atMs, window, widthPx) - DOT_PX / 2
      context.fillRect(x, latencyY(dot.latencyMs, heightPx) - DOT_PX / 2, DOT_PX, DOT_PX)
    }
  }

  function paint(): void {
    context.clearRect(0, 0, widthPx, heightPx)
    if (scene === undefined) return
    drawSpans(scene)
    drawScale(scene)
    drawDots(scene)
    drawLabels()
  }

  return {
    draw(next) {
      scene = next
      paint()
    },
    setTheme(next) {
      theme = next
      paint()
    },
    resize() {
      const { clientWidth, clientHeight } = canvas.parentElement!
      widthPx = clientWidth
      heightPx = clientHeight
      canvas.width = Math.round(widthPx * devicePixelRatio)
      canvas.height = Math.round(heightPx * devicePixelRatio)
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      paint()
    },
    destroy() {},
  }
}
