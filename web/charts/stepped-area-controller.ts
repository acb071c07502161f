// The `steppedArea` chart type of Chart.js: a filled outline that steps up at each point and ends at the last one. The
// points run from the inside to the edge, in either direction. Used by depth-chart.ts.

import { type CartesianParsedData, Chart, type CoreChartOptions, DatasetController, PointElement } from 'chart.js'
import type { DepthPoint } from './depth-shape.ts'

export interface SteppedAreaOptions {
  readonly borderColor: string
  readonly backgroundColor: string
  readonly borderWidth: number
  readonly clip: false
}

declare module 'chart.js' {
  interface ChartTypeRegistry {
    steppedArea: {
      chartOptions: CoreChartOptions<'steppedArea'>
      datasetOptions: SteppedAreaOptions
      defaultDataPoint: DepthPoint
      metaExtensions: object
      parsedDataType: CartesianParsedData
      scales: 'linear'
    }
  }
}

class SteppedAreaController extends DatasetController<'steppedArea'> {
  static id = 'steppedArea'
  // Chart.js wants an element type; none is created.
  static defaults = { datasetElementType: false, dataElementType: 'point' }

  /** The outline is drawn as a whole: no element for each point. */
  override buildOrUpdateElements(): void {}

  override draw(): void {
    const { ctx, chartArea } = this.chart
    const { xScale, yScale } = this._cachedMeta
    const dataset = this.getDataset() as unknown as SteppedAreaOptions & { readonly data: readonly DepthPoint[] }
    const [first] = dataset.data
    if (first === undefined) return
    const outline = new Path2D()
    let x = xScale!.getPixelForValue(first.x)
    let y = chartArea.bottom
    outline.moveTo(x, y)
    for (const point of dataset.data) {
      x = xScale!.getPixelForValue(point.x)
      outline.lineTo(x, y)
      y = yScale!.getPixelForValue(point.y)
      outline.lineTo(x, y)
    }
    const area = new Path2D(outline)
    area.lineTo(x, chartArea.bottom)
    area.closePath()
    ctx.save()
    ctx.fillStyle = dataset.backgroundColor
    ctx.fill(area)
    ctx.strokeStyle = dataset.borderColor
    ctx.lineWidth = dataset.borderWidth
    ctx.stroke(outline)
    ctx.restore()
  }
}

export function registerSteppedArea(): void {
  Chart.register(SteppedAreaController, PointElement)
}
