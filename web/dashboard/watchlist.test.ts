// The watchlist: sorted, filtered, favourites; rows do not move under the pointer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMarketStore } from '../market/store.ts'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { instrumentOf, stateOf, tradeOf } from '../testing/sample-market.ts'
import { createPreferences } from './preferences.ts'
import { createWatchlist, WATCHLIST, type WatchlistOptions } from './watchlist.ts'

const BY_LAST = { column: 'last', isDescending: true } as const

function open(stored: unknown = null) {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  const store = createMarketStore(frames)
  const preferences = createPreferences({ getItem: () => JSON.stringify(stored), setItem: () => {} })
  const watchlist = createWatchlist(store, preferences, frames)
  const list = ['AAA', 'BBB', 'CCC'].map(symbol => instrumentOf(symbol))
  store.setInstruments(list)
  const states = [10, 20, 30].map((price, at) => {
    const { symbol } = list[at]!
    return stateOf(symbol, { lastTrade: tradeOf(1, price, { symbol }) })
  })
  store.apply({ event: 'snapshot', data: { id: 'test-1', instruments: states } })
  clock.frames(20)
  let seq = 1
  return {
    watchlist,
    /** A trade, and the frames after it: three seconds of them. */
    trade(symbol: string, price: number, frameCount = 180) {
      seq += 10
      store.apply({ event: 'trade', data: tradeOf(seq, price, { symbol }) })
      clock.frames(frameCount)
    },
    change: (part: Partial<WatchlistOptions>) => {
      const options = preferences.of(WATCHLIST)
      options.set({ ...options.get(), ...part })
    },
    symbols: () => watchlist.shown.get().map(({ symbol }) => symbol),
  }
}

test('has the own order of the market, or that of a column as soon as it is chosen', () => {
  const { symbols, change } = open()
  assert.deepEqual(symbols(), ['AAA', 'BBB', 'CCC'])
  change({ sorting: BY_LAST })
  assert.deepEqual(symbols(), ['CCC', 'BBB', 'AAA'])
})

test('follows changing figures, but not while it is held', () => {
  const { symbols, change, trade, watchlist } = open()
  change({ sorting: BY_LAST })
  trade('AAA', 40)
  assert.deepEqual(symbols(), ['AAA', 'CCC', 'BBB'])
  watchlist.setHeld(true)
  trade('BBB', 50)
  assert.deepEqual(symbols(), ['AAA', 'CCC', 'BBB'])
  watchlist.setHeld(false)
  trade('BBB', 50)
  assert.deepEqual(symbols(), ['BBB', 'AAA', 'CCC'])
})

test('moves rows at most every two seconds', () => {
  const { change, trade, watchlist } = open()
  change({ sorting: BY_LAST })
  let moves = 0
  watchlist.shown.subscribe(() => moves++)
  // Half a second each, ten seconds in all; each trade changes the order.
  for (let price = 40; price < 60; price++) trade(price % 2 === 0 ? 'AAA' : 'BBB', price, 30)
  assert.ok(moves >= 2 && moves <= 6, String(moves))
})

test('shows favourites alone, and what matches the filter', () => {
  const { symbols, change, watchlist } = open()
  change({ favourites: ['CCC', 'AAA'], favouritesOnly: true })
  assert.deepEqual(symbols(), ['AAA', 'CCC'])
  watchlist.setFilter('cc')
  assert.deepEqual(symbols(), ['CCC'])
})

test('names the neighbours in the shown order; the ends are ends', () => {
  const { watchlist, change } = open()
  change({ sorting: BY_LAST })
  assert.equal(watchlist.neighbour('CCC', 1), 'BBB')
  assert.equal(watchlist.neighbour('CCC', -1), 'CCC')
  assert.equal(watchlist.neighbour('AAA', 1), 'AAA')
  assert.equal(watchlist.neighbour('unknown', 1), 'CCC')
  watchlist.setFilter('nothing')
  assert.equal(watchlist.neighbour('CCC', 1), undefined)
})

test('takes what it can from a stored entry', () => {
  const { symbols } = open({ sorting: BY_LAST, favourites: ['BBB', 7, 'CCC'], favouritesOnly: true })
  assert.deepEqual(symbols(), ['CCC', 'BBB'])
  assert.deepEqual(WATCHLIST.read({ sorting: { column: 'colour' }, favourites: 'AAA' }), WATCHLIST.read(undefined))
})
