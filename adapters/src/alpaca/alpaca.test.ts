// Alpaca's adapter without an HTTP server: keys, errors, pages of bars and both streams, on a market that stands still.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeMulti } from '@msgpack/msgpack'
import { bodyOf, openTestAdapter, type TestAdapter } from '../testing/test-adapter.ts'
import { AlpacaAdapter } from './alpaca.ts'

const SYMBOL = 'VELTR'
let app: TestAdapter
let keys: Record<string, string>
before(async () => {
  app = await openTestAdapter(deps => new AlpacaAdapter(deps))
  keys = { 'apca-api-key-id': app.accountId, 'apca-api-secret-key': app.token }
})
after(() => app.close())

const get = (path: string, headers = keys) => app.ask(`GET ${path}`, { headers })
const post = (body: object) => app.ask('POST /v2/orders', { headers: keys, bodyText: JSON.stringify(body) })
const buy = { symbol: SYMBOL, side: 'buy', type: 'limit', qty: '2', limit_price: '1', time_in_force: 'gtc' }

describe('keys', () => {
  test('are a token and its id, a token and its account, or a token alone', async () => {
    const account = await app.accounts.find(app.token)
    const secret = { 'apca-api-secret-key': app.token }
    for (const id of [account!.tokenId, account!.accountId]) {
      assert.equal((await get('/v2/account', { ...secret, 'apca-api-key-id': id })).status, 200)
    }
    assert.equal((await get('/v2/account', { authorization: `Bearer ${app.token}` })).status, 200)
  })

  test('of nobody, of another account, or none are refused', async () => {
    const other = await app.accounts.open()
    const unauthorized = { code: 40_110_000, message: 'request is not authorized' }
    for (const headers of [
      {},
      { ...keys, 'apca-api-key-id': other.accountId },
      { ...keys, 'apca-api-secret-key': 'x' },
    ]) {
      const answer = await get('/v2/account', headers)
      assert.deepEqual([answer.status, answer.body], [401, unauthorized])
    }
  })

  test('that may only read do not trade, and take nothing from the rate', async () => {
    const account = (await app.accounts.find(app.token))!
    const { token } = await app.accounts.addToken(account, { name: 'reader', readOnly: true })
    const headers = { authorization: `Bearer ${token}` }
    const answer = await app.ask('POST /v2/orders', { headers, bodyText: JSON.stringify(buy) })
    assert.deepEqual(
      [answer.status, bodyOf(answer).code, answer.headers?.['x-ratelimit-limit']],
      [403, 40_310_000, undefined],
    )
    assert.equal((await get('/v2/positions', headers)).status, 200)
  })
})

test('each answer says what is left of the rate', async () => {
  const { headers } = await get('/v2/account')
  assert.equal(headers?.['x-ratelimit-limit'], '500')
  assert.match(headers!['x-ratelimit-remaining']!, /^4\d\d$/)
})

