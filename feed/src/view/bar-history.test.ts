// The closed minutes of an instrument: pages back to the beginning without a hole or an overlap, older blocks read once
// and only when they are wanted, and a bound.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Bar, type InstrumentSpec, type Interval, toPrice } from '@papertape/protocol'
import { BarHistory, type BarsAnswer } from './bar-history.ts'

const SPEC: InstrumentSpec = {
  symbol: 'PPR',
  name: 'Paper',
  tickUnits: 50,
  lotSize: 1,
  priceTicksMax: 4_096,
  previousCloseTicks: 1_000,
}
const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS
const MIDNIGHT = 20_456 * DAY_MS
const NONE = () => undefined

/** A minute that differs from all others, after (or before) midnight. */
function minute(number: number): Bar {
  const ticks = 1_000 + (number % 7)
  const price = (more: number) => toPrice(SPEC, ticks + more)
  const time = MIDNIGHT + number * MINUTE_MS
  const [volume, vwap] = [100 + (number % 90), price(0.5)]
  return { time, open: price(0), high: price(2), low: price(0), close: price(1), volume, vwap, trades: 3 }
}

const minutes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => minute(from + i))

/** A history whose older blocks are counted as they are read. */
function createHistory(...older: readonly (readonly Bar[])[]) {
  const history = new BarHistory(SPEC)
  const reads = { count: 0 }
  history.readFrom(
    (async function* () {
      for (const block of older.toReversed()) {
        reads.count++
        yield block
      }
    })(),
  )
  const read = (
    interval: Interval,
    range: { from?: number; to?: number; limit?: number },
    forming = NONE as () => Bar | undefined,
  ) => history.read(interval, { from: 0, to: Number.POSITIVE_INFINITY, limit: 300, ...range }, forming)
  return { history, read, reads }
}

/** Pages back until the beginning is reached. */
async function pageBack(
  read: (range: { to: number; limit: number }) => Promise<BarsAnswer>,
  limit: number,
): Promise<Bar[]> {
  const bars: Bar[] = []
  for (let to = Number.POSITIVE_INFINITY; ; to = bars[0]!.time) {
    const page = await read({ to, limit })
    bars.unshift(...page.bars)
    if (page.beginning !== undefined && bars[0]!.time <= page.beginning) return bars
    assert.ok(page.bars.length > 0, 'a page before the beginning has bars')
  }
}

describe('the closed minutes', () => {
  test('page back to the beginning without a hole or an overlap, joined alike in each interval', async () => {
    const all = minutes(-2_000, 700)
    for (const [interval, limit, expected] of [
      ['1m', 333, 2_700],
      ['5m', 7, 540],
      ['1h', 1, 46],
      ['1d', 1, 3],
    ] as const) {
      const { history, read } = createHistory(all.slice(0, 900), [], all.slice(900, 2_000))
      for (const bar of all.slice(2_000)) history.add(bar)
      const bars = await pageBack(range => read(interval, range), limit)
      assert.equal(bars.length, expected)
      if (interval === '1m') assert.deepEqual(bars, all)
      const volume = (list: readonly Bar[]) => list.reduce((sum, bar) => sum + bar.volume, 0)
      assert.equal(volume(bars), volume(all))
    }
  })

  test('read an older block only when it is wanted, and once', async () => {
    const { history, read, reads } = createHistory(minutes(-20, -10), minutes(-10, 0))
    for (const bar of minutes(0, 10)) history.add(bar)
    assert.equal((await read('1m', { limit: 9 })).beginning, undefined)
    assert.equal((await read('1m', { from: MIDNIGHT + 5 * MINUTE_MS, limit: 9 })).bars.length, 5)
    assert.equal(reads.count, 0)
    assert.deepEqual((await read('1m', { to: MIDNIGHT, limit: 5 })).bars, minutes(-5, 0))
    assert.equal(reads.count, 1)
    const both = await Promise.all([read('1m', {}), read('1m', {})])
    for (const { bars, beginning } of both) {
      assert.deepEqual(bars, minutes(-20, 10))
      assert.equal(beginning, MIDNIGHT - 20 * MINUTE_MS)
    }
    assert.equal(reads.count, 2)
  })

  test('before the beginning are none', async () => {
    const { read } = createHistory(minutes(0, 10))
    assert.deepEqual(await read('1m', { to: MIDNIGHT }), { bars: [], beginning: MIDNIGHT })
    assert.deepEqual(await createHistory().read('1m', {}), { bars: [], beginning: undefined })
  })

  test('have the forming one after them, which belongs to the longer bar', async () => {
    const { history, read } = createHistory()
    for (const bar of minutes(0, 3)) history.add(bar)
    const forming = () => minute(3)
    assert.deepEqual((await read('1m', {}, forming)).bars, minutes(0, 4))
    const [bar] = (await read('5m', {}, forming)).bars
    assert.equal(bar!.close, minute(3).close)
    assert.deepEqual((await read('1m', { to: minute(3).time }, forming)).bars, minutes(0, 3))
  })

  test('are those of a month at most: the oldest day goes first, and nothing older is read any more', async () => {
    const { history, read, reads } = createHistory(minutes(-10, 0))
    for (const bar of minutes(0, 33 * 1_440)) history.add(bar)
    const { bars, beginning } = await read('1d', { limit: 5_000 })
    assert.deepEqual([bars.length, beginning, reads.count], [32, MIDNIGHT + DAY_MS, 0])
  })
})
