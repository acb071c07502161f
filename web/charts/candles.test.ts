// The candle chart on a recording canvas: colours and places of candles, volume, last price, crosshair, own fills.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordingCanvas } from '../testing/recording-canvas.ts'
import { barOf } from '../testing/sample-market.ts'
import type { CandleInput } from './candle-input.ts'
import { createCandleChart } from './candles.ts'
import type { ChartTheme } from './theme.ts'

const MINUTE_MS = 60_000
const THEME = new Proxy({} as ChartTheme, { get: (_, name) => String(name) })
const risingBar = barOf(10, { time: 0, open: 10, close: 11, high: 12, low: 9, volume: 50 })
const fallingBar = barOf(11, { time: MINUTE_MS, open: 11, close: 10, high: 12, low: 9, volume: 100 })
const INPUT: CandleInput = {
  bars: [risingBar, fallingBar],
  intervalMs: MINUTE_MS,
  decimals: 2,
  tickSize: 0.01,
  from: -62.5,
  to: 4,
  zone: 'utc',
  last: 10,
  averageCost: undefined,
  vwap: undefined,
  average: undefined,
  fills: [],
  crosshair: undefined,
  holdsScale: false,
}

function draw(change: Partial<CandleInput> = {}) {
  const { canvas, takePaints } = recordingCanvas(600, 400)
  const chart = createCandleChart(canvas, THEME)
  takePaints()
  chart.draw({ ...INPUT, ...change })
  const paints = takePaints()
  const shapes = (style: string, alpha = 1) =>
    paints
      .filter(one => one.kind === 'fillRect' && one.style === style && one.alpha === alpha)
      .flatMap(one => one.shapes)
  const texts = paints.filter(({ kind }) => kind === 'text')
  return { chart, paints, shapes, texts }
}

test('a bar that rose has the up colour, one that fell the down colour, one that did neither the up colour', () => {
  const { shapes } = draw()
  const [upWick, upBody] = shapes('up')
  const [downWick, downBody] = shapes('down')
  assert.deepEqual([shapes('up').length, shapes('down').length], [2, 2])
  assert.ok(upBody![0]! < downBody![0]!, 'the older bar is on the left')
  assert.ok(upWick![1]! < upBody![1]!, 'the wick reaches above the body')
  assert.equal(downWick![1], upWick![1], 'both have the same high')
  const flat = draw({ bars: [{ ...risingBar, close: 10 }] })
  assert.deepEqual([flat.shapes('up').length, flat.shapes('down').length], [2, 0])
})

test('higher prices are drawn higher, and the wick is in the middle of the body', () => {
  const { shapes } = draw({ bars: [risingBar, { ...risingBar, time: MINUTE_MS, open: 11, close: 12 }] })
  const [wick, low, , high] = shapes('up')
  assert.ok(high![1]! < low![1]!)
  assert.equal(wick![0], low![0]! + (low![2]! - 1) / 2)
})

test('volume bars stand on the bottom, in the colour of their bar, the largest the tallest', () => {
  const { shapes } = draw()
  const [up] = shapes('up', 0.32)
  const [down] = shapes('down', 0.32)
  const bottom = 400 - 24
  assert.deepEqual([up![1]! + up![3]!, down![1]! + down![3]!], [bottom, bottom])
  assert.ok(Math.abs(down![3]! - up![3]! * 2) <= 1)
})

test('the last price has a tag in the colour of the newest bar', () => {
  const tag = (bars: CandleInput['bars']) => draw({ bars }).texts.find(({ style }) => style.endsWith('Ink'))
  assert.deepEqual([tag([risingBar, fallingBar])?.text, tag([risingBar, fallingBar])?.style], ['10.00', 'downInk'])
  assert.equal(tag([risingBar])?.style, 'upInk')
  assert.equal(
    draw({ last: null }).texts.some(({ style }) => style.endsWith('Ink')),
    false,
  )
})

test('the crosshair is a line through the middle of its bar, and one at its price', () => {
  const { chart, paints, shapes } = draw({ crosshair: { bar: 0, price: 11 } })
  const [wick] = shapes('up')
  const line = paints.find(({ kind, style, alpha }) => kind === 'stroke' && style === 'faint' && alpha === 0.7)
  const [x, , , y] = [line!.shapes[0]![0], 0, 0, line!.shapes[2]![1]]
  assert.equal(x, wick![0]! + 0.5)
  assert.ok(Math.abs(y! - chart.yOf(11)) <= 1)
  assert.equal(
    draw({ crosshair: { bar: 0, price: undefined } }).paints.find(({ alpha }) => alpha === 0.7)!.shapes.length,
    2,
  )
})

