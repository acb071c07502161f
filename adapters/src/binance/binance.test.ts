// Binance's adapter without an HTTP server: signatures and times, orders and their translation, listen keys and
// streams, on a market that stands still.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { bodyOf, openTestAdapter, type TestAdapter } from '../testing/test-adapter.ts'
import { BinanceAdapter } from './binance.ts'

const SYMBOL = 'VELTR'
const PAIR = 'VELTRUSD'
let app: TestAdapter
before(async () => {
  app = await openTestAdapter(deps => new BinanceAdapter(deps))
})
after(() => app.close())

const sign = (text: string, key = app.token) => createHmac('sha256', key).update(text).digest('hex')
const now = () => Math.floor(app.clock.wallMs())

type Fields = Readonly<Record<string, string | number>>

function signed(fields: Fields = {}, more: Fields = {}): string {
  const all = { ...fields, timestamp: now(), ...more }
  const text = new URLSearchParams(Object.entries(all).map(([name, value]) => [name, String(value)])).toString()
  return `${text}&signature=${sign(text)}`
}

const headers = () => ({ 'x-mbx-apikey': app.token })
const ask = (route: string, fields: Fields = {}) => app.ask(`${route}?${signed(fields)}`, { headers: headers() })
const order = (more: Fields) => ({
  symbol: PAIR,
  side: 'BUY',
  type: 'LIMIT',
  quantity: 2,
  price: 1,
  timeInForce: 'GTC',
  ...more,
})
const without = (fields: Fields, ...names: string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
const place = (more: Fields = {}) => ask('POST /api/v3/order', order(more))

describe('a signed request', () => {
  test('is signed with the token over the query, the body, or both', async () => {
    const query = signed()
    assert.equal((await app.ask(`GET /api/v3/account?${query}`, { headers: headers() })).status, 200)
    assert.equal((await app.ask('GET /api/v3/account', { headers: headers(), bodyText: query })).status, 200)
    const [first, second] = ['recvWindow=5000', `timestamp=${now()}`]
    const bodyText = `${second}&signature=${sign(`${first}${second}`).toUpperCase()}`
    assert.equal((await app.ask(`GET /api/v3/account?${first}`, { headers: headers(), bodyText })).status, 200)
  })

  test('is refused without a key, a signature or a time, or with wrong ones', async () => {
    const cases: [string, Record<string, string>, number, number][] = [
      [signed(), {}, 401, -2014],
      [signed(), { 'x-mbx-apikey': 'nobody' }, 401, -2015],
      [`timestamp=${now()}`, headers(), 400, -1102],
      [`timestamp=${now()}&signature=${sign('other')}`, headers(), 400, -1022],
      [signed({}, { timestamp: '' }), headers(), 400, -1102],
      [signed({}, { timestamp: now() - 5_001 }), headers(), 400, -1021],
      [signed({}, { timestamp: now() + 1_000 }), headers(), 400, -1021],
      [signed({}, { recvWindow: 60_001 }), headers(), 400, -1100],
    ]
    for (const [query, sent, status, code] of cases) {
      const answer = await app.ask(`GET /api/v3/account?${query}`, { headers: sent })
      assert.deepEqual([answer.status, bodyOf(answer).code], [status, code], query)
    }
    const inTime = [
      { timestamp: now() - 5_000 },
      { timestamp: now() - 9_000, recvWindow: 9_500 },
      { timestamp: now() * 1_000 },
    ]
    for (const more of inTime) {
      assert.equal((await app.ask(`GET /api/v3/account?${signed({}, more)}`, { headers: headers() })).status, 200)
    }
  })

  test('by a token that may only read changes nothing', async () => {
    const account = (await app.accounts.find(app.token))!
    const { token } = await app.accounts.addToken(account, { name: 'reader', readOnly: true })
    const text = `${new URLSearchParams(order({}) as never)}&timestamp=${now()}`
    const answer = await app.ask(`POST /api/v3/order?${text}&signature=${sign(text, token)}`, {
      headers: { 'x-mbx-apikey': token },
    })
    assert.deepEqual(
      [answer.status, bodyOf(answer).code, answer.headers?.['x-mbx-order-count-1s']],
      [403, -2015, undefined],
    )
  })

  test('returns what has been used of the rates', async () => {
    const { headers: read } = await ask('GET /api/v3/openOrders')
    assert.match(read!['x-mbx-used-weight']!, /^\d+$/)
    assert.equal((await place()).headers!['x-mbx-order-count-1s'], '1')
  })
})

describe('an order', () => {
  test('is one of the types that this market has', async () => {
    const cases: [Fields, object][] = [
      [
        order({ newOrderRespType: 'RESULT' }),
        { type: 'LIMIT', timeInForce: 'GTC', price: '1.00000000', status: 'NEW' },
      ],
      [without(order({ type: 'LIMIT_MAKER', newOrderRespType: 'RESULT' }), 'timeInForce'), { type: 'LIMIT_MAKER' }],
      [order({ icebergQty: 1, newOrderRespType: 'RESULT' }), { icebergQty: '1.00000000' }],
      [order({ selfTradePreventionMode: 'EXPIRE_MAKER' }), { selfTradePreventionMode: 'EXPIRE_MAKER', fills: [] }],
      [
        order({ type: 'STOP_LOSS_LIMIT', stopPrice: 500, price: 501, newOrderRespType: 'RESULT' }),
        { type: 'STOP_LOSS_LIMIT', stopPrice: '500.00000000', workingTime: -1 },
      ],
      [
        without(order({ type: 'STOP_LOSS', trailingDelta: 150, newOrderRespType: 'RESULT' }), 'price', 'timeInForce'),
        { type: 'STOP_LOSS', trailingDelta: 150 },
      ],
      [without(order({ type: 'STOP_LOSS', stopPrice: 500 }), 'price', 'timeInForce'), { orderListId: -1 }],
      [order({ timeInForce: 'IOC', newOrderRespType: 'RESULT' }), { status: 'EXPIRED', timeInForce: 'IOC' }],
      [
        without(order({ type: 'MARKET', quantity: 1 }), 'price', 'timeInForce'),
        { status: 'FILLED', type: 'MARKET', timeInForce: 'GTC', executedQty: '1.00000000' },
      ],
    ]
    for (const [fields, expected] of cases) {
      const answer = await ask('POST /api/v3/order', fields)
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      assert.partialDeepStrictEqual(answer.body, expected)
    }
    await ask('DELETE /api/v3/openOrders', { symbol: PAIR })
  })

  test('that it has not, or that is no order, is refused with what it is', async () => {
    const cases: [Fields, number, RegExp][] = [
      [order({ symbol: 'NOPEUSD' }), -1121, /^Invalid symbol.$/],
      [order({ symbol: SYMBOL }), -1121, /^Invalid symbol.$/],
      [without(order({}), 'symbol'), -1102, /'symbol'/],
      [without(order({}), 'quantity'), -1102, /'quantity'/],
      [without(order({}), 'timeInForce'), -1102, /'timeInForce'/],
      [order({ side: 'HOLD' }), -1117, /BUY, SELL/],
      [order({ type: 'PEGGED' }), -1116, /LIMIT, MARKET/],
      [order({ timeInForce: 'GTD' }), -1115, /GTC, IOC, FOK/],
      [order({ type: 'TAKE_PROFIT', stopPrice: 9 }), -2010, /^Take profit orders are not supported/],
      [order({ quoteOrderQty: 100 }), -1020, /quoteOrderQty is not offered/],
      [order({ quantity: 0.5 }), -1013, /LOT_SIZE/],
      [order({ quantity: -1 }), -1100, /'quantity'/],
      [order({ stopPrice: 3 }), -1106, /not required/],
      [order({ newClientOrderId: 'a b' }), -1100, /newClientOrderId/],
    ]
    for (const [fields, code, message] of cases) {
      const answer = await ask('POST /api/v3/order', fields)
      assert.deepEqual([answer.status, bodyOf(answer).code], [400, code], JSON.stringify(fields))
      assert.match(bodyOf(answer).msg as string, message)
    }
    assert.equal(bodyOf(await ask('POST /api/v3/order/test', order({ side: 'HOLD' }))).code, -1117)
    assert.deepEqual((await ask('POST /api/v3/order/test', order({}))).body, {})
  })

  test('sent again is the same order; another one under its id is refused, also when the first has ended', async () => {
    const first = await place({ newClientOrderId: 'same' })
    assert.deepEqual((await place({ newClientOrderId: 'same' })).body, first.body)
    await ask('DELETE /api/v3/order', { symbol: PAIR, origClientOrderId: 'same' })
    assert.partialDeepStrictEqual((await place({ newClientOrderId: 'same' })).body, { status: 'CANCELED' })
    const changes = [{ quantity: 3 }, { price: 2 }, { symbol: 'NIMBRUSD' }, { side: 'SELL' }, { timeInForce: 'IOC' }]
    for (const change of changes) {
      const { status, body } = await place({ newClientOrderId: 'same', ...change })
      assert.deepEqual([status, body], [400, { code: -2010, msg: 'Duplicate order sent.' }], JSON.stringify(change))
    }
  })

  test('is canceled under the restrictions that a client sets, and found by either id', async () => {
    const { orderId } = bodyOf(await place({ newClientOrderId: 'one' })) as { orderId: number }
    const remove = (more: Fields) => ask('DELETE /api/v3/order', { symbol: PAIR, ...more })
    assert.equal(bodyOf(await remove({ orderId, cancelRestrictions: 'ONLY_PARTIALLY_FILLED' })).code, -2011)
    assert.equal(bodyOf(await remove({ orderId, cancelRestrictions: 'NONE' })).code, -1145)
    assert.equal(bodyOf(await remove({})).code, -1102)
    const other = { symbol: 'NIMBRUSD', orderId }
    assert.equal(bodyOf(await ask('DELETE /api/v3/order', other)).code, -2011, 'of another symbol')
    assert.equal(bodyOf(await ask('GET /api/v3/order', other)).code, -2013)
    const canceled = bodyOf(await remove({ origClientOrderId: 'one', newClientOrderId: 'the cancel' }))
    assert.equal(canceled.code, -1100)
    const gone = bodyOf(await place({ newClientOrderId: 'two' })) as { orderId: number }
    const answer = await remove({ orderId: gone.orderId, newClientOrderId: 'cancel-2' })
    assert.partialDeepStrictEqual(answer.body, {
      clientOrderId: 'cancel-2',
      origClientOrderId: 'two',
      status: 'CANCELED',
    })
    const all = (await ask('GET /api/v3/allOrders', { symbol: PAIR, limit: 2 })).body as { clientOrderId: string }[]
    assert.deepEqual(
      all.map(({ clientOrderId }) => clientOrderId),
      ['one', 'two'],
    )
  })

  test('is not canceled for one that is none, nor placed after a cancel that failed', async () => {
    await place({ newClientOrderId: 'kept' })
    const replace = (more: Fields) =>
      ask('POST /api/v3/order/cancelReplace', order({ cancelReplaceMode: 'STOP_ON_FAILURE', ...more }))
    const wrong = await replace({ cancelOrigClientOrderId: 'kept', side: 'HOLD' })
    assert.equal(bodyOf(wrong).code, -1117)
    const failed = await replace({ cancelOrigClientOrderId: 'none', newClientOrderId: 'never' })
    assert.partialDeepStrictEqual(failed, {
      status: 400,
      body: { code: -2022, data: { cancelResult: 'FAILURE', newOrderResult: 'NOT_ATTEMPTED', newOrderResponse: null } },
    })
    const part = await replace({ cancelOrigClientOrderId: 'kept', price: 1.001 })
    assert.partialDeepStrictEqual(part, {
      status: 409,
      body: {
        code: -2021,
        data: { cancelResult: 'SUCCESS', newOrderResult: 'FAILURE', newOrderResponse: { code: -1013 } },
      },
    })
  })
})

describe('a listen key', () => {
  const request = (route: string, listenKey = '') => app.ask(`${route}?listenKey=${listenKey}`, { headers: headers() })

  test('is one for a token, ends an hour after it was last extended, and says so', async () => {
    const { listenKey } = bodyOf(await request('POST /api/v3/userDataStream')) as { listenKey: string }
    assert.match(listenKey, /^[0-9a-f]{64}$/)
    assert.equal(bodyOf(await request('POST /api/v3/userDataStream')).listenKey, listenKey)
    const stream = app.connect(`/ws/${listenKey}`)
    app.clock.pass(3_000_000)
    assert.deepEqual((await request('PUT /api/v3/userDataStream', listenKey)).body, {})
    app.clock.pass(3_000_000)
    assert.deepEqual(stream.sent, [])
    app.clock.pass(700_000)
    assert.partialDeepStrictEqual(stream.messages(), [{ e: 'listenKeyExpired', listenKey }])
    assert.equal(bodyOf(await request('PUT /api/v3/userDataStream', listenKey)).code, -1125)
    assert.throws(() => app.connect(`/ws/${listenKey}`))
    stream.socket.release()
  })

  test('ends when it is closed, and with its token; another account cannot use it', async () => {
    const account = (await app.accounts.find(app.token))!
    const { token, id } = await app.accounts.addToken(account, { name: 'short' })
    const make = async (key: string) =>
      bodyOf(await app.ask('POST /api/v3/userDataStream', { headers: { 'x-mbx-apikey': key } })).listenKey as string
    const [own, short] = [await make(app.token), await make(token)]
    const other = await app.accounts.open()
    const foreign = { headers: { 'x-mbx-apikey': other.token } }
    assert.equal(bodyOf(await app.ask(`DELETE /api/v3/userDataStream?listenKey=${own}`, foreign)).code, -1125)
    const streams = [own, short].map(key =>
      app.connect(`/stream?streams=${key}`.split('?')[0]!, { queryText: `streams=${key}` }),
    )
    assert.deepEqual((await request('DELETE /api/v3/userDataStream', own)).body, {})
    await app.accounts.revokeToken(account, id)
    await app.settled()
    assert.partialDeepStrictEqual(
      streams.map(({ messages }) => messages()[0]),
      [
        { stream: own, data: { e: 'listenKeyExpired' } },
        { stream: short, data: { e: 'listenKeyExpired' } },
      ],
    )
    assert.deepEqual(
      streams.map(({ causes }) => causes),
      [[], ['tokenEnded']],
    )
    for (const { socket } of streams) socket.release()
  })
})

describe('the streams', () => {
  test('send what was subscribed to, raw or combined, and answer each request', async () => {
    const { socket, messages } = app.connect('/ws/veltrusd@trade')
    const send = async (message: object | string) => {
      socket.receive(typeof message === 'string' ? message : JSON.stringify(message))
      await app.settled()
      return messages().findLast(one => 'result' in (one as object) || 'code' in (one as object))
    }
    const subscribe = (id: unknown, ...params: string[]) => send({ method: 'SUBSCRIBE', params, id })
    assert.deepEqual(await subscribe(1, 'veltrusd@bookTicker', 'veltrusd@depth'), { result: null, id: 1 })
    const list = ['veltrusd@trade', 'veltrusd@bookTicker', 'veltrusd@depth']
    assert.deepEqual(await send({ method: 'LIST_SUBSCRIPTIONS', id: 'x' }), { result: list, id: 'x' })
    assert.deepEqual(await send({ method: 'GET_PROPERTY', params: ['combined'], id: 2 }), { result: false, id: 2 })
    const refusals: [object | string, number, RegExp][] = [
      ['{', 3, /^Invalid JSON/],
      [{ method: 'SUBSCRIBE', params: ['veltrusd@nothing'], id: 3 }, 2, /there is no stream veltrusd@nothing/],
      [{ method: 'SUBSCRIBE', params: ['nopeusd@trade'], id: 3 }, 2, /there is no stream nopeusd@trade/],
      [{ method: 'SUBSCRIBE', id: 3 }, 2, /params must be a list/],
      [{ method: 'JUMP', id: 3 }, 2, /unknown variant JUMP, expected one of `SUBSCRIBE`/],
      [{ method: 'SET_PROPERTY', params: ['combined', 1], id: 3 }, 2, /expected Boolean/],
    ]
    for (const [message, code, text] of refusals) {
      const answer = (await send(message)) as { code: number; msg: string }
      assert.equal(answer.code, code)
      assert.match(answer.msg, text)
    }
    await app.pass(10_000)
    const kinds = () =>
      new Set(
        messages().map(one => (one as { e?: string; u?: number; stream?: string }).stream ?? (one as { e?: string }).e),
      )
    assert.ok(kinds().has('trade') && kinds().has('depthUpdate'))
    assert.ok(
      messages().some(one => 'B' in (one as object)),
      'a best bid and ask',
    )
    await send({ method: 'SET_PROPERTY', params: ['combined', true], id: 4 })
    await send({ method: 'UNSUBSCRIBE', params: ['veltrusd@depth', 'veltrusd@bookTicker'], id: 5 })
    const before = messages().length
    await app.pass(10_000)
    const after = messages().slice(before) as { stream: string; data: object }[]
    assert.ok(after.length > 0 && after.every(({ stream }) => stream === 'veltrusd@trade'))
    socket.release()
    assert.equal(app.feed.readers, 0)
  })

  test('of depth continue each other, at both rates', async () => {
    const { socket, messages } = app.connect('/stream', {
      queryText: 'streams=veltrusd@depth@100ms/veltrusd@depth/veltrusd@depth5',
    })
    await app.pass(8_000)
    const all = messages() as { stream: string; data: { U: number; u: number; bids: unknown[] } }[]
    for (const name of ['veltrusd@depth@100ms', 'veltrusd@depth']) {
      const updates = all.filter(({ stream }) => stream === name).map(({ data }) => data)
      assert.ok(updates.length > 3, name)
      updates.reduce((one, next) => {
        assert.equal(next.U, one.u + 1)
        return next
      })
    }
    const best = all.filter(({ stream }) => stream === 'veltrusd@depth5')
    assert.ok(best.length > 3 && best.every(({ data }) => data.bids.length === 5))
    socket.release()
  })

  test('of klines have the forming bar, and each bar once more when it has closed', async () => {
    const { socket, messages } = app.connect('/ws/veltrusd@kline_1m')
    await app.pass(130_000)
    const bars = (messages() as { k: { t: number; x: boolean } }[]).map(({ k }) => k)
    const closed = bars.filter(({ x }) => x)
    assert.equal(new Set(closed.map(({ t }) => t)).size, closed.length)
    assert.ok(closed.length >= 2)
    assert.ok(bars.every(({ t }, at) => at === 0 || t >= bars[at - 1]!.t))
    socket.release()
  })

  test('that there are not are refused before the upgrade; who subscribes to nothing is closed', async () => {
    for (const path of ['/ws/nopeusd@trade', '/ws/veltrusd@kline_7m', '/ws/x', '/ws-api/v1', '/elsewhere']) {
      assert.throws(() => app.connect(path), /there is no stream/, path)
    }
    const idle = app.connect('/stream')
    await app.pass(5_000)
    assert.deepEqual(idle.causes, ['logonOverdue'])
  })
})

describe('the WebSocket API', () => {
  const params = (fields: Fields) => {
    const all: Fields = { ...fields, apiKey: app.token, timestamp: now() }
    const names = Object.keys(all).sort()
    return { ...all, signature: sign(names.map(name => `${name}=${all[name]}`).join('&')) }
  }

  test('answers as REST does, and has the user data of the account', async () => {
    const { socket, messages } = app.connect('/ws-api/v3')
    const send = async (method: string, given?: object) => {
      socket.receive(JSON.stringify({ id: method, method, ...(given !== undefined && { params: given }) }))
      const find = () => messages().find(one => (one as { id?: unknown }).id === method)
      for (let tries = 0; find() === undefined && tries < 50; tries++) await app.pass(20)
      return find()
    }
    assert.deepEqual(await send('ping'), { id: 'ping', status: 200, result: {} })
    const depth = (await send('v3/depth', { symbol: PAIR, limit: 1 })) as { result: { bids: unknown[] } }
    assert.equal(depth.result.bids.length, 1)
    assert.partialDeepStrictEqual(await send('account.status', { apiKey: app.token }), {
      status: 400,
      error: { code: -1102 },
    })
    const wrong = { ...params({}), signature: sign('other') }
    assert.partialDeepStrictEqual(await send('openOrders.status', wrong), { status: 400, error: { code: -1022 } })
    assert.partialDeepStrictEqual(await send('order.amend.keepPriority'), { status: 400, error: { code: -1020 } })
    assert.partialDeepStrictEqual(await send('userDataStream.unsubscribe'), { error: { code: -2036 } })

    const subscribe = 'userDataStream.subscribe.signature'
    assert.deepEqual(await send(subscribe, params({})), { id: subscribe, status: 200, result: { subscriptionId: 0 } })
    const fields = order({ newClientOrderId: 'by-socket' })
    assert.partialDeepStrictEqual(await send('order.place', params(fields)), { status: 200, result: { status: 'NEW' } })
    const canceled = await send('order.cancel', params({ symbol: PAIR, origClientOrderId: 'by-socket' }))
    assert.partialDeepStrictEqual(canceled, { status: 200, result: { status: 'CANCELED' } })
    const events = messages().filter(one => 'event' in (one as object)) as {
      event: { e: string; x?: string; c?: string }
    }[]
    assert.deepEqual(
      events.filter(({ event }) => event.e === 'executionReport').map(({ event }) => [event.x, event.c]),
      [
        ['NEW', 'by-socket'],
        ['CANCELED', 'by-socket'],
      ],
    )
    assert.ok(events.some(({ event }) => event.e === 'outboundAccountPosition'))
    socket.receive('[]')
    await app.settled()
    assert.partialDeepStrictEqual(messages().at(-1), { id: null, status: 400, error: { code: -1100 } })
    socket.release()
    assert.equal(app.streams.accounts, 0)
  })
})

test('aggregate trades are the trades, by number, by time, or the newest', async () => {
  const read = async (query: string) =>
    (await app.ask(`GET /api/v3/aggTrades?symbol=${PAIR}${query}`)).body as { a: number; T: number; p: string }[]
  const all = await read('&fromId=0&limit=1000')
  const ids = (some: readonly { a: number }[]) => some.map(({ a }) => a)
  const trades = (await app.ask(`GET /api/v3/trades?symbol=${PAIR}&limit=1000`)).body as { id: number }[]
  assert.deepEqual(
    ids(all),
    trades.map(({ id }) => id),
  )
  assert.ok(all.length > 6)
  assert.deepEqual(ids(await read('&limit=3')), ids(all.slice(-3)))
  assert.deepEqual(ids(await read(`&fromId=${all[2]!.a}&limit=3`)), ids(all.slice(2, 5)))
  const [start, end] = [all[1]!.T, all[4]!.T]
  assert.deepEqual(
    ids(await read(`&startTime=${start}&endTime=${end}`)),
    ids(all.filter(({ T }) => T >= start && T <= end)),
  )
})

test('the day of a symbol is that of its bars', async () => {
  const ticker = bodyOf(await app.ask(`GET /api/v3/ticker/24hr?symbol=${PAIR}`))
  const klines = (await app.ask(`GET /api/v3/klines?symbol=${PAIR}&interval=15m`)).body as string[][]
  const sum = (column: number) => klines.reduce((total, row) => total + Number(row[column]), 0)
  assert.deepEqual([Number(ticker.volume), ticker.count, ticker.openPrice], [sum(5), sum(8), klines[0]![1]])
  const all = (await app.ask('GET /api/v3/ticker/24hr')).body as { symbol: string }[]
  assert.deepEqual(
    all.map(({ symbol }) => symbol),
    [PAIR, 'NIMBRUSD'],
  )
})

test('what there is not has Binance’s form too', async () => {
  assert.partialDeepStrictEqual(await app.ask('GET /sapi/v1/margin/account'), { status: 404, body: { code: -1020 } })
  assert.equal(bodyOf(await app.ask(`GET /api/v3/klines?symbol=${PAIR}&interval=1w`)).code, -1120)
  assert.equal(bodyOf(await app.ask(`GET /api/v3/ticker/price?symbols=[]`)).code, -1100)
  assert.equal(bodyOf(await app.ask(`GET /api/v3/depth?symbol=${PAIR}&limit=x`)).code, -1100)
})
