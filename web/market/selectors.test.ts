// What panels derive from a ticker: summary, spread, filter.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ticker } from '@papertape/protocol'
import { quoteOf, stateOf, tradeOf } from '../testing/sample-market.ts'
import { cumulate } from './depth.ts'
import { matching, spreadOf, summaryOf, withTouchOf } from './selectors.ts'

const tickerOf = (change: Parameters<typeof stateOf>[1]) => {
  const ticker = new Ticker('AAA', 'continuous', 10)
  ticker.reset(stateOf('AAA', change))
  return ticker
}

test('a summary has the change against the previous close, with its direction', () => {
  const { last, change, direction, changeFraction } = summaryOf(tickerOf({ lastTrade: tradeOf(1, 9) }), 0, 'flat')
  assert.deepEqual({ last, change, direction }, { last: 9, change: -1, direction: 'down' })
  assert.ok(Math.abs(changeFraction! + 0.1) < 1e-12)
  assert.equal(summaryOf(tickerOf({ lastTrade: tradeOf(1, 11) }), 0, 'flat').direction, 'up')
})

test('without a previous close there is no change', () => {
  const summary = summaryOf(new Ticker('AAA', 'closed', 0), 0, 'flat')
  assert.deepEqual(
    [summary.last, summary.change, summary.changeFraction, summary.previousClose, summary.direction],
    [null, null, null, null, 'flat'],
  )
})

test('the spread needs both sides', () => {
  const spread = (bid: number | null, ask: number | null) =>
    spreadOf(summaryOf(tickerOf({ quote: quoteOf(1, bid, ask) }), 0, 'flat'))
  assert.deepEqual(spread(9, 11), { absolute: 2, fraction: 0.2 })
  assert.equal(spread(null, 11), undefined)
  assert.equal(spread(9, null), undefined)
})

test('the best prices are those of the open book, which the ladder shows, unless a change of it was missed', () => {
  const summary = summaryOf(tickerOf({ quote: quoteOf(1, 9, 11) }), 0, 'flat')
  const book = { symbol: 'AAA', proof: 'verified', bids: cumulate([[9.5, 3]]), asks: cumulate([[10.5, 4]]) } as const
  const touch = ({ bid, bidSize, ask, askSize }: typeof summary) => [bid, bidSize, ask, askSize]
  assert.deepEqual(touch(withTouchOf(summary, book)), [9.5, 3, 10.5, 4])
  assert.deepEqual(touch(withTouchOf(summary, { ...book, asks: [] })), [9.5, 3, null, 0])
  for (const other of [{ symbol: 'BBB' }, { proof: 'waiting' }, { proof: 'gap' }] as const)
    assert.equal(withTouchOf(summary, { ...book, ...other }), summary)
  const auction = { ...summary, phase: 'openingAuction' } as const
  assert.equal(withTouchOf(auction, book), auction)
})

test('a filter matches the beginnings of symbol and name', () => {
  const list = [
    { symbol: 'VELTR', name: 'Veltrane Semiconductor' },
    { symbol: 'NIMBR', name: 'Nimbra Cloud' },
  ]
  assert.deepEqual(matching(list, 'semi vel'), [list[0]])
  assert.deepEqual(matching(list, 'clo'), [list[1]])
  assert.deepEqual(matching(list, ' '), list)
  assert.deepEqual(matching(list, 'oud'), [])
})
