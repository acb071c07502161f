// Lists as Alpaca's clients send them: what becomes of them, and what is refused by Alpaca's rules.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { orderOfRequest } from './order-request.ts'

const ENTRY = { symbol: 'VELTR', side: 'buy', type: 'limit', qty: '2', limit_price: '100', time_in_force: 'gtc' }
const EXITS = { take_profit: { limit_price: '105' }, stop_loss: { stop_price: '95', limit_price: '94.5' } }
const BRACKET = { ...ENTRY, order_class: 'bracket', ...EXITS }
const OCO = { ...ENTRY, limit_price: undefined, side: 'sell', order_class: 'oco', ...EXITS }

function read(body: object) {
  let made = 0
  return orderOfRequest(body as Record<string, unknown>, () => `made-${++made}`)
}

describe('a list', () => {
  test('of class bracket is an entry with two exits, which have ids of their own', () => {
    assert.deepEqual(read({ ...BRACKET, client_order_id: 'mine' }), {
      clientOrderId: 'mine',
      symbol: 'VELTR',
      side: 'buy',
      orderType: 'limit',
      size: 2,
      price: 100,
      timeInForce: 'GTC',
      orderClass: 'bracket',
      takeProfit: { clientOrderId: 'made-2', price: 105 },
      stopLoss: { clientOrderId: 'made-1', stopPrice: 95, price: 94.5 },
    })
    const market = { ...BRACKET, type: 'market', limit_price: null, stop_loss: { stop_price: 95, limit_price: null } }
    assert.partialDeepStrictEqual(read(market), { orderType: 'market', stopLoss: { stopPrice: 95 } })
  })

  test('of class oco is its take-profit, with the price of that whatever limit_price says', () => {
    for (const limit_price of [undefined, '1']) {
      const { price, takeProfit, orderClass, stopLoss } = read({ ...OCO, limit_price })
      assert.deepEqual([price, takeProfit, orderClass, stopLoss?.stopPrice], [105, undefined, 'oco', 95])
    }
  })

  test('of class simple or without a name is none', () => {
    for (const order_class of ['', 'simple', null]) {
      assert.equal(read({ ...ENTRY, order_class, take_profit: null }).orderClass, undefined)
    }
  })

  test('that Alpaca would refuse is refused', () => {
    const cases: [object, number, RegExp][] = [
      [{ order_class: 'oto' }, 42_210_000, /^oto orders are not offered/],
      [{ order_class: 'mleg' }, 42_210_000, /^mleg orders are not offered/],
      [{ order_class: 'simple' }, 40_010_001, /^simple orders take no take_profit and no stop_loss$/],
      [{ take_profit: null }, 40_010_001, /^bracket orders require take_profit.limit_price$/],
      [{ take_profit: {} }, 40_010_001, /^bracket orders require take_profit.limit_price$/],
      [{ stop_loss: undefined }, 40_010_001, /^bracket orders require stop_loss.stop_price$/],
      [{ stop_loss: { limit_price: 94 } }, 40_010_001, /^bracket orders require stop_loss.stop_price$/],
      [{ ...OCO, stop_loss: null }, 40_010_001, /^oco orders require stop_loss.stop_price$/],
      [{ ...OCO, type: 'market' }, 40_010_001, /^oco orders must be limit orders$/],
      [{ time_in_force: 'ioc' }, 40_010_001, /^bracket orders must be day or gtc$/],
      [{ extended_hours: true }, 42_210_000, /^extended hours are not offered/],
      [{ take_profit: '105' }, 40_010_001, /^take_profit must be an object$/],
      [{ take_profit: { limit_price: 'much' } }, 40_010_001, /^take_profit.limit_price must be a number$/],
      [{ stop_loss: { stop_price: 0 } }, 40_010_001, /^stop_loss.stop_price must be > 0$/],
    ]
    for (const [change, code, message] of cases) {
      assert.throws(() => read({ ...BRACKET, ...change }), { status: 422, code, message }, JSON.stringify(change))
    }
  })
})