describe('an order', () => {
  test('without an id is given one, and its terms are the exchange’s', async () => {
    const { status, body } = await post({ ...buy, type: 'stop_limit', stop_price: 500, limit_price: 501 })
    assert.equal(status, 200)
    assert.partialDeepStrictEqual(body, { type: 'stop_limit', stop_price: '500', limit_price: '501', qty: '2' })
    assert.match(bodyOf({ status, body }).client_order_id as string, /^[0-9a-f]{32}$/)
    const trail = await post({ ...buy, type: 'trailing_stop', limit_price: null, trail_percent: '1.5' })
    assert.partialDeepStrictEqual(trail.body, { type: 'trailing_stop', trail_percent: '1.5', status: 'new' })
  })

  test('that this market has not is refused with what it has', async () => {
    const cases: [object, number, RegExp][] = [
      [{ notional: '100' }, 42_210_000, /^notional orders are not offered/],
      [{ extended_hours: true }, 42_210_000, /^extended hours are not offered/],
      [{ legs: [] }, 42_210_000, /^legs is not offered/],
      [{ qty: '1.5' }, 42_210_000, /^fractional quantities/],
      [{ symbol: 'NOPE' }, 42_210_000, /^asset "NOPE" not found$/],
      [{ qty: undefined }, 40_010_001, /^qty is required$/],
      [{ qty: '0' }, 40_010_001, /^qty must be > 0$/],
      [{ qty: 'two' }, 40_010_001, /^qty must be a number$/],
      [{ symbol: 7 }, 40_010_001, /^symbol must be text$/],
      [{ side: 'hold' }, 40_010_001, /^side must be buy or sell$/],
      [{ type: 'pegged' }, 40_010_001, /^type must be one of market, limit/],
      [{ limit_price: undefined }, 40_010_001, /^limit orders require limit_price$/],
      [{ type: 'market' }, 40_010_001, /^market orders take no limit_price$/],
      [{ time_in_force: 'GTD' }, 40_010_001, /^time_in_force must be one of gtc, day, ioc/],
      [{ type: 'trailing_stop', limit_price: undefined }, 40_010_001, /either trail_price or trail_percent$/],
      [{ client_order_id: 'a b' }, 40_010_001, /^client_order_id has 1 to 64/],
    ]
    for (const [change, code, message] of cases) {
      const { status, body } = await post({ ...buy, ...change })
      assert.equal(status, 422)
      assert.equal(bodyOf({ status, body }).code, code, JSON.stringify(change))
      assert.match(bodyOf({ status, body }).message as string, message)
    }
    const answer = await app.ask('POST /v2/orders', { headers: keys, bodyText: '[]' })
    assert.deepEqual([answer.status, bodyOf(answer).code], [400, 40_010_001])
  })

  test('that has ended is not canceled, and its id stays taken', async () => {
    const id = bodyOf(await post({ ...buy, client_order_id: 'once' })).id as string
    const remove = () => app.ask(`DELETE /v2/orders/${id}`, { headers: keys })
    assert.equal((await remove()).status, 204)
    assert.deepEqual((await remove()).body, { code: 42_210_000, message: 'order is already in "canceled" state' })
    assert.partialDeepStrictEqual((await post({ ...buy, client_order_id: 'once' })).body, { id, status: 'canceled' })
  })
})

describe('bars', () => {
  test('come in pages that join to the whole, in both directions', async () => {
    await app.pass(200_000)
    const start = '2026-01-05T15:00:00Z'
    const whole = bodyOf(await get(`/v2/stocks/bars?symbols=${SYMBOL}&timeframe=1Min&start=${start}`))
    const bars = (whole.bars as Record<string, { t: string }[]>)[SYMBOL]!
    assert.ok(bars.length >= 3 && whole.next_page_token === null)
    for (const sort of ['asc', 'desc']) {
      const read: unknown[] = []
      for (let token = ''; ; ) {
        const path = `/v2/stocks/${SYMBOL}/bars?timeframe=1Min&limit=1&sort=${sort}&start=${start}&page_token=${token}`
        const page = bodyOf(await get(path))
        read.push(...(page.bars as unknown[]))
        if (page.next_page_token === null) break
        token = page.next_page_token as string
      }
      assert.deepEqual(sort === 'asc' ? read : read.reverse(), bars)
    }
  })

  test('of other lengths are joined of minutes; of unknown ones are refused', async () => {
    const path = `/v2/stocks/${SYMBOL}/bars?start=2026-01-05&timeframe=`
    const volume = async (frame: string) => {
      const { bars } = bodyOf(await get(`${path}${frame}`)) as { bars: { v: number }[] }
      return bars.reduce((sum, { v }) => sum + v, 0)
    }
    assert.equal(await volume('3Min'), await volume('1Min'))
    assert.equal(await volume('1Day'), await volume('1Min'))
    for (const frame of ['', '1Week', '60Min', '0Min', '1Constructor']) {
      assert.equal((await get(`${path}${frame}`)).status, 400, frame)
    }
  })
})

