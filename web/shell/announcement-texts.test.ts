// Announced texts: prices with their direction.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type News, Ticker } from '@papertape/protocol'
import { summaryOf } from '../market/selectors.ts'
import { stateOf, tradeOf } from '../testing/sample-market.ts'
import { newsText, priceText } from './announcement-texts.ts'

test('a price is announced with its change of the day', () => {
  const text = (last: number | null) => {
    const ticker = new Ticker('AAA', 'continuous', 10)
    ticker.reset(stateOf('AAA', { lastTrade: last === null ? null : tradeOf(1, last) }))
    return priceText(summaryOf(ticker, 0, 'flat'), 2)
  }
  assert.equal(text(10.1), 'AAA 10.10, up 1.00% today.')
  assert.equal(text(9.9), 'AAA 9.90, down 1.00% today.')
  assert.equal(text(10), 'AAA 10.00, unchanged today.')
  assert.equal(text(null), 'AAA: no trades yet, Continuous.')
})

test('news are announced as such', () => {
  assert.equal(newsText({ headline: 'Rates unchanged' } as News), 'News: Rates unchanged')
})
