// An order in words: beside its result, and on the button that sends it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY_DRAFT } from '../orders/order-draft.ts'
import { instrumentOf } from '../testing/sample-market.ts'
import {
  instructionsText,
  ORDER_TYPE_TEXTS,
  orderText,
  SELF_TRADE_TEXTS,
  submitText,
  TIME_IN_FORCE_TEXTS,
} from './order-texts.ts'

const instrument = instrumentOf('AAA')
const limit = { symbol: 'AAA', side: 'buy', orderType: 'limit', size: 100, timeInForce: 'GTC', price: 184.53 } as const
const stop = {
  symbol: 'AAA',
  side: 'sell',
  orderType: 'stop',
  size: 1_000,
  timeInForce: 'DAY',
  stopPrice: 180,
} as const

test('an order beside its result names all its instructions', () => {
  assert.equal(orderText(limit, instrument), 'Buy 100 AAA at 184.53, GTC')
  const iceberg = { ...limit, postOnly: true, displaySize: 10 }
  assert.equal(orderText(iceberg, instrument), 'Buy 100 AAA at 184.53, GTC, post only, shows 10')
  assert.equal(orderText(stop, instrument), 'Sell 1,000 AAA at market once ≤ 180.00, DAY')
})

test('an order beside its result says when it expires, what it trails by, and its exits', () => {
  const expireTime = Date.UTC(2026, 0, 5, 14, 3, 7)
  const expiring = { ...limit, timeInForce: 'GTD', expireTime, minSize: 50 } as const
  assert.equal(orderText(expiring, instrument), 'Buy 100 AAA at 184.53, GTD until 5 Jan 14:03:07 UTC, at least 50')
  const { price: _, ...rest } = limit
  const trailing = { ...rest, orderType: 'trailingStop', trailPercent: 1.5, limitOffset: 0.05 } as const
  assert.equal(
    orderText(trailing, instrument),
    'Buy 100 AAA at limit, trailing by 1.5%, GTC, limit 0.05 behind its stop',
  )
  const exits = { takeProfit: { price: 190 }, stopLoss: { stopPrice: 180, price: 179.5 } }
  assert.equal(
    orderText({ ...limit, orderClass: 'bracket', ...exits }, instrument),
    'Buy 100 AAA at 184.53, GTC, take-profit 190.00, stop-loss 180.00, its limit 179.50',
  )
  const oco = { ...limit, side: 'sell', orderClass: 'oco', stopLoss: { stopPrice: 180 } } as const
  assert.equal(orderText(oco, instrument), 'Sell 100 AAA at 184.53 or once \u2264 180.00, GTC')
})

test('the button says what it will do, and its cost', () => {
  const text = (order: Parameters<typeof orderText>[0] | undefined, estimate?: number) =>
    submitText(order?.side ?? 'sell', { problems: [], cautions: [], order, estimate }, instrument)
  assert.equal(text(limit, 18_453), 'Buy 100 @ 184.53 · 18,453')
  assert.equal(text({ ...limit, size: 1 }, 184.53), 'Buy 1 @ 184.53 · 184.53')
  assert.equal(text(stop, 180_000), 'Sell 1,000 @ market once ≤ 180.00 · about 180,000')
  const stopLimit = { ...limit, orderType: 'stopLimit', stopPrice: 184 } as const
  assert.equal(text(stopLimit, 18_453), 'Buy 100 @ 184.53 once ≥ 184.00 · 18,453')
  const { stopPrice: _, ...market } = stop
  assert.equal(text({ ...market, orderType: 'market' }), 'Sell 1,000 @ market')
  const trailing = { ...market, orderType: 'trailingStop', trailAmount: 0.5 } as const
  assert.equal(text(trailing, 179_500), 'Sell 1,000 @ market, trailing by 0.50 · about 179,500')
  const stopLoss = { stopPrice: 180 }
  const bracket = { ...limit, orderClass: 'bracket', takeProfit: { price: 190 }, stopLoss } as const
  assert.equal(text(bracket, 18_453), 'Buy 100 @ 184.53 with exits · 18,453')
  assert.equal(text(undefined), 'Sell AAA')
})

test('instructions that are closed away stay readable', () => {
  assert.equal(instructionsText(EMPTY_DRAFT), '')
  assert.equal(
    instructionsText({ ...EMPTY_DRAFT, displaySize: '10', postOnly: true, selfTradePrevention: 'cancelBoth' }),
    'shows 10, post only, own orders: cancel both',
  )
  const list = {
    ...EMPTY_DRAFT,
    timeInForce: 'GTD',
    orderClass: 'bracket',
    takeProfit: '190',
    stopLoss: '180',
  } as const
  assert.equal(instructionsText(list), 'expires in 60 min, bracket 190 / 180')
  assert.equal(instructionsText({ ...EMPTY_DRAFT, orderClass: 'oco', minSize: '5' }), 'OCO, at least 5')
  assert.equal(instructionsText({ ...list, orderClass: 'oco', timeInForce: 'GTC' }), 'OCO 180')
  assert.equal(
    instructionsText({ ...EMPTY_DRAFT, orderType: 'trailingStop', limitOffset: '0.05' }),
    'limit 0.05 behind',
  )
})

test('explanations fit in one line of a panel of 260 px', () => {
  const texts = [ORDER_TYPE_TEXTS, TIME_IN_FORCE_TEXTS, SELF_TRADE_TEXTS].flatMap(table => Object.values(table))
  for (const { line } of texts) assert.ok(line.length <= 42, line)
})