describe('the data stream', () => {
  test('greets, logs on, subscribes and sends what was asked for', async () => {
    const { socket, messages } = app.connect('/stream/v2/iex')
    const send = async (message: object) => {
      socket.receive(JSON.stringify(message))
      await app.pass(20)
      return messages().at(-1)
    }
    assert.deepEqual(messages(), [[{ T: 'success', msg: 'connected' }]])
    const subscribe = { action: 'subscribe', trades: [SYMBOL], bars: ['*'], dailyBars: [] }
    assert.deepEqual(await send(subscribe), [{ T: 'error', code: 401, msg: 'not authenticated' }])
    const wrong = { action: 'auth', key: app.accountId, secret: 'x' }
    assert.deepEqual(await send(wrong), [{ T: 'error', code: 402, msg: 'auth failed' }])
    const auth = { action: 'auth', key: app.accountId, secret: app.token }
    assert.deepEqual(await send(auth), [{ T: 'success', msg: 'authenticated' }])
    assert.deepEqual(await send(auth), [{ T: 'error', code: 403, msg: 'already authenticated' }])
    assert.deepEqual(await send({ ...subscribe, trades: ['NOPE'] }), [{ T: 'error', code: 400, msg: 'invalid syntax' }])
    const unoffered = { action: 'subscribe', lulds: [SYMBOL] }
    assert.deepEqual(await send(unoffered), [{ T: 'error', code: 410, msg: 'invalid subscribe action for this feed' }])
    socket.receive(JSON.stringify(subscribe))
    await app.pass(70_000)
    const lists = messages().flat() as { T: string; S?: string; trades?: string[]; bars?: string[] }[]
    assert.partialDeepStrictEqual(
      lists.find(({ T }) => T === 'subscription'),
      { trades: [SYMBOL], quotes: [], bars: ['*'] },
    )
    const kinds = new Set(lists.map(({ T, S = '' }) => `${T} ${S}`.trim()))
    assert.deepEqual([...kinds].sort(), ['b NIMBR', `b ${SYMBOL}`, 'error', 'subscription', 'success', `t ${SYMBOL}`])
    socket.release()
  })

  test('in MessagePack, with keys in the handshake', async () => {
    const headers = { ...keys, 'content-type': 'application/msgpack' }
    const { socket, sent } = app.connect('/stream/v2/sip', { headers })
    await app.settled()
    const read = () => sent.flatMap(data => [...decodeMulti(data as Uint8Array)].flat()) as { T: string; t?: Date }[]
    socket.receive(JSON.stringify({ action: 'subscribe', quotes: [SYMBOL] }))
    await app.pass(2_000)
    const quote = read().find(({ T }) => T === 'q')
    assert.ok(quote?.t instanceof Date)
    assert.deepEqual(
      read()
        .slice(0, 2)
        .map(({ T }) => T),
      ['success', 'success'],
    )
    socket.release()
  })

  test('ends with its token, without a logon, and for a peer that does not read', async () => {
    const { token, id } = await app.accounts.addToken((await app.accounts.find(app.token))!, { name: 'short' })
    const headers = { authorization: `Bearer ${token}` }
    const revoked = app.connect('/stream', { headers })
    const slow = app.connect('/stream/v2/iex', { headers: keys })
    const silent = app.connect('/stream/v2/iex')
    await app.settled()
    slow.socket.receive(JSON.stringify({ action: 'subscribe', quotes: ['*'] }))
    await app.settled()
    slow.hasRoom = false
    await app.accounts.revokeToken((await app.accounts.find(app.token))!, id)
    await app.pass(5_000)
    assert.deepEqual([revoked.causes, silent.causes], [['tokenEnded'], ['logonOverdue']])
    assert.deepEqual(silent.messages().at(-1), [{ T: 'error', code: 404, msg: 'auth timeout' }])
    await app.pass(31_000)
    assert.deepEqual(slow.causes, ['lagging'])
    assert.deepEqual(slow.messages().at(-1), [{ T: 'error', code: 407, msg: 'slow client' }])
    assert.equal(app.feed.readers, 0)
  })

  test('has as many connections as an account may have sessions, and a rate', async () => {
    const open = Array.from({ length: 11 }, () => app.connect('/stream/v2/iex', { headers: keys }))
    await app.settled()
    const last = open.map(({ messages }) => (messages().at(-1) as object[])[0])
    assert.deepEqual(last[9], { T: 'success', msg: 'authenticated' })
    assert.deepEqual(last[10], { T: 'error', code: 406, msg: 'connection limit exceeded' })
    for (const { socket } of open) socket.release()
    const flood = app.connect('/stream/v2/iex')
    for (let sent = 0; sent < 200; sent++) flood.socket.receive('{}')
    assert.equal(flood.causes[0], 'tooManyMessages')
  })
})

