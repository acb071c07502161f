// The geometry of the report's plots.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SimulationPlot, SimulationPlotLayer } from '@papertape/protocol'
import { PLOT, plotShape } from './plot-geometry.ts'

const LINEAR = { label: 'x', kind: 'linear', low: 0, high: 10 } as const
const LOG = { label: 'y', kind: 'log', low: 0.01, high: 1 } as const
const shapeOf = (layer: SimulationPlotLayer, y: SimulationPlot['y'] = { ...LINEAR, low: 0, high: 1 }) =>
  plotShape({ title: '', caption: '', x: LINEAR, y, layers: [layer] })

describe('a plot', () => {
  test('has its ends at the edges of the frame', () => {
    const { marks } = shapeOf({ type: 'line', series: 'sample', name: 'a', x: [0, 10], y: [0, 1] })
    assert.deepEqual(marks, [
      { kind: 'line', series: 'sample', d: `M${PLOT.left} ${PLOT.bottom}L${PLOT.right} ${PLOT.top}` },
    ])
  })

  test('breaks a line where there is no value, and where there is no logarithm', () => {
    const line = { type: 'line', series: 'sample', name: 'a', x: [0, 5, 10], y: [0.1, null, 1] } as const
    const [mark] = shapeOf({ ...line, x: [...line.x], y: [...line.y] }, LOG).marks
    assert.match((mark as { d: string }).d, /^M[\d.]+ [\d.]+M[\d.]+ [\d.]+$/)
    const [zero] = shapeOf({ ...line, x: [0, 5], y: [0, 1] }, LOG).marks
    assert.match((zero as { d: string }).d, /^M[^M]+$/)
  })

  test('draws a target without a limit to the edge', () => {
    const { marks } = shapeOf({ type: 'target', x: [0, 10], y: [0.5, null] })
    const height = (PLOT.bottom - PLOT.top) / 2
    const rect = { x: PLOT.left, y: PLOT.top, width: PLOT.right - PLOT.left, height }
    assert.deepEqual(marks, [{ kind: 'target', rect }])
  })

  test('draws a band only where it has an upper edge', () => {
    const { marks } = shapeOf({ type: 'band', x: [0, 5, 10], low: [0, 0, 0], high: [1, null, 1] })
    assert.deepEqual(marks, [
      {
        kind: 'band',
        isTarget: false,
        d: `M${PLOT.left} ${PLOT.top}L${PLOT.right} ${PLOT.top}L${PLOT.right} ${PLOT.bottom}L${PLOT.left} ${PLOT.bottom}Z`,
      },
    ])
  })

  test('has a tick at each power of ten, or at round numbers', () => {
    const { xTicks, yTicks } = shapeOf({ type: 'bars', x: [1], y: [0.5], low: [0], high: [1] }, LOG)
    assert.deepEqual(
      yTicks.map(({ text }) => text),
      ['0.01', '0.1', '1'],
    )
    assert.deepEqual(
      xTicks.map(({ text }) => text),
      ['0', '2', '4', '6', '8', '10'],
    )
  })

  test('names each series once', () => {
    const layers = [
      { type: 'line', series: 'sample', name: 'Papertape', x: [1], y: [1] },
      { type: 'points', series: 'sample', name: '', x: [1], y: [1] },
      { type: 'points', series: 'AMZN', name: 'AMZN', x: [1], y: [1] },
    ] as const
    const plot = {
      title: '',
      caption: '',
      x: LINEAR,
      y: LINEAR,
      layers: layers.map(layer => ({ ...layer, x: [1], y: [1] })),
    }
    assert.deepEqual(
      plotShape(plot).legend.map(({ name }) => name),
      ['Papertape', 'AMZN'],
    )
  })
})
