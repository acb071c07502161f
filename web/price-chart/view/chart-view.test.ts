// The view of the chart: dragging, zooming and keys, and what new and earlier bars do to it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bar } from '@papertape/protocol'
import { barOf } from '../../testing/sample-market.ts'
import {
  barIndexAt,
  type ChartPlot,
  followNow,
  isNearOldest,
  moveView,
  START_VIEW,
  showBar,
  visibleSlots,
  zoomView,
} from './chart-view.ts'

const MINUTE = 60_000
const minutes = (from: number, count: number): Bar[] =>
  Array.from({ length: count }, (_, at) => barOf(10, { time: (from + at) * MINUTE }))
const plotOf = (bars: readonly Bar[], widthPx = 800): ChartPlot => ({ bars, intervalMs: MINUTE, widthPx })
const plot = plotOf(minutes(1_000, 500))
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`)
/** The time of the bar at a position of the plot. */
const timeAt = (view: typeof START_VIEW, of: ChartPlot, atPx: number) => {
  const { from, slotPx } = visibleSlots(view, of)
  return of.bars[Math.floor(from + atPx / slotPx)]?.time
}

test('at first the newest bars are at the right, with room after them', () => {
  assert.deepEqual(visibleSlots(START_VIEW, plot), { from: 402, to: 502, slotPx: 8 })
  const more = plotOf(minutes(1_000, 503))
  assert.equal(visibleSlots(START_VIEW, more).to, 505, 'a new bar moves a view that follows')
})

test('a view that is scrolled back is moved neither by new bars nor by earlier ones', () => {
  const back = moveView(START_VIEW, plot, -60.25)
  near(visibleSlots(back, plot).to, 441.75)
  const shown = timeAt(back, plot, 100)
  assert.equal(timeAt(back, plotOf(minutes(1_000, 507)), 100), shown)
  assert.equal(timeAt(back, plotOf(minutes(400, 1_100)), 100), shown)
})

test('dragging there and back is nothing; the newest bar stops it and is followed again', () => {
  const back = moveView(moveView(START_VIEW, plot, -60), plot, 35)
  near(visibleSlots(back, plot).to, 477)
  assert.equal(moveView(back, plot, 25).rightMs, undefined)
  assert.equal(moveView(back, plot, 900).rightMs, undefined)
  assert.equal(followNow(back).rightMs, undefined)
})

test('the oldest bar comes at most to the middle', () => {
  const { from } = visibleSlots(moveView(START_VIEW, plot, -9_999), plot)
  near(from, -50)
  const few = plotOf(minutes(0, 4))
  assert.equal(moveView(START_VIEW, few, -30).rightMs, undefined, 'four bars have no past to go to')
})

test('zooming keeps the bar under the pointer, within the limits of the width', () => {
  for (const factor of [1.7, 0.6, 0.01, 1_000]) {
    const back = moveView(START_VIEW, plot, -200)
    const before = visibleSlots(back, plot)
    const zoomed = visibleSlots(zoomView(back, plot, factor, 300), plot)
    assert.ok(zoomed.slotPx >= 1 && zoomed.slotPx <= 40)
    if (factor > 0.5) near(zoomed.from + 300 / zoomed.slotPx, before.from + 300 / before.slotPx)
  }
  assert.equal(zoomView(START_VIEW, plot, 2, plot.widthPx).rightMs, undefined, 'at the right edge it goes on following')
})

test('a closed market takes no room, and a view that ends in it stays', () => {
  const night = plotOf([...minutes(0, 300), ...minutes(2_000, 300)])
  const back = moveView(START_VIEW, night, -252)
  near(visibleSlots(back, night).to, 350)
  const atNight = { ...START_VIEW, slotPx: 8, rightMs: 1_000 * MINUTE }
  assert.equal(visibleSlots(atNight, night).to, 300)
})

test('a bar outside of the view is brought in, one inside moves nothing', () => {
  assert.equal(showBar(START_VIEW, plot, 450), START_VIEW)
  near(visibleSlots(showBar(START_VIEW, plot, 390), plot).from, 390)
  const back = moveView(START_VIEW, plot, -300)
  near(visibleSlots(showBar(back, plot, 250), plot).to, 251)
})

test('the page before is wanted when less than half of a screen is left', () => {
  assert.equal(isNearOldest(visibleSlots(START_VIEW, plot)), false)
  assert.equal(isNearOldest(visibleSlots(moveView(START_VIEW, plot, -360), plot)), true)
  assert.equal(isNearOldest(visibleSlots(START_VIEW, plotOf(minutes(0, 10)))), true)
})

test('without bars nothing moves', () => {
  const empty = plotOf([])
  assert.equal(moveView(START_VIEW, empty, -10).rightMs, undefined)
  assert.equal(zoomView(START_VIEW, empty, 2, 10).rightMs, undefined)
  assert.equal(barIndexAt([], 5), -1)
})
