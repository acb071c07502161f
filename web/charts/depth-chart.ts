// The depth chart: the total bid at or above a price, and offered at or below it. Chart.js lays out the axis, the two stepped
// areas are painted here. Draws when told to, by charts/DepthChart.tsx.

import { Chart } from 'chart.js'
import { formatPrice } from '../format/format.ts'
import type { DepthState } from '../market/depth.ts'
import { priceMarks } from './axis.ts'
import { BARE_OPTIONS } from './bare-chart.ts'
import { type DepthPoint, type DepthShape, depthShape } from './depth-shape.ts'
import type { ChartTheme } from './theme.ts'

export interface DepthChartDrawing {
  draw(depth: DepthState, decimals: number, tickSize: number): void
  setTheme(theme: ChartTheme): void
  resize(): void
  destroy(): void
}

export function createDepthChart(canvas: HTMLCanvasElement, startTheme: ChartTheme): DepthChartDrawing {
  let theme = startTheme
  let last: [DepthState, number, number] | undefined
  let shape: DepthShape | undefined
  let decimalsShown = 2
  let tick = 0.01

  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: [{ data: [] }] },
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
    plugins: [
      {
        id: 'depth',
        afterDatasetsDraw(one) {
          if (shape === undefined) return
          paint(one, shape.bids, theme.up, theme.upWash)
          paint(one, shape.asks, theme.down, theme.downWash)
        },
      },
    ],
  })

  function draw(depth: DepthState, decimals: number, tickSize: number): void {
    last = [depth, decimals, tickSize]
    decimalsShown = decimals
    tick = tickSize
    shape = depthShape(depth)
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

/** From the best level outward, in steps: up at each price. */
function paint({ ctx, chartArea, scales }: Chart, points: readonly DepthPoint[], line: string, wash: string): void {
  const first = points[0]
  if (first === undefined) return
  const outline = new Path2D()
  const x = (price: number) => scales.x!.getPixelForValue(price)
  outline.moveTo(x(first.x), chartArea.bottom)
  let height = chartArea.bottom
  for (const point of points) {
    outline.lineTo(x(point.x), height)
    height = scales.y!.getPixelForValue(point.y)
    outline.lineTo(x(point.x), height)
  }
  const area = new Path2D(outline)
  area.lineTo(x(points.at(-1)!.x), chartArea.bottom)
  area.closePath()
  ctx.save()
  ctx.fillStyle = wash
  ctx.fill(area)
  ctx.strokeStyle = line
  ctx.lineWidth = 1.25
  ctx.stroke(outline)
  ctx.restore()
}
