// Shares of buying power and position: never more than there is, in whole lots, or why there is none.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { instrumentOf } from '../testing/sample-market.ts'
import { type DraftContext, EMPTY_DRAFT, type OrderDraft } from './order-draft.ts'
import { SHARES, shareOfAccount } from './order-share.ts'
import { TERM_CHECKS } from './terms/term-checks.ts'

const instrument = instrumentOf('AAA', { lotSize: 10 })
const context: DraftContext = {
  phase: 'continuous',
  bids: [],
  asks: [
    { price: 10, size: 30, total: 30 },
    { price: 10.2, size: 50, total: 80 },
    { price: 20, size: 5_000, total: 5_080 },
  ],
  last: 10,
  timeMs: 1_767_605_400_000,
  indicativePrice: null,
  buyingPower: 1_000,
  held: 130,
  offered: 30,
  maySellShort: false,
  isStale: false,
  termChecks: TERM_CHECKS,
}
const draft = { ...EMPTY_DRAFT, price: '9.90' }
const share = (percent: number, change: Partial<OrderDraft> = {}, now: Partial<DraftContext> = {}) => {
  const { size, problem } = {
    size: undefined,
    ...shareOfAccount(percent, { ...draft, ...change }, instrument, { ...context, ...now }),
  }
  return problem ?? size
}

test('of what is held and not offered yet, to sell', () => {
  assert.deepEqual(
    SHARES.map(percent => share(percent, { side: 'sell' })),
    [20, 50, 100],
  )
  assert.equal(share(100, { side: 'sell' }, { held: 0, offered: 0 }), 'You hold none to sell.')
  assert.equal(share(100, { side: 'sell' }, { offered: 130 }), 'Your open orders offer all that you hold.')
  assert.equal(share(25, { side: 'sell' }, { held: 30, offered: 0 }), 'Not enough for the minimum of 10.')
})

test('of the buying power, to buy: at the limit, at the book, at the stop and what it may slip', () => {
  assert.equal(share(100), 100)
  assert.equal(share(100, { price: '10.00' }), 100)
  assert.equal(share(50), 50)
  assert.equal(share(100, { orderType: 'market', timeInForce: 'IOC' }), 80, 'as far as a market order may trade')
  assert.equal(share(50, { orderType: 'market', timeInForce: 'IOC' }), 40)
  assert.equal(share(100, { orderType: 'market', timeInForce: 'IOC' }, { buyingPower: 90_000 }), 80, 'not beyond it')
  assert.equal(share(100, { orderType: 'stop', stopPrice: '10.00' }), 90)
  assert.equal(share(100, { orderType: 'stopLimit', stopPrice: '10.00', price: '12.50' }), 80)
  const oco = { orderClass: 'oco', stopLoss: '12.00' } as const
  assert.equal(share(100, oco), 70, 'at 12.60')
  assert.equal(share(100, { ...oco, stopLossLimit: '12.50' }), 80)
  assert.equal(share(100, { ...oco, stopLoss: '' }), 'Enter the stop-loss first.')
})

test('says why there is none to buy', () => {
  const market = { orderType: 'market', timeInForce: 'IOC' } as const
  assert.match(String(share(100, {}, { buyingPower: null })), /not known yet/)
  assert.match(String(share(100, { price: '' })), /Enter the price first/)
  assert.match(String(share(100, { orderType: 'stop' })), /Enter the stop first/)
  assert.match(String(share(100, market, { asks: [] })), /Nobody offers/)
  assert.match(String(share(100, market, { phase: 'paused' })), /In an auction/)
  assert.match(String(share(100, { ...market, timeInForce: 'CLS' })), /In an auction/)
})

test('a share of any buying power at any price is in whole lots and is not above it', () => {
  holds(
    import.meta.filename,
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (cents, ticks) => {
      const [buyingPower, price] = [cents / 100, ticks / 100]
      const size = share(100, { price: price.toFixed(2) }, { buyingPower })
      if (typeof size === 'string') assert.ok(ticks * 10 > cents)
      else assert.ok(size % 10 === 0 && size * ticks <= cents && (size + 10) * ticks > cents)
    }),
  )
})

test('a trailing buy is counted at what the exchange reserves for it', () => {
  const trailing = { orderType: 'trailingStop', trail: '0.50', limitOffset: '0' } as const
  assert.equal(share(100, trailing), 90)
  assert.equal(share(100, { ...trailing, trail: '' }), 'Enter the trail first.')
})