test('a symbol that there is not costs no connection', async () => {
  const { socket, messages, causes } = app.connect('/stream/v2/iex', { headers: keys })
  for (let asked = 0; asked < 8; asked++) socket.receive(JSON.stringify({ action: 'subscribe', trades: ['NOPE'] }))
  await app.settled()
  assert.deepEqual([messages().length, causes], [10, []])
  for (let asked = 0; asked < 8; asked++) socket.receive('[]')
  await app.settled()
  assert.deepEqual(causes, ['malformedMessages'])
})

test('positions are closed one command each', async () => {
  for (const symbol of [SYMBOL, 'NIMBR']) await post({ ...buy, symbol, type: 'market', limit_price: null })
  const remaining = async () => Number((await post({ ...buy, qty: 'none' })).headers!['x-ratelimit-remaining'])
  const before = await remaining()
  const { status, body } = await app.ask('DELETE /v2/positions', { headers: keys })
  assert.equal(status, 207)
  const closed = body as { symbol: string; status: number; body: { status: string } }[]
  assert.deepEqual(
    closed.map(one => [one.symbol, one.status, one.body.status]),
    [
      [SYMBOL, 200, 'filled'],
      ['NIMBR', 200, 'filled'],
    ],
  )
  assert.equal(await remaining(), before - 3)
  assert.deepEqual((await get('/v2/positions')).body, [])
})

describe('the updates', () => {
  test('are sent in binary frames, with the position after each fill, to who listens', async () => {
    const { socket, sent, messages } = app.connect('/stream')
    const send = async (message: object) => {
      socket.receive(JSON.stringify(message))
      await app.settled()
      await app.pass(20)
    }
    await send({ action: 'listen', data: { streams: ['trade_updates'] } })
    await send({ action: 'authenticate', data: { key_id: app.accountId, secret_key: app.token } })
    await send({ action: 'listen', data: { streams: ['trade_updates', 'account_updates'] } })
    assert.ok(sent.every(data => typeof data !== 'string'))
    assert.deepEqual(messages(), [
      { stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate' } },
      { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } },
      { stream: 'listening', data: { streams: ['trade_updates'] } },
    ])
    await post({ ...buy, type: 'market', limit_price: null, qty: 3, client_order_id: 'bought' })
    await app.pass(20)
    const updates = messages().slice(3) as {
      data: { event: string; position_qty?: string; order: { status: string } }
    }[]
    assert.deepEqual(
      updates.map(({ data }) => data.event),
      ['new', 'fill'],
    )
    assert.partialDeepStrictEqual(updates[1]!.data, { position_qty: '3', qty: '3', order: { status: 'filled' } })

    await send({ action: 'listen', data: { streams: [] } })
    await post({ ...buy, client_order_id: 'unheard' })
    await app.pass(20)
    assert.deepEqual(messages().at(-1), { stream: 'listening', data: { streams: [] } })
    socket.release()
    assert.equal(app.streams.accounts, 0)
  })
})

test('what there is not has Alpaca’s form too', async () => {
  assert.partialDeepStrictEqual(await get('/v2/options/contracts'), { status: 404, body: { code: 40_410_000 } })
  assert.equal(
    app.adapter.openSocket({
      ...{ method: 'GET', queryText: '', headers: {} },
      path: '/v1/x',
      bodyText: '',
    }),
    undefined,
  )
})
