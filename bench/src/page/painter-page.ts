// Runs in the browser of painter.ts: the candle chart of web/ and lightweight-charts, with the same candles in the same
// size, each painted again every frame with another last price.

import { CandlestickSeries, createChart, HistogramSeries, type UTCTimestamp } from 'lightweight-charts'

interface PaintedBar {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** Paints the candles with another last one. */
type PaintBar = (last: PaintedBar) => void

declare global {
  /** Paints so many frames, and resolves after the last. */
  var paintFrames: (painter: 'papertape' | 'lightweight-charts' | 'none', frames: number) => Promise<void>
}

const CANDLES = 200
const MINUTE_MS = 60_000
const START_MS = Date.UTC(2026, 10, 28, 14)
const SIZE = { width: 850, height: 480 }
/** Of web/charts/theme.ts, the colours that the chart paints with. */
const THEME = {
  panel: '#111418',
  line: '#252a31',
  faint: '#8c96a3',
  up: '#1f9d76',
  upInk: '#ffffff',
  down: '#c2502f',
  downInk: '#ffffff',
  font: 'sans-serif',
}
/** Not a literal: TypeScript does not look for it in this package. */
const CANDLE_CHART: string = '/web/charts/candles.ts'

function makeBars(): PaintedBar[] {
  let price = 184
  return Array.from({ length: CANDLES }, (_, at) => {
    const open = price
    const close = open + Math.sin(at * 1.7) * 0.3
    price = close
    const [high, low] = [Math.max(open, close) + 0.08, Math.min(open, close) - 0.08]
    return { time: START_MS + at * MINUTE_MS, open, high, low, close, volume: 1_000 + ((at * 7_919) % 5_000) }
  })
}

function addBox(): HTMLElement {
  const box = document.body.appendChild(document.createElement('div'))
  Object.assign(box.style, { width: `${SIZE.width}px`, height: `${SIZE.height}px`, background: THEME.panel })
  return box
}

async function createOurs(bars: readonly PaintedBar[]): Promise<PaintBar> {
  const { createCandleChart } = await import(CANDLE_CHART)
  const canvas = addBox().appendChild(document.createElement('canvas'))
  Object.assign(canvas.style, { width: '100%', height: '100%' })
  const chart = createCandleChart(canvas, THEME)
  chart.resize()
  const input = {
    intervalMs: MINUTE_MS,
    decimals: 2,
    tickSize: 0.01,
    from: 0,
    to: CANDLES,
    zone: 'utc',
    averageCost: undefined,
    vwap: undefined,
    average: undefined,
    fills: [],
    crosshair: undefined,
    holdsScale: false,
  }
  return last => chart.draw({ ...input, bars: [...bars.slice(0, -1), last], last: last.close })
}

function createTheirs(bars: readonly PaintedBar[]): PaintBar {
  const { panel, line, faint, up, down } = THEME
  const chart = createChart(addBox(), {
    ...SIZE,
    layout: { background: { color: panel }, textColor: faint, fontSize: 11 },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    timeScale: { timeVisible: true },
  })
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: up,
    downColor: down,
    wickUpColor: up,
    wickDownColor: down,
    borderVisible: false,
  })
  candles.priceScale().applyOptions({ scaleMargins: { top: 0.05, bottom: 0.22 } })
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: '',
    lastValueVisible: false,
    priceLineVisible: false,
  })
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.81, bottom: 0 } })
  const candleOf = (bar: PaintedBar) => ({ ...bar, time: (bar.time / 1_000) as UTCTimestamp })
  const volumeOf = (bar: PaintedBar) => ({
    time: (bar.time / 1_000) as UTCTimestamp,
    value: bar.volume,
    color: `${bar.close >= bar.open ? up : down}52`,
  })
  candles.setData(bars.map(candleOf))
  volume.setData(bars.map(volumeOf))
  chart.timeScale().setVisibleLogicalRange({ from: 0, to: bars.length })
  return last => {
    candles.update(candleOf(last))
    volume.update(volumeOf(last))
  }
}

const bars = makeBars()
const newest = bars.at(-1)!
const painters = { papertape: await createOurs(bars), 'lightweight-charts': createTheirs(bars), none: () => {} }

globalThis.paintFrames = (name, frames) =>
  new Promise(resolve => {
    let frame = 0
    const paint = () => {
      if (frame++ === frames) {
        resolve()
        return
      }
      const close = newest.open + ((frame % 20) - 10) / 100
      painters[name]({
        ...newest,
        close,
        high: Math.max(newest.high, close),
        low: Math.min(newest.low, close),
        volume: newest.volume + frame,
      })
      requestAnimationFrame(paint)
    }
    requestAnimationFrame(paint)
  })