test('places and prices are found again at their pixels', () => {
  const { chart, shapes } = draw()
  const [wick] = shapes('up')
  assert.equal(Math.floor(chart.placeAt(wick![0]!)), 0)
  assert.ok(Math.abs(chart.xOf(0.5) - wick![0]!) <= 1)
  assert.ok(Math.abs(chart.priceAt(chart.yOf(10.7)) - 10.7) < 1e-9)
  assert.deepEqual(chart.plotPx, { width: 600 - 68, height: 400 - 24 })
})

test('own fills point up for a buy and down for a sell, with the tip at the price', () => {
  const { chart, paints } = draw({
    fills: [
      { bar: 0, price: 10.5, side: 'buy' },
      { bar: 1, price: 10.5, side: 'sell' },
    ],
  })
  const fills = paints.filter(({ kind, shapes }) => kind === 'fill' && shapes.length === 3)
  const [buy, sell] = [fills.find(({ style }) => style === 'up'), fills.find(({ style }) => style === 'down')]
  const tip = chart.yOf(10.5)
  assert.deepEqual([buy!.shapes[0]![1], sell!.shapes[0]![1]], [tip, tip])
  assert.ok(buy!.shapes[1]![1]! > tip && sell!.shapes[1]![1]! < tip)
  assert.ok(buy!.shapes[0]![0]! < sell!.shapes[0]![0]!)
})

test('the average cost has a dashed line and says so; an indicator is interrupted where it has no value', () => {
  const { chart, paints, texts } = draw({ averageCost: 10.2, vwap: [10, undefined, 11] })
  const line = paints.find(({ kind, style }) => kind === 'stroke' && style === 'text')
  assert.ok(Math.abs(line!.shapes[0]![1]! - chart.yOf(10.2)) <= 1)
  assert.ok(texts.some(({ text }) => text === 'Average cost 10.20'))
  const curve = paints.find(({ kind, style }) => kind === 'stroke' && style === 'warn')
  assert.equal(curve!.shapes.length, 2)
})

test('while something is dragged the price scale stays, although the prices leave it', () => {
  const { canvas } = recordingCanvas(600, 400)
  const chart = createCandleChart(canvas, THEME)
  chart.draw(INPUT)
  const before = chart.yOf(10)
  const higher = [risingBar, { ...fallingBar, high: 30 }]
  const held = { ...INPUT, bars: higher, holdsScale: true }
  chart.draw(held)
  assert.equal(chart.yOf(10), before)
  chart.draw({ ...held, from: INPUT.from - 1 })
  assert.notEqual(chart.yOf(10), before, 'another width of the window')
  chart.draw(INPUT)
  chart.draw({ ...INPUT, bars: higher })
  assert.notEqual(chart.yOf(10), before)
})

test('another last price moves its candle and its tag, and hides the label beneath it, on the same scale', () => {
  const { canvas, takePaints } = recordingCanvas(600, 400)
  const chart = createCandleChart(canvas, THEME)
  const drawAt = (close: number) => {
    takePaints()
    chart.draw({ ...INPUT, bars: [risingBar, { ...fallingBar, close }], last: close })
    const paints = takePaints()
    const labels = paints.filter(({ kind, style }) => kind === 'text' && style === 'faint').map(({ text }) => text)
    const body = paints.filter(({ kind, style, alpha }) => kind === 'fillRect' && style === 'down' && alpha === 1)[1]
    const tag = paints.find(({ style }) => style.endsWith('Ink'))
    return { labels, bodyHeight: body!.shapes[0]![3]!, tag: tag?.text, y: chart.yOf(10) }
  }
  const [before, between, after] = [drawAt(10.8), drawAt(10.7), drawAt(10)]
  assert.deepEqual([between.y, after.y], [before.y, before.y])
  assert.deepEqual(between.labels, before.labels)
  assert.ok(after.bodyHeight > between.bodyHeight && between.bodyHeight > before.bodyHeight)
  assert.deepEqual([before.tag, after.tag], ['10.80', '10.00'])
  assert.deepEqual([before.labels.includes('10.00'), after.labels.includes('10.00')], [true, false])
})

test('another theme is drawn at once', () => {
  const { canvas, takePaints } = recordingCanvas(600, 400)
  const chart = createCandleChart(canvas, THEME)
  chart.draw(INPUT)
  takePaints()
  chart.setTheme({ ...INPUT, up: 'otherUp', down: 'otherDown' } as unknown as ChartTheme)
  const fills = new Set(takePaints().map(({ style }) => style))
  assert.ok(fills.has('otherUp') && fills.has('otherDown') && !fills.has('up'))
})
