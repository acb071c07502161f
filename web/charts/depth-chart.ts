// The depth chart: the total bid at or above a price, and offered at or below it. Two stepped areas on a Chart.js axis.
// Draws when asked to, by ladder/DepthChart.tsx.

import { Chart, type ChartDataset } from 'chart.js'
import { formatPrice } from '../format/format.ts'
import type { DepthState } from '../market/depth.ts'
import { priceMarks } from './axis.ts'
import { BARE_OPTIONS } from './bare-chart.ts'
import { depthShape } from './depth-shape.ts'
import { registerSteppedArea } from './stepped-area-controller.ts'
import type { ChartTheme } from './theme.ts'

registerSteppedArea()

export interface DepthChartDrawing {
  draw(depth: DepthState, decimals: number, tickSize: number): void
  setTheme(theme: ChartTheme): void
  resize(): void
  destroy(): void
}

export function createDepthChart(canvas: HTMLCanvasElement, startTheme: ChartTheme): DepthChartDrawing {
  let theme = startTheme
  let last: [DepthState, number, number] | undefined
  let decimalsShown = 2
  let tick = 0.01

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
            color: () => theme.faint,
            font: () => ({ family: theme.font, size: 11 }),
            callback: value => formatPrice(Number(value), decimalsShown),
          },
          afterBuildTicks: axis => {
            const room = (axis.max - axis.min) * 0.1
            const marks = priceMarks(axis.min + room, axis.max - room, 4, tick)
            axis.ticks = marks.map(value => ({ value }))
          },
        },
        y: { type: 'linear', display: false, min: 0 },
      },
    },
  })

  function draw(depth: DepthState, decimals: number, tickSize: number): void {
    last = [depth, decimals, tickSize]
    decimalsShown = decimals
    tick = tickSize
    const shape = depthShape(depth)
    Object.assign(bids, { data: shape.bids, borderColor: theme.up, backgroundColor: theme.upWash })
    Object.assign(asks, { data: shape.asks, borderColor: theme.down, backgroundColor: theme.downWash })
    Object.assign(chart.options.scales!.x!, { min: shape.low, max: shape.high })
    Object.assign(chart.options.scales!.y!, { max: shape.most * 1.05 })
    chart.update('none')
  }

  return {
    draw,
    setTheme(next) {
      theme = next
      if (last !== undefined) draw(...last)
    },
    resize() {
      const { clientWidth, clientHeight } = canvas.parentElement!
      if (clientWidth === 0 || clientHeight === 0) return
      chart.resize(clientWidth, clientHeight)
      if (last !== undefined) draw(...last)
    },
    destroy: () => chart.destroy(),
  }
}

function emptyArea(borderColor: string, backgroundColor: string): ChartDataset<'steppedArea'> {
  return { data: [], borderColor, backgroundColor, borderWidth: 1.25, clip: false }
}
