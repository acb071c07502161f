// The depth chart: the total bid at or above a price, and offered at or below it, as two stepped areas of Chart.js. Its
// prices are those of the ladder. Draws when asked to, by ladder/DepthChart.tsx.

import { Chart, type ChartDataset } from 'chart.js'
import { formatCompact, formatPrice } from '../format/format.ts'
import type { DepthState } from '../market/depth.ts'
import { priceMarks } from './axis.ts'
import { BARE_OPTIONS } from './bare-chart.ts'
import { type DepthRange, depthShape, steadyMaximum } from './depth-shape.ts'
import { registerSteppedArea } from './stepped-area-controller.ts'
import type { ChartTheme } from './theme.ts'

registerSteppedArea()

/** The room for the labels of the sizes, at the right. */
export const SIZE_AXIS_PX = 40

export interface DrawnDepth {
  readonly depth: DepthState
  readonly range: DepthRange
  readonly decimals: number
  readonly tickSize: number
}

export interface DepthChartDrawing {
  draw(drawn: DrawnDepth): void
  setTheme(theme: ChartTheme): void
  resize(): void
  destroy(): void
}

export function createDepthChart(canvas: HTMLCanvasElement, startTheme: ChartTheme): DepthChartDrawing {
  let theme = startTheme
  let last: DrawnDepth | undefined
  let most = 0
  let isEmpty = true

  const labels = { color: () => theme.faint, font: () => ({ family: theme.font, size: 11 }) }
  const bids = emptyArea(theme.up, theme.upWash)
  const asks = emptyArea(theme.down, theme.downWash)
  const chart = new Chart(canvas, {
    type: 'steppedArea',
    data: { datasets: [bids, asks] },
    options: {
      ...BARE_OPTIONS,
      layout: { padding: { top: 8 }, autoPadding: false },
      scales: {
        x: {
          type: 'linear',
          border: { display: false },
          grid: { display: false },
          ticks: {
            autoSkip: false,
            maxRotation: 0,
            padding: 2,
            ...labels,
            callback: value => formatPrice(Number(value), last?.decimals ?? 2),
          },
          afterBuildTicks: axis => {
            const room = (axis.max - axis.min) * 0.1
            const marks = priceMarks(axis.min + room, axis.max - room, 4, last?.tickSize ?? 0.01)
            axis.ticks = marks.map(value => ({ value }))
          },
        },
        y: {
          type: 'linear',
          position: 'right',
          min: 0,
          border: { display: false },
          grid: { color: () => theme.line, drawTicks: false },
          ticks: { ...labels, padding: 4, callback: value => formatCompact(Number(value), most) },
          afterBuildTicks: axis => {
            // Sizes are whole numbers; an empty book has none.
            const sizes = isEmpty ? [] : [most / 2, most].filter(Number.isInteger)
            axis.ticks = sizes.map(value => ({ value }))
          },
          afterFit: axis => {
            axis.width = SIZE_AXIS_PX
          },
        },
      },
    },
  })

  function draw(drawn: DrawnDepth): void {
    last = drawn
    const shape = depthShape(drawn.depth, drawn.range)
    most = steadyMaximum(shape.most, most)
    isEmpty = shape.most === 0
    Object.assign(bids, { data: shape.bids, borderColor: theme.up, backgroundColor: theme.upWash })
    Object.assign(asks, { data: shape.asks, borderColor: theme.down, backgroundColor: theme.downWash })
    Object.assign(chart.options.scales!.x!, { min: drawn.range.low, max: drawn.range.high })
    Object.assign(chart.options.scales!.y!, { max: most })
    chart.update('none')
  }

  return {
    draw,
    setTheme(next) {
      theme = next
      if (last !== undefined) draw(last)
    },
    resize() {
      const { clientWidth, clientHeight } = canvas.parentElement!
      if (clientWidth === 0 || clientHeight === 0) return
      chart.resize(clientWidth, clientHeight)
      if (last !== undefined) draw(last)
    },
    destroy: () => chart.destroy(),
  }
}

function emptyArea(borderColor: string, backgroundColor: string): ChartDataset<'steppedArea'> {
  return { data: [], borderColor, backgroundColor, borderWidth: 1.25, clip: false }
}
