// The schemas of inbound messages: each accepts all of its fields, requires the required ones, and refuses unknown
// ones.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Compile } from 'typebox/compile'
import { INBOUND, type Inbound, type InboundType } from './inbound.ts'
import { NewOrder, OrderChange } from './orders.ts'

const place = {
  clientOrderId: 'my-1',
  symbol: 'PPR',
  side: 'buy',
  orderType: 'limit',
  size: 100,
  price: 585.33,
  stopPrice: 580,
  timeInForce: 'GTC',
  postOnly: true,
  displaySize: 20,
  selfTradePrevention: 'cancelTaker',
  expireTime: 1_767_605_400_250,
  minSize: 10,
  trailAmount: 0.5,
  trailPercent: 1.5,
  limitOffset: 0.1,
  orderClass: 'bracket',
  takeProfit: { clientOrderId: 'my-1p', price: 590 },
  stopLoss: { clientOrderId: 'my-1s', stopPrice: 580, price: 579.5 },
  testDirective: { rejectCode: 'bad-size' },
} as const
/** Messages with all fields. */
const WHOLE: { readonly [T in InboundType]: Inbound<T> } = {
  logon: {
    type: 'logon',
    requestId: 1,
    token: 'pt_secret',
    sessionId: 'desk-1',
    nextSeq: 12,
    heartbeatMs: 5_000,
    cancelOnDisconnect: 'connection',
    graceMs: 5_000,
  },
  subscribe: {
    type: 'subscribe',
    requestId: 'a',
    subscription: 'tape',
    symbols: ['PPR', 'TAPE.A'],
    events: ['trade', 'book'],
    books: ['PPR'],
    maxHz: 10,
    mode: 'raw',
    snapshot: false,
    last: 'k3f9-12',
    encoding: 'binary',
  },
  unsubscribe: { type: 'unsubscribe', requestId: 2, subscription: 'tape' },
  'order.place': { type: 'order.place', requestId: 3, ...place },
  'order.replace': {
    type: 'order.replace',
    requestId: 4,
    clientOrderId: 'my-2',
    origClientOrderId: 'my-1',
    size: 50,
    price: 585.34,
    stopPrice: 585.5,
  },
  'order.cancel': { type: 'order.cancel', requestId: 5, origClientOrderId: 'my-2' },
  'order.cancelAll': { type: 'order.cancelAll', requestId: 6, symbol: 'PPR', side: 'sell' },
  'order.cancelAllAfter': { type: 'order.cancelAllAfter', requestId: 10, timeoutMs: 60_000 },
  resend: { type: 'resend', requestId: 7, from: 1, to: 20 },
  'room.join': { type: 'room.join', requestId: 10, room: 'PPR', user: 'ann' },
  'room.leave': { type: 'room.leave', requestId: 11, room: 'PPR' },
  'room.message': { type: 'room.message', requestId: 12, room: 'my-room', text: 'Hello', clientMessageId: 'm-1' },
  'room.typing': { type: 'room.typing', requestId: 13, room: 'PPR' },
  ping: { type: 'ping', requestId: 8 },
  logout: { type: 'logout', requestId: 9 },
}
const REQUIRED: { readonly [T in InboundType]: readonly string[] } = {
  logon: [],
  subscribe: ['subscription'],
  unsubscribe: ['subscription'],
  'order.place': ['clientOrderId', 'symbol', 'side', 'orderType', 'size'],
  'order.replace': ['clientOrderId', 'origClientOrderId'],
  'order.cancel': ['origClientOrderId'],
  'order.cancelAll': [],
  'order.cancelAllAfter': ['timeoutMs'],
  resend: ['from'],
  'room.join': ['room'],
  'room.leave': ['room'],
  'room.message': ['room', 'text'],
  'room.typing': ['room'],
  ping: [],
  logout: [],
}

function without(message: object, name: string): object {
  return Object.fromEntries(Object.entries(message).filter(([field]) => field !== name))
}

for (const type of Object.keys(INBOUND) as InboundType[]) {
  describe(type, () => {
    const schema = Compile(INBOUND[type])
    const whole = WHOLE[type]

    test('accepts all fields, and the required ones alone', () => {
      assert.deepEqual([...schema.Errors(whole)], [])
      assert.deepEqual(Object.keys(INBOUND[type].properties).sort(), Object.keys(whole).sort())
      const needed = Object.entries(whole).filter(([name]) => name === 'type' || REQUIRED[type].includes(name))
      assert.ok(schema.Check(Object.fromEntries(needed)))
    })

    test('requires its required fields', () => {
      for (const name of ['type', ...REQUIRED[type]]) assert.ok(!schema.Check(without(whole, name)), name)
    })

    test('refuses an unknown field, and a value of another type', () => {
      assert.ok(!schema.Check({ ...whole, qty: 1 }))
      for (const name of Object.keys(whole)) assert.ok(!schema.Check({ ...whole, [name]: { no: 'value' } }), name)
      for (const name of Object.keys(whole)) assert.ok(!schema.Check({ ...whole, [name]: null }), name)
    })
  })
}

describe('bounds', () => {
  const placing = Compile(INBOUND['order.place'])
  const BAD: readonly [name: string, fields: object][] = [
    ['a size of 0', { size: 0 }],
    ['half a lot', { size: 0.5 }],
    ['a size that is text', { size: '100' }],
    ['a price of 0', { price: 0 }],
    ['a negative price', { price: -1 }],
    ['an id with a space', { clientOrderId: 'my 1' }],
    ['an empty id', { clientOrderId: '' }],
    ['an id of 65', { clientOrderId: 'x'.repeat(65) }],
    ['a symbol in lower case', { symbol: 'ppr' }],
    ['an unknown side', { side: 'short' }],
    ['a requestId of 65', { requestId: 'x'.repeat(65) }],
    ['a requestId with a fraction', { requestId: 1.5 }],
  ]
  for (const [name, fields] of BAD) {
    test(`${name} is malformed`, () => assert.ok(!placing.Check({ ...WHOLE['order.place'], ...fields })))
  }

  test('a replaced order has a size of at least one, as a placed one', () => {
    const replacing = Compile(INBOUND['order.replace'])
    assert.ok(replacing.Check({ ...WHOLE['order.replace'], size: 1 }))
    for (const size of [0, -1, 1.5]) assert.ok(!replacing.Check({ ...WHOLE['order.replace'], size }), `${size}`)
  })

  test('maxHz goes from 0.1 to 60, heartbeats from a second to a minute', () => {
    const subscribing = Compile(INBOUND.subscribe)
    const logon = Compile(INBOUND.logon)
    const rated = [0.09, 0.1, 60, 60.1].map(maxHz => subscribing.Check({ ...WHOLE.subscribe, maxHz }))
    const beating = [999, 1_000, 60_000, 60_001].map(heartbeatMs => logon.Check({ ...WHOLE.logon, heartbeatMs }))
    assert.deepEqual(rated, [false, true, true, false])
    assert.deepEqual(beating, [false, true, true, false])
  })
})

test('an order by REST has the same fields without type and requestId', () => {
  const order = Compile(NewOrder)
  const change = Compile(OrderChange)
  assert.ok(order.Check(place))
  assert.ok(!order.Check({ ...place, type: 'order.place' }))
  assert.ok(!order.Check(without(place, 'symbol')))
  assert.ok(change.Check({ clientOrderId: 'my-2', size: 50, price: 585.34 }))
  assert.ok(!change.Check({ clientOrderId: 'my-2', qty: 50 }))
  assert.ok(!change.Check({ size: 50 }))
})
