// The `candles` chart type of Chart.js: bodies, wicks and volume bars, as a dataset controller. Its data are the
// visible bars; the scale counts bars, so that a closed market takes no room. Draws rectangles, colour by colour: they
// lie on whole pixels, where a path of them all is filled several times slower. Used by candles.ts.

import type { Bar } from '@papertape/protocol'
import { type CartesianParsedData, Chart, type CoreChartOptions, DatasetController, Element } from 'chart.js'
import { bodyWidth, VOLUME_SHARE } from './scale.ts'

type CandleDirection = 'up' | 'down'

export interface CandleDatasetOptions {
  /** The number of the first of the data. */
  readonly firstBar: number
  /** The volume that has the full height. */
  readonly volumeMax: number
  readonly colors: Readonly<Record<CandleDirection, string>>
  /** Clips drawing this many pixels outside of the chart area. */
  readonly clip: number
}

declare module 'chart.js' {
  interface ChartTypeRegistry {
    candles: {
      chartOptions: CoreChartOptions<'candles'>
      datasetOptions: CandleDatasetOptions
      defaultDataPoint: Bar
      metaExtensions: object
      parsedDataType: CartesianParsedData
      scales: 'linear'
    }
  }
}

const VOLUME_ALPHA = 0.32
/** Between the tallest volume bar and the candles. */
const VOLUME_GAP_SHARE = 0.03

/** The geometry of one bar, in whole pixels: fractions would blur each candle differently. */
class CandleElement extends Element {
  static id = 'candle'
  direction: CandleDirection = 'up'
  bodyTop = 0
  bodyHeight = 0
  wickTop = 0
  wickHeight = 0
  volumeHeight = 0
}

class CandleController extends DatasetController<'candles', CandleElement> {
  static id = 'candles'
  static defaults = { datasetElementType: false, dataElementType: 'candle' }

  override update(): void {
    const elements = this._cachedMeta.data
    this.updateElements(elements, 0, elements.length)
  }

  override updateElements(elements: CandleElement[], start: number, count: number): void {
    const { xScale, yScale } = this._cachedMeta
    const { data, firstBar, volumeMax } = this.#dataset
    const { top, bottom } = this.chart.chartArea
    const volumeHeight = (bottom - top) * (VOLUME_SHARE - VOLUME_GAP_SHARE)
    const y = (price: number) => Math.round(yScale!.getPixelForValue(price))
    for (let i = start; i < start + count; i++) {
      const bar = data[i]!
      const element = elements[i]!
      element.x = Math.round(xScale!.getPixelForValue(firstBar + i + 0.5))
      element.direction = bar.close >= bar.open ? 'up' : 'down'
      element.bodyTop = y(Math.max(bar.open, bar.close))
      element.bodyHeight = Math.max(1, y(Math.min(bar.open, bar.close)) - element.bodyTop)
      element.wickTop = y(bar.high)
      element.wickHeight = Math.max(1, y(bar.low) - element.wickTop)
      element.volumeHeight = Math.round((bar.volume / volumeMax) * volumeHeight)
    }
  }

  override draw(): void {
    const { ctx, chartArea } = this.chart
    const { colors } = this.#dataset
    const width = this.#bodyWidth()
    const half = (width - 1) / 2
    const elements = this._cachedMeta.data
    ctx.save()
    for (const way of ['up', 'down'] as const) {
      ctx.fillStyle = colors[way]
      ctx.globalAlpha = VOLUME_ALPHA
      for (const { x, direction, volumeHeight } of elements) {
        if (direction === way) ctx.fillRect(x - half, chartArea.bottom - volumeHeight, width, volumeHeight)
      }
      ctx.globalAlpha = 1
      for (const { x, direction, bodyTop, bodyHeight, wickTop, wickHeight } of elements) {
        if (direction !== way) continue
        ctx.fillRect(x, wickTop, 1, wickHeight)
        ctx.fillRect(x - half, bodyTop, width, bodyHeight)
      }
    }
    ctx.restore()
  }

  #bodyWidth(): number {
    const { xScale } = this._cachedMeta
    const { min } = xScale!
    return bodyWidth(xScale!.getPixelForValue(min + 1) - xScale!.getPixelForValue(min))
  }

  get #dataset(): CandleDatasetOptions & { readonly data: readonly Bar[] } {
    return this.getDataset() as unknown as CandleDatasetOptions & { readonly data: readonly Bar[] }
  }
}

export function registerCandles(): void {
  Chart.register(CandleController, CandleElement)
}
