// Plots: the SVG is well-formed and escaped, axes have round ticks, labels do not overlap.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spread } from './end-labels.ts'
import { drawPlot } from './plot.ts'
import { linearScale, logScale, tickLabel } from './scale.ts'
import { escapeText, linePath, svgElement, textAt } from './svg.ts'

test('text and attributes are escaped; a path has a gap where a number is missing', () => {
  assert.equal(escapeText('<a href="x">&'), '&lt;a href=&quot;x&quot;&gt;&amp;')
  assert.equal(textAt(1, 2, '<script>'), '<text x="1" y="2">&lt;script&gt;</text>')
  assert.equal(svgElement('path', { d: '"', n: 1.26 }), '<path d="&quot;" n="1.3"/>')
  assert.equal(
    linePath([
      [0, 0],
      [1, 1],
      [2, Number.NaN],
      [3, 3],
      [4, 4],
    ]),
    'M0,0L1,1M3,3L4,4',
  )
})

test('ticks are round numbers inside the axis', () => {
  assert.deepEqual(
    linearScale(0, 0.3, 0, 1).ticks.map(tick => tickLabel(tick, 'linear')),
    ['0', '0.05', '0.1', '0.15', '0.2', '0.25', '0.3'],
  )
  assert.deepEqual(linearScale(0.4, 10.6, 0, 1).ticks, [2, 4, 6, 8, 10])
  assert.deepEqual(logScale(0.01, 100, 0, 1).ticks, [0.01, 0.1, 1, 10, 100])
  assert.equal(logScale(1, 100, 0, 200).at(10), 100)
  assert.ok(Number.isNaN(logScale(1, 100, 0, 200).at(0)))
  assert.deepEqual(
    [0.00001, 0.0001, 0.5, 10_000, 1e6].map(tick => tickLabel(tick, 'log')),
    ['10⁻⁵', '0.0001', '0.5', '10000', '10⁶'],
  )
  assert.equal(tickLabel(-0.2, 'linear'), '−0.2')
})

test('labels at the ends of curves never overlap', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const count = 1 + (seed % 7)
    const labels = Array.from({ length: count }, (_, i) => ({
      text: `${i}`,
      x: 0,
      y: (seed * 37 * (i + 1)) % 190,
      series: '',
    }))
    const placed = spread(labels, 10, 180)
    assert.equal(placed.length, count)
    for (let i = 1; i < count; i++) assert.ok(placed[i]!.y - placed[i - 1]!.y >= 10.99, `${seed}`)
    for (const { y } of placed) assert.ok(y >= 9.99 && y <= 180.01, `${seed}`)
  }
})

test('a plot of any data is well-formed: no NaN, no infinity, every tag closed', () => {
  const axis = { label: '<x>', kind: 'log', low: 0.01, high: 1 } as const
  const x = [0.001, 0.1, 1]
  const y = [Number.NaN, 0, -1]
  const svg = drawPlot(
    {
      title: 'a & b',
      x: axis,
      y: axis,
      layers: [
        { type: 'target', x: [0.1, Number.POSITIVE_INFINITY], y: [Number.NEGATIVE_INFINITY, 0.5] },
        { type: 'band', x, low: y, high: [0.1, 0.2, 0.3] },
        { type: 'line', series: 'sample', name: 'A<B', x, y: [0.5, 0.2, 0.1] },
        { type: 'line', series: 'AMZN', name: 'none', x, y },
        { type: 'points', series: 'MSFT', name: '', x, y },
        { type: 'ranges', series: 'ABIDES', name: 'R', x, y, high: [0.5, 0.5, 0.5] },
      ],
    },
    'clip',
  )
  assert.doesNotMatch(svg, /NaN|Infinity|undefined|<x>|A<B/)
  assert.match(svg, /A&lt;B/)
  const open: string[] = []
  for (const [, close, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (close === '/') assert.equal(open.pop(), name)
    else if (self !== '/') open.push(name!)
  }
  assert.deepEqual(open, [])
})

test('a band that is partly below its axis is drawn in pieces', () => {
  const axis = { label: '', kind: 'log', low: 0.01, high: 1 } as const
  const x = [0.02, 0.05, 0.1, 0.2, 0.5]
  const layers = [{ type: 'band', x, low: [0.1, 0.1, 0, 0.1, 0.1], high: [0.5, 0.5, 0.001, 0.5, 0.5] }] as const
  const path = /class="band" d="([^"]*)"/.exec(drawPlot({ title: '', x: axis, y: axis, layers }, 'clip'))![1]!
  assert.equal(path.match(/M/g)!.length, 2)
  assert.equal(path.match(/Z/g)!.length, 2)
})
