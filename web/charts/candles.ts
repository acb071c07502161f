// The candle chart: Chart.js with the `candles` type of candle-controller.ts, axes, and an overlay. Hides Chart.js from
// the rest of the page. Draws when asked to, by price-chart/CandleChart.tsx, at most ten times a second.

import type { Bar } from '@papertape/protocol'
import { Chart } from 'chart.js'
import { formatPrice } from '../format/format.ts'
import { priceMarks, timeLabel, timeMarks } from './axis.ts'
import { BARE_OPTIONS } from './bare-chart.ts'
import { registerCandles } from './candle-controller.ts'
import { type CandleOverlay, createCandleOverlay } from './candle-overlay.ts'
import { type BarRange, barAt, largestVolume, priceRange, slotFor, visibleBars } from './scale.ts'
import type { ChartTheme } from './theme.ts'

export interface CandleInput {
  readonly bars: readonly Bar[]
  readonly intervalMs: number
  readonly decimals: number
  readonly tickSize: number
  readonly last: number | null
  readonly cursor: number | undefined
  /** The width of one bar with its gap. */
  readonly slotPx: number
  /** By how many bars the visible range is moved into the past. */
  readonly back: number
}

export interface CandleChart {
  draw(input: CandleInput): void
  setTheme(theme: ChartTheme): void
  resize(): void
  /** Index of the bar at a horizontal position of the canvas. */
  barAtPixel(x: number): number | undefined
  destroy(): void
}

const PRICE_AXIS_PX = 68
const TIME_AXIS_PX = 24

registerCandles()

export function createCandleChart(canvas: HTMLCanvasElement, startTheme: ChartTheme): CandleChart {
  let theme = startTheme
  let visible: BarRange | undefined
  let input: CandleInput | undefined
  let timeStepMs = 60_000
  let priceSpan = 1

  const chart = new Chart(canvas, {
    type: 'candles',
    data: { datasets: [{ data: [], intervalMs: 60_000, volumeMax: 1, colors: theme, clip: 0 }] },
    options: {
      ...BARE_OPTIONS,
      layout: { padding: 0, autoPadding: false },
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: 1,
          border: { display: false },
          grid: { drawTicks: false, color: () => theme.line },
          ticks: {
            maxRotation: 0,
            autoSkip: false,
            padding: 6,
            color: () => theme.faint,
            font: () => ({ family: theme.font, size: 11 }),
            callback: value => timeLabel(Number(value), timeStepMs),
          },
          afterFit: axis => {
            axis.height = TIME_AXIS_PX
            // No room for labels at the ends: the plot must not move when one appears.
            Object.assign(axis, { paddingLeft: 0, paddingRight: 0 })
          },
          afterBuildTicks: axis => {
            const { stepMs, marks } = timeMarks(axis.min, axis.max, Math.max(2, Math.floor(canvas.clientWidth / 96)))
            timeStepMs = stepMs
            const end = axis.max - (axis.max - axis.min) * 0.03
            axis.ticks = marks.filter(value => value < end).map(value => ({ value }))
          },
        },
        y: {
          type: 'linear',
          position: 'right',
          min: 0,
          max: 1,
          border: { display: false },
          grid: { drawTicks: false, color: () => theme.line },
          ticks: {
            autoSkip: false,
            padding: 7,
            color: () => theme.faint,
            font: () => ({ family: theme.font, size: 11 }),
            callback: value => (isCovered(Number(value)) ? '' : formatPrice(Number(value), input?.decimals ?? 2)),
          },
          afterFit: axis => {
            axis.width = PRICE_AXIS_PX
          },
          afterBuildTicks: axis => {
            const count = Math.max(2, Math.floor(canvas.clientHeight / 52))
            const room = (axis.max - axis.min) * 0.02
            const marks = priceMarks(axis.min + room, axis.max - room, count, input?.tickSize ?? 0.01)
            axis.ticks = marks.map(value => ({ value }))
          },
        },
      },
    },
    plugins: [createCandleOverlay(() => (input === undefined ? undefined : overlayOf(input)))],
  })

  /** Whether the tag of the last price covers the label of this mark. */
  function isCovered(price: number): boolean {
    const tagHeight = (priceSpan * 14) / Math.max(1, canvas.clientHeight)
    const last = input?.last ?? null
    return last !== null && Math.abs(price - last) < tagHeight
  }

  function overlayOf({ bars, intervalMs, decimals, last, cursor }: CandleInput): CandleOverlay {
    const newest = bars.at(-1)
    const direction = newest !== undefined && newest.close < newest.open ? 'down' : 'up'
    const timeMs = cursor === undefined ? undefined : bars[cursor]?.time
    return {
      theme,
      decimals,
      last: last === null ? undefined : { price: last, direction },
      cursor: timeMs === undefined ? undefined : { timeMs, middleMs: timeMs + intervalMs / 2 },
    }
  }

  function draw(next: CandleInput): void {
    input = next
    const { bars, intervalMs } = next
    const widthPx = Math.max(1, canvas.clientWidth - PRICE_AXIS_PX)
    const slotPx = slotFor(bars.length, widthPx, next.slotPx)
    visible = visibleBars(bars, widthPx, slotPx, intervalMs, next.back)
    const prices = priceRange(bars, visible, next.tickSize)
    priceSpan = prices.high - prices.low
    Object.assign(chart.data.datasets[0]!, {
      data: bars.slice(visible.first, visible.end),
      intervalMs,
      volumeMax: largestVolume(bars, visible) || 1,
      colors: theme,
    })
    Object.assign(chart.options.scales!.x!, { min: visible.fromMs, max: visible.toMs })
    Object.assign(chart.options.scales!.y!, { min: prices.low, max: prices.high })
    chart.update('none')
  }

  return {
    draw,
    setTheme(next) {
      theme = next
      if (input !== undefined) draw(input)
    },
    resize() {
      const { clientWidth, clientHeight } = canvas.parentElement!
      if (clientWidth === 0 || clientHeight === 0) return
      chart.resize(clientWidth, clientHeight)
      if (input !== undefined) draw(input)
    },
    barAtPixel(x) {
      if (visible === undefined || input === undefined) return undefined
      const time = chart.scales.x!.getValueForPixel(x)
      return time === undefined ? undefined : barAt(input.bars, visible, time, input.intervalMs)
    },
    destroy: () => chart.destroy(),
  }
}
