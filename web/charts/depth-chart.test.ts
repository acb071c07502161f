// The depth chart on a recording canvas: bids on the left in the up colour, offers on the right in the down colour.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cumulate } from '../market/depth.ts'
import { recordingCanvas } from '../testing/recording-canvas.ts'
import { createDepthChart } from './depth-chart.ts'
import type { ChartTheme } from './theme.ts'

const THEME = new Proxy({} as ChartTheme, { get: (_, name) => String(name) })
const BOOK = {
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
} as const

function draw(change: Partial<typeof BOOK> | object = {}) {
  const { canvas, takePaints } = recordingCanvas(300, 110)
  const chart = createDepthChart(canvas, THEME)
  takePaints()
  chart.draw({ ...BOOK, ...change }, 2, 0.01)
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

test('a side without orders has no area', () => {
  const shapes = draw({ asks: [] })
  assert.deepEqual(shapes('fill', 'downWash'), [])
  assert.ok(shapes('fill', 'upWash').length > 0)
})
