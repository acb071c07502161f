// Volume at price: each trade once, whichever of history and feed comes first; a limited number of prices.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { tradeOf } from '../testing/sample-market.ts'
import { createVolumeStore, PRICES_KEPT } from './volume-at-price.ts'

function open() {
  const clock = manualClock()
  const volume = createVolumeStore(createFrameScheduler(clock))
  volume.clear('AAA')
  const read = () => {
    clock.frames(10)
    return volume.state.get()
  }
  return { volume, read }
}

test('history and feed are added up by price and aggressor, each trade once', () => {
  const { volume, read } = open()
  volume.add(tradeOf(5, 10))
  volume.add(tradeOf(6, 11, { aggressor: 'sell', size: 4 }))
  volume.addHistory('AAA', [tradeOf(6, 11, { aggressor: 'sell', size: 4 }), tradeOf(4, 10), tradeOf(3, 9)])
  volume.addHistory('AAA', [tradeOf(4, 10)])
  volume.add(tradeOf(7, 12, { symbol: 'BBB' }))
  const { byPrice, last } = read()
  assert.deepEqual(
    [...byPrice].sort(([a], [b]) => a - b),
    [
      [9, { bought: 10, sold: 0 }],
      [10, { bought: 20, sold: 0 }],
      [11, { bought: 0, sold: 4 }],
    ],
  )
  assert.deepEqual([last?.price, last?.aggressor], [11, 'sell'])
})

test('another instrument starts at nothing, and takes no trades of the one before', () => {
  const { volume, read } = open()
  volume.add(tradeOf(5, 10))
  volume.clear('BBB')
  volume.addHistory('AAA', [tradeOf(4, 10)])
  volume.add(tradeOf(6, 11))
  const { symbol, byPrice, last } = read()
  assert.deepEqual([symbol, byPrice.size, last], ['BBB', 0, undefined])
})

test('a state that was read does not change, and the oldest prices are forgotten', () => {
  const { volume, read } = open()
  volume.add(tradeOf(1, 1))
  const before = read()
  for (let price = 2; price <= PRICES_KEPT + 1; price++) volume.add(tradeOf(price, price))
  volume.add(tradeOf(2, 2))
  assert.deepEqual([...before.byPrice.keys()], [1])
  const { byPrice } = read()
  assert.deepEqual([byPrice.size, byPrice.has(1), byPrice.get(2)?.bought], [PRICES_KEPT, false, 10])
})
