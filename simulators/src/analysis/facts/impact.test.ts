// Metaorders that obey a known law: the fit must recover it, from prices and from impacts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIDE } from '@papertape/engine'
import type { MarketDay, Metaorder } from '../../order-flow/market-day.ts'
import { FLOW, OrderFlow } from '../../order-flow/order-flow.ts'
import { fitImpact, type Impact, impactsOf } from './impact.ts'

test('the fit recovers exponent, prefactor and remaining impact', () => {
  for (const [exponent, prefactor] of [
    [0.5, 1],
    [0.6, 0.4],
  ] as const) {
    const impacts: Impact[] = Array.from({ length: 4000 }, (_, i) => {
      const share = 0.0005 * 400 ** ((i + 0.5) / 4000)
      const atEnd = prefactor * share ** exponent * (i % 2 === 0 ? 1.5 : 0.5)
      return { share, atEnd, atEndPlain: atEnd, later: i % 3 === 0 ? undefined : atEnd * 0.65 }
    })
    const law = fitImpact(impacts)!
    assert.ok(Math.abs(law.exponent - exponent) < 0.01, String(law.exponent))
    assert.ok(Math.abs(law.prefactor - prefactor) < 0.05 * prefactor, String(law.prefactor))
    assert.ok(Math.abs(law.remaining - 0.65) < 1e-9, String(law.remaining))
    // Only shares from 0.1 to 10 % are fitted.
    assert.ok(law.orders < 4000 && law.orders > 2500, String(law.orders))
  }
  assert.equal(fitImpact([]), undefined)
})

test('an impact is signed, measured from before the start to the end, in units of the daily volatility', () => {
  const flow = new OrderFlow()
  const hourMs = 3_600_000
  // Mids of 1000, 1010 after an hour and 1005 after two, with fluctuations that give a volatility.
  const rows = [
    [0, 1000],
    [hourMs, 1010],
    [2 * hourMs, 1005],
  ] as const
  for (const [timeMs, mid] of rows) {
    flow.append(timeMs, FLOW.execute, 1, 500, mid, SIDE.sell)
    flow.quote(mid - 1, 10, mid + 1, 10)
  }
  const order: Metaorder = { side: SIDE.buy, lots: 150, startMs: 0, endMs: hourMs }
  const about = { symbol: 'TEST', tickUnits: 100, lotSize: 1, openMs: 0, closeMs: 3 * hourMs, flow }
  const day: MarketDay = {
    ...about,
    metaorders: [order, { ...order, side: SIDE.sell }, { ...order, endMs: 2 * hourMs }],
  }
  const [bought, sold, long] = impactsOf(day)
  assert.equal(bought!.share, 0.1)
  assert.ok(bought!.atEnd > 0)
  assert.equal(sold!.atEnd, -bought!.atEnd)
  assert.ok(Math.abs(bought!.later! / bought!.atEnd - Math.log(1.005) / Math.log(1.01)) < 1e-9)
  assert.equal(long!.later, undefined)
  assert.equal(bought!.atEndPlain, bought!.atEnd)
})

test('the move of the fundamental value is subtracted', () => {
  const flow = new OrderFlow()
  const about = { symbol: 'TEST', tickUnits: 100, lotSize: 1, openMs: 0, closeMs: 240_000, flow }
  for (const [timeMs, mid] of [
    [0, 1000],
    [60_000, 1030],
    [120_000, 1020],
  ] as const) {
    flow.append(timeMs, FLOW.execute, 1, 500, mid, SIDE.sell)
    flow.quote(mid - 1, 10, mid + 1, 10)
  }
  const metaorders: Metaorder[] = [{ side: SIDE.buy, lots: 150, startMs: 0, endMs: 60_000 }]
  // Of the 30 ticks the value moved 10 during the order and 10 after it.
  const value = { timesMs: [0, 30_000, 90_000], ticks: [1000, 1010, 1020] }
  const [impact] = impactsOf({ ...about, metaorders, value })
  const ratio = (of: number) => of / impact!.atEndPlain
  assert.ok(Math.abs(ratio(impact!.atEnd) - Math.log(1030 / 1010) / Math.log(1030 / 1000)) < 1e-9)
  assert.ok(Math.abs(ratio(impact!.later!)) < 1e-9)
})
