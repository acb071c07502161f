// Groups of ticks: a bid is never shown above its price, an offer never below.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupOf, type PriceGrid, priceOf } from './price-groups.ts'

const grid = (groupTicks: number): PriceGrid => ({ tickSize: 0.01, decimals: 2, groupTicks })

test('a bid is rounded down to its group, an offer up; a price of a group stays', () => {
  const price = (side: 'buy' | 'sell', of: number, groupTicks: number) =>
    priceOf(groupOf(side, of, grid(groupTicks)), grid(groupTicks))
  for (const [of, ticks, bid, offer] of [
    [184.53, 1, 184.53, 184.53],
    [184.53, 5, 184.5, 184.55],
    [184.55, 5, 184.55, 184.55],
    [184.53, 50, 184.5, 185],
    [0.03, 10, 0, 0.1],
  ] as const) {
    assert.deepEqual([price('buy', of, ticks), price('sell', of, ticks)], [bid, offer], `${of} in ${ticks} ticks`)
  }
})

test('no price of a wide range is moved by rounding errors', () => {
  for (let ticks = 1; ticks < 60_000; ticks += 7) {
    const price = Number((ticks * 0.01).toFixed(2))
    assert.equal(priceOf(groupOf('buy', price, grid(1)), grid(1)), price)
    assert.equal(priceOf(groupOf('sell', price, grid(1)), grid(1)), price)
  }
})
