// Bars against bars computed from all trades at once: formed, closed, joined into longer ones, restored from a
// checkpoint.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Bar } from '../schemas/feed/events.ts'
import { holds } from '../testing/seeded-property.ts'
import { createBarBuilder, joinBars } from './bar-builder.ts'

interface Traded {
  readonly time: number
  readonly price: number
  readonly size: number
}

const START = 1_767_623_400_000
/** Mostly less than a second, sometimes minutes, rarely hours. */
const anyPauseMs = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 900 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(60_000, 300_000) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9_000_000 }) },
)
const anyTrades = fc
  .array(
    fc.record({
      pauseMs: anyPauseMs,
      units: fc.integer({ min: 1, max: 5_000_000 }),
      size: fc.integer({ min: 1, max: 10_000 }),
    }),
    { minLength: 1, maxLength: 80, size: 'max' },
  )
  .map(drawn => {
    let time = START
    return drawn.map(({ pauseMs, units, size }): Traded => {
      time += pauseMs
      return { time, price: units / 10_000, size }
    })
  })

/** Trades grouped by bar, each group computed at once. */
function naiveBars(trades: readonly Traded[], intervalMs: number): Bar[] {
  const groups = Map.groupBy(trades, ({ time }) => Math.floor(time / intervalMs) * intervalMs)
  return [...groups].map(([time, group]) => {
    const prices = group.map(({ price }) => price)
    const volume = group.reduce((sum, { size }) => sum + size, 0)
    const turnoverUnits = group.reduce((sum, { price, size }) => sum + Math.round(price * 10_000) * size, 0)
    return {
      time,
      open: prices[0]!,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1)!,
      volume,
      vwap: turnoverUnits / volume / 10_000,
      trades: group.length,
    }
  })
}

function buildBars(trades: readonly Traded[], intervalMs: number): Bar[] {
  const builder = createBarBuilder(intervalMs)
  const closed = trades.flatMap(({ time, price, size }) => builder.add(time, price, size) ?? [])
  return builder.bar === undefined ? closed : [...closed, builder.bar]
}

/** @param tolerance of the average; all other fields are exact. */
function assertSameBars(bars: readonly Bar[], expected: readonly Bar[], tolerance: number): void {
  const withoutAverage = ({ vwap: _, ...rest }: Bar) => rest
  assert.deepEqual(bars.map(withoutAverage), expected.map(withoutAverage))
  bars.forEach(({ vwap }, i) => {
    assert.ok(Math.abs(vwap - expected[i]!.vwap) <= tolerance, `vwap ${vwap}, not ${expected[i]!.vwap}`)
  })
}

/** Averages are rounded to the ten-thousandth. */
const ROUNDING = 0.000_05 + 1e-9

describe('bars', () => {
  for (const intervalMs of [1_000, 60_000, 300_000]) {
    test(`of ${intervalMs / 1_000} s equal bars computed from all trades at once`, () => {
      holds(
        import.meta.filename,
        fc.property(anyTrades, trades =>
          assertSameBars(buildBars(trades, intervalMs), naiveBars(trades, intervalMs), ROUNDING),
        ),
      )
    })
  }

  test('joined equal longer ones built directly, the average within its rounding', () => {
    holds(
      import.meta.filename,
      fc.property(anyTrades, fc.constantFrom(300_000, 3_600_000), (trades, intervalMs) => {
        const joined = joinBars(buildBars(trades, 60_000), intervalMs)
        const most = Math.ceil(intervalMs / 60_000)
        assertSameBars(joined, naiveBars(trades, intervalMs), ROUNDING * (most + 1))
      }),
    )
    assert.deepEqual(joinBars([], 300_000), [])
  })

  test('an average is rounded to the ten-thousandth', () => {
    const builder = createBarBuilder(60_000)
    for (const price of [1, 1, 2]) builder.add(START, price, 1)
    assert.equal(builder.bar?.vwap, 1.3333)
  })

  test('restored from a checkpoint within a bar continue unchanged', () => {
    holds(
      import.meta.filename,
      fc.property(anyTrades, fc.nat(), (trades, nat) => {
        const stop = nat % trades.length
        const steady = createBarBuilder(60_000)
        let restarted = createBarBuilder(60_000)
        trades.forEach(({ time, price, size }, at) => {
          assert.deepEqual(restarted.add(time, price, size), steady.add(time, price, size))
          if (at !== stop) return
          const { bar, turnover } = JSON.parse(JSON.stringify({ bar: restarted.bar, turnover: restarted.turnover }))
          restarted = createBarBuilder(60_000, { bar, turnover })
        })
        assert.deepEqual(restarted.bar, steady.bar)
      }),
    )
  })
})

describe('a bar', () => {
  test('opens at a multiple of its length, with the first trade', () => {
    const builder = createBarBuilder(60_000)
    const forming = () => builder.bar
    assert.equal(forming(), undefined)
    assert.equal(builder.close(START), undefined)
    builder.add(START + 12_345, 10, 1)
    assert.equal(forming()?.time, START)
  })

  test('closes once when its time has passed, and no bar is forming then', () => {
    const builder = createBarBuilder(60_000)
    const forming = () => builder.bar
    builder.add(START + 5, 10, 1)
    assert.equal(builder.close(START + 59_999), undefined)
    assert.equal(builder.close(START + 60_000)?.time, START)
    assert.equal(builder.close(START + 60_000), undefined)
    assert.equal(forming(), undefined)
    assert.equal(builder.add(START + 61_000, 11, 1), undefined, 'the one before was closed already')
    assert.equal(forming()?.open, 11)
  })
})
