// The depth chart on a recording canvas: bids on the left in the up colour, offers on the right in the down colour, its
// axis the prices it is given, its sizes labelled.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cumulate, type DepthState } from '../market/depth.ts'
import { recordingCanvas } from '../testing/recording-canvas.ts'
import { createDepthChart, SIZE_AXIS_PX } from './depth-chart.ts'
import type { ChartTheme } from './theme.ts'

const THEME = new Proxy({} as ChartTheme, { get: (_, name) => String(name) })
const WIDTH = 300
const BOOK: DepthState = {
  symbol: 'AAA',
  proof: 'verified',
  seq: 1,
  bids: cumulate([
    [9.9, 10],
    [9.8, 20],
  ]),
  asks: cumulate([
    [10.1, 15],
    [10.2, 5],
  ]),
}
const RANGE = { low: 9.5, high: 10.5 }

function draw(change: Partial<DepthState> = {}, range = RANGE) {
  const { canvas, takePaints } = recordingCanvas(WIDTH, 110)
  const chart = createDepthChart(canvas, THEME)
  takePaints()
  chart.draw({ depth: { ...BOOK, ...change }, range, decimals: 2, tickSize: 0.01 })
  const paints = takePaints()
  return (kind: 'fill' | 'stroke', style: string) =>
    paints.find(one => one.kind === kind && one.style === style)?.shapes ?? []
}

test('bids run from the middle to the left, offers to the right, up at each price', () => {
  const shapes = draw()
  for (const [color, wash, direction] of [
    ['up', 'upWash', -1],
    ['down', 'downWash', 1],
  ] as const) {
    const outline = shapes('stroke', color)
    assert.ok(outline.length > 4, color)
    for (let i = 1; i < outline.length; i++) {
      assert.ok((outline[i]![0]! - outline[i - 1]![0]!) * direction >= 0, `${color} runs outward`)
      assert.ok(outline[i]![1]! <= outline[i - 1]![1]!, `${color} never falls`)
    }
    assert.deepEqual(shapes('fill', wash).slice(0, outline.length), outline)
  }
  assert.ok(shapes('stroke', 'up')[0]![0]! < shapes('stroke', 'down')[0]![0]!)
})

test('a price is at its share of the axis that it is given', () => {
  const x = (range: typeof RANGE) => draw({}, range)('stroke', 'up')[0]![0]!
  const plot = WIDTH - SIZE_AXIS_PX
  assert.ok(Math.abs(x(RANGE) - plot * 0.4) < 1.5)
  assert.ok(Math.abs(x({ low: 9.7, high: 9.95 }) - plot * 0.8) < 1.5)
})

test('a side without orders has no area', () => {
  const shapes = draw({ asks: [] })
  assert.deepEqual(shapes('fill', 'downWash'), [])
  assert.ok(shapes('fill', 'upWash').length > 0)
})
