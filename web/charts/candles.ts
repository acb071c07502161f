// The candle chart: Chart.js with the `candles` type of candle-controller.ts, axes, and an overlay. Hides Chart.js from
// the rest of the page. Draws what it is given when asked to, by price-chart/CandleChart.tsx.

import { Chart } from 'chart.js'
import { formatPrice } from '../format/format.ts'
import { priceMarksFor, type TimeMark, timeMarks } from './axis.ts'
import { BARE_OPTIONS } from './bare-chart.ts'
import { registerCandles } from './candle-controller.ts'
import type { CandleInput } from './candle-input.ts'
import { createCandleOverlay } from './candle-overlay.ts'
import { barsBetween, largestVolume, type PriceRange, priceRange, withVolumeShare } from './scale.ts'
import type { ChartTheme } from './theme.ts'

export interface CandleChart {
  draw(input: CandleInput): void
  setTheme(theme: ChartTheme): void
  resize(): void
  /** Size of the plot: the canvas without its axes. */
  readonly plotPx: { readonly width: number; readonly height: number }
  /** The place at a horizontal position of the canvas, and the position of a place. */
  placeAt(x: number): number
  xOf(place: number): number
  priceAt(y: number): number
  yOf(price: number): number
  destroy(): void
}

/** Also the size of the corner in charts.module.css. */
export const PRICE_AXIS_PX = 68
const TIME_AXIS_PX = 24
/** Half the heights of a tag on the price axis and of a label that it would cover. */
const TAG_PX = 16
/** Half the width of a time on the axis. */
const TIME_PX = 20

registerCandles()

export function createCandleChart(canvas: HTMLCanvasElement, startTheme: ChartTheme): CandleChart {
  let theme = startTheme
  let input: CandleInput | undefined
  let marks: readonly TimeMark[] = []
  let prices: PriceRange | undefined
  // What update() of Chart.js has laid out: axes and labels, most of a frame's cost. Only the candles change until
  // this does.
  let drawnLayout = ''

  const font = () => ({ family: theme.font, size: 11 })
  const chart = new Chart(canvas, {
    type: 'candles',
    data: { datasets: [{ data: [], firstBar: 0, volumeMax: 1, colors: theme, clip: 0 }] },
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
            font,
            callback: (value, index) => (isCutOff(Number(value)) ? '' : (marks[index]?.label ?? '')),
          },
          afterFit: axis => {
            axis.height = TIME_AXIS_PX
            // No room for labels at the ends: the plot must not move when one appears.
            Object.assign(axis, { paddingLeft: 0, paddingRight: 0 })
          },
          afterBuildTicks: axis => {
            axis.ticks = marks.map(({ bar }) => ({ value: bar + 0.5 }))
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
            font,
            callback: value => (isCovered(Number(value)) ? '' : formatPrice(Number(value), input?.decimals ?? 2)),
          },
          afterFit: axis => {
            axis.width = PRICE_AXIS_PX
          },
          afterBuildTicks: axis => {
            // Without bars there are no prices.
            if (input === undefined || input.bars.length === 0) {
              axis.ticks = []
              return
            }
            const room = (axis.max - axis.min) * 0.02
            const values = priceMarksFor(axis.min + room, axis.max - room, plotPx().height, input.tickSize)
            axis.ticks = values.map(value => ({ value }))
          },
        },
      },
    },
    plugins: [createCandleOverlay(() => (input === undefined ? undefined : { ...input, theme }))],
  })

  function plotPx() {
    const { clientWidth, clientHeight } = canvas
    return { width: Math.max(1, clientWidth - PRICE_AXIS_PX), height: Math.max(1, clientHeight - TIME_AXIS_PX) }
  }

  /** Whether the tag of the last price, or that of the crosshair, covers the label of this mark. */
  function isCovered(price: number): boolean {
    if (input === undefined || prices === undefined) return false
    const { low, high } = withVolumeShare(prices)
    const reach = ((high - low) * TAG_PX) / plotPx().height
    return [input.last, input.crosshair?.price].some(tag => typeof tag === 'number' && Math.abs(price - tag) < reach)
  }

  /** Whether the label of this time would begin left of the plot. */
  function isCutOff(place: number): boolean {
    if (input === undefined) return false
    const { from, to } = input
    return ((place - from) / (to - from)) * plotPx().width < TIME_PX
  }

  function draw(next: CandleInput): void {
    const { bars, from, to, intervalMs, tickSize, zone } = next
    const visible = barsBetween(bars, from, to)
    // More or fewer bars than before, as in another window, need a scale of their own.
    const isOtherWidth = input === undefined || Math.abs(to - from - (input.to - input.from)) >= 1
    input = next
    if (prices === undefined || isOtherWidth || !next.holdsScale) prices = priceRange(bars, visible, tickSize, prices)
    marks = timeMarks(bars, visible, plotPx().width / (to - from), intervalMs, zone)
    Object.assign(chart.data.datasets[0]!, {
      data: bars.slice(visible.first, visible.end),
      firstBar: visible.first,
      volumeMax: largestVolume(bars, visible) || 1,
      colors: theme,
    })
    const { low, high } = withVolumeShare(prices)
    const layout = JSON.stringify([visible, from, to, low, high, marks, coveredLabels()])
    if (layout === drawnLayout) {
      chart.getDatasetMeta(0).controller.update('none')
      chart.draw()
      return
    }
    drawnLayout = layout
    Object.assign(chart.options.scales!.x!, { min: from, max: to })
    Object.assign(chart.options.scales!.y!, { min: low, max: high })
    chart.update('none')
  }

  /** The prices of the labels on the axis that a tag covers. */
  function coveredLabels(): number[] {
    return chart.scales.y!.ticks.map(({ value }) => value).filter(isCovered)
  }

  /** With all of the layout, although nothing of the input has changed. */
  function drawAgain(): void {
    drawnLayout = ''
    if (input !== undefined) draw(input)
  }

  return {
    draw,
    setTheme(next) {
      theme = next
      drawAgain()
    },
    resize() {
      const { clientWidth, clientHeight } = canvas.parentElement!
      if (clientWidth === 0 || clientHeight === 0) return
      chart.resize(clientWidth, clientHeight)
      drawAgain()
    },
    get plotPx() {
      return plotPx()
    },
    placeAt: x => chart.scales.x!.getValueForPixel(x) ?? 0,
    xOf: place => chart.scales.x!.getPixelForValue(place),
    priceAt: y => chart.scales.y!.getValueForPixel(y) ?? 0,
    yOf: price => chart.scales.y!.getPixelForValue(price),
    destroy: () => chart.destroy(),
  }
}
