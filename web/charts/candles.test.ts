// The candle chart on a recording canvas: colours and places of candles, volume, last price and cursor.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordingCanvas } from '../testing/recording-canvas.ts'
import { barOf } from '../testing/sample-market.ts'
import { type CandleInput, createCandleChart } from './candles.ts'
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
  last: 10,
  cursor: undefined,
  slotPx: 8,
  back: 0,
}

function draw(change: Partial<CandleInput> = {}) {
  const { canvas, takePaints } = recordingCanvas(600, 400)
  const chart = createCandleChart(canvas, THEME)
  takePaints()
  chart.draw({ ...INPUT, ...change })
  const paints = takePaints()
  const shapes = (style: string, alpha = 1) =>
    paints.find(one => one.kind === 'fill' && one.style === style && one.alpha === alpha)?.shapes ?? []
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

test('the cursor is a line at its bar, with the time beneath', () => {
  const { paints, shapes, texts } = draw({ cursor: 0 })
  const [wick] = shapes('up')
  const line = paints.find(({ kind, style }) => kind === 'stroke' && style === 'lineStrong')
  assert.deepEqual(
    line?.shapes.map(([x]) => x),
    [wick![0]! + 0.5, wick![0]! + 0.5],
  )
  assert.equal(
    texts.some(({ text }) => text === '00:00:00'),
    true,
  )
})

test('a position on the canvas names its bar, also after the visible range has moved back', () => {
  const bars = Array.from({ length: 400 }, (_, at) => ({ ...risingBar, time: at * MINUTE_MS }))
  const { chart, shapes } = draw({ bars })
  const wicks = shapes('up').filter(([, , width]) => width === 1)
  assert.equal(chart.barAtPixel(wicks.at(-1)![0]!), 399)
  assert.equal(chart.barAtPixel(wicks.at(-3)![0]!), 397)
  chart.draw({ ...INPUT, bars, back: 100 })
  assert.equal(chart.barAtPixel(wicks.at(-1)![0]!), 299)
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
