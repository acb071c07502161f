// The market as a test uses it, through fetch and WebSocket that MSW intercepts: prices, time, orders and scripts.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  askMarket,
  type MockedChannel,
  type MockedMarket,
  type MockedMessage,
  openMockedChannel,
  openMockedMarket,
  until,
} from './testing/mocked-market.ts'

let orders = 0
const order = (more: object = {}) => ({
  clientOrderId: `o${++orders}`,
  symbol: 'VELTR',
  side: 'buy',
  orderType: 'limit',
  size: 10,
  ...more,
})

describe('time', () => {
  let mocked: MockedMarket
  before(async () => {
    mocked = await openMockedMarket()
  })
  after(() => mocked.close())

  test('stands still until it is advanced, and requests are answered all the same', async () => {
    const { market } = mocked
    const before = await askMarket('GET /v1/quotes')
    assert.equal(before.status, 200)
    assert.deepEqual((await askMarket('GET /v1/quotes')).body, before.body)
    const { nowMs, head } = market
    await market.advance('5s')
    assert.equal(market.nowMs, nowMs + 5_000)
    assert.ok(market.head > head)
  })

  test('is not advanced by text that is no duration', async () => {
    await assert.rejects(mocked.market.advance('soon'), /a duration is text such as 250ms, 5s or 1h30m/)
    await assert.rejects(mocked.market.advance(-1), /not -1/)
  })
})

test('the same seed gives the same prices, tokens and state; another seed gives others', async () => {
  const play = async (seed: number) => {
    const { market, close } = await openMockedMarket({ seed })
    const { body: account } = await askMarket('POST /v1/accounts')
    await askMarket('POST /v1/orders', {
      token: account.token,
      body: order({ clientOrderId: 'a', orderType: 'market' }),
    })
    await market.advance('10s')
    const { body: quotes } = await askMarket('GET /v1/quotes')
    const state = await market.state()
    await close()
    return JSON.stringify([account, quotes, state])
  }
  const [one, again, other] = [await play(7), await play(7), await play(8)]
  assert.equal(one, again)
  assert.notEqual(one, other)
})

describe('an order', () => {
  let mocked: MockedMarket
  let token: string
  before(async () => {
    mocked = await openMockedMarket()
    token = (await askMarket('POST /v1/accounts')).body.token
  })
  after(() => mocked.close())

  /** After a script has taken away a part of the book its makers come back. */
  const price = async (side: 'bid' | 'ask') => {
    await mocked.market.advance('2s')
    const { body } = await askMarket('GET /v1/quotes?symbols=VELTR')
    return body.quotes[0][side] as number
  }
  const place = async (channel: MockedChannel, more: object): Promise<MockedMessage[]> => {
    const placed = order(more)
    const from = channel.messages.length
    channel.send({ type: 'order.place', requestId: placed.clientOrderId, ...placed })
    await until(
      () => channel.messages.slice(from).some(({ requestId }) => requestId === placed.clientOrderId),
      'answer',
    )
    // What follows in the same flush.
    await mocked.market.advance(20)
    return channel.messages.slice(from).filter(({ clientOrderId }) => clientOrderId === placed.clientOrderId)
  }

  test('trades on the real book', async () => {
    const channel = await openMockedChannel(token)
    const executions = await place(channel, { orderType: 'market' })
    assert.deepEqual(executions.map(({ execType }) => execType).slice(0, 1), ['new'])
    assert.equal(executions.at(-1).cumSize, 10)
    channel.socket.close()
  })

  for (const orderType of ['limit', 'market'] as const) {
    test(`of type ${orderType} is filled in part as its script says`, async () => {
      const channel = await openMockedChannel(token)
      mocked.market.next({ symbol: 'VELTR' }).partialFill(3)
      const limit = orderType === 'limit' ? { price: await price('ask') } : {}
      const executions = await place(channel, { orderType, ...limit })
      assert.deepEqual(
        executions.map(({ execType, lastSize }) => [execType, lastSize ?? 0]),
        [['new', 0], ['partialFill', 3], ...(orderType === 'market' ? [['canceled', 0]] : [])],
      )
      assert.equal(executions[1].leavesSize, 7)
      channel.socket.close()
    })
  }

  test('is filled, rests or is refused as its script says; the next one has none', async () => {
    const channel = await openMockedChannel(token)
    const { market } = mocked
    market.next().fill()
    const filled = await place(channel, { price: (await price('bid')) - 0.05 })
    assert.deepEqual(
      filled.map(({ execType }) => execType),
      ['new', 'fill'],
    )
    market.next().rest()
    const resting = await place(channel, { price: await price('ask') })
    assert.deepEqual(
      resting.map(({ execType }) => execType),
      ['new'],
    )
    market.next({ side: 'sell' }).reject('not-trading')
    market.next({ side: 'buy' }).reject('insufficient-cash')
    const [refused, ...more] = await place(channel, { price: 10 })
    assert.deepEqual([refused.execType, refused.reason.code, more], ['rejected', 'insufficient-cash', []])
    assert.match(refused.reason.text, /A script of the test refuses this order/)
    const [placed] = await place(channel, { price: 10 })
    assert.equal(placed.execType, 'new')
    channel.socket.close()
  })

  test('is refused over REST with the same code', async () => {
    mocked.market.next().reject('too-many-orders')
    const { status, body } = await askMarket('POST /v1/orders', { token, body: order({ price: 10 }) })
    assert.deepEqual([status, body.code], [422, 'too-many-orders'])
  })

  test('whose answer is lost is in the market, and its sender finds it by sending it again', async () => {
    const channel = await openMockedChannel(token)
    const placed = order({ price: 10 })
    mocked.market.next({ clientOrderId: placed.clientOrderId }).loseAck()
    channel.send({ type: 'order.place', requestId: 1, ...placed })
    await until(() => channel.closed, 'end')
    assert.equal(channel.closed?.code, 1006)
    assert.ok(!channel.messages.some(({ requestId }) => requestId === 1))
    const { status, body } = await askMarket('POST /v1/orders', { token, body: placed })
    assert.deepEqual([status, body.duplicate, body.execType], [200, true, 'new'])
  })

  test('whose connection is cut is not in the market', async () => {
    for (const [end, code] of [
      ['cut', 1006],
      ['close', 1011],
    ] as const) {
      const channel = await openMockedChannel(token)
      const placed = order({ price: 10 })
      if (end === 'cut') mocked.market.next().cut()
      else mocked.market.next().close(code)
      channel.send({ type: 'order.place', requestId: 1, ...placed })
      await until(() => channel.closed, 'end')
      assert.equal(channel.closed?.code, code)
      assert.equal((await askMarket('POST /v1/orders', { token, body: placed })).status, 201)
    }
    mocked.market.next().cut()
    const placed = order({ price: 10 })
    await assert.rejects(askMarket('POST /v1/orders', { token, body: placed }), TypeError)
    assert.equal((await askMarket('POST /v1/orders', { token, body: placed })).status, 201)
  })

  test('that is delayed is answered when the time has passed', async () => {
    const channel = await openMockedChannel(token)
    mocked.market.next().delay('2s')
    const from = channel.messages.length
    channel.send({ type: 'order.place', requestId: 'slow', ...order({ price: 10 }) })
    const isAnswered = () => channel.messages.slice(from).some(({ requestId }) => requestId === 'slow')
    await mocked.market.advance('1900ms')
    assert.equal(isAnswered(), false)
    await mocked.market.advance('200ms')
    await until(isAnswered, 'answer')
    channel.socket.close()
  })
})

describe('the feed', () => {
  let mocked: MockedMarket
  before(async () => {
    mocked = await openMockedMarket()
  })
  after(() => mocked.close())

  const poll = async (last?: string) => {
    const position = last === undefined ? '' : `&last=${last}`
    const { body } = await askMarket(`GET /v1/poll?mode=raw&wait=0&events=trade,quote,status,news${position}`)
    return body as { last: string; events: { event: string; data: MockedMessage }[] }
  }

  test('has the trades, halts and news that a test makes', async () => {
    const { market } = mocked
    const { last } = await poll()
    await market.trade({ symbol: 'VELTR', price: 190.01, size: 300 })
    await market.news('Veltrum recalls its pumps', { symbols: ['VELTR'], severity: 'alert' })
    await market.halt('VELTR', 'news pending')
    await market.resume('VELTR')
    const { events } = await poll(last)
    assert.deepEqual(
      events
        .filter(({ event }) => event !== 'quote')
        .map(({ event, data }) => [event, data.price ?? data.phase ?? data.headline]),
      [
        ['trade', 190.01],
        ['news', 'Veltrum recalls its pumps'],
        ['status', 'halted'],
        ['status', 'continuous'],
      ],
    )
  })

  test('goes on exactly after a cut', async () => {
    const { market } = mocked
    const { last } = await poll()
    const seen: string[] = []
    const read = async (position: string) => {
      const response = await fetch(
        `http://papertape.test/v1/stream?mode=raw&events=trade,quote&snapshot=false&last=${position}`,
      )
      assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
      try {
        for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
          seen.push(...[...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id!))
        }
      } catch {
        return 'lost'
      }
      return 'ended'
    }
    for (let cuts = 0; cuts < 3; cuts++) {
      const end = read(seen.at(-1) ?? last)
      await market.advance('2s')
      market.cut()
      assert.equal(await end, 'lost')
    }
    const { events } = await poll(last)
    const expected = events.filter(({ event }) => event === 'trade' || event === 'quote').map(({ data }) => data.seq)
    assert.ok(expected.length > 20)
    assert.deepEqual(
      seen.map(id => Number(id.split('-')[1])),
      expected,
    )
  })
})

test('what the server alone offers is answered with 501, and what nobody offers with 404', async () => {
  const { close } = await openMockedMarket()
  for (const route of [
    'POST /v1/simulations',
    'GET /v1/simulations/1',
    'POST /v1/lab/handshake',
    'GET /v1/lab/origins',
  ]) {
    const { status, body } = await askMarket(route)
    assert.deepEqual([status, body.code], [501, 'not-implemented'], route)
    assert.match(body.detail, /offered by the server only/)
  }
  assert.equal((await askMarket('GET /v1/nothing')).status, 404)
  const wrong = await askMarket('DELETE /v1/quotes')
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET, HEAD, OPTIONS'])
  const misspelt = await askMarket('GET /v1/quotes?symbol=VELTR')
  assert.match(misspelt.body.detail, /did you mean symbols\?/)
  await close()
})

test('a socket without the subprotocol fails before it is open', async () => {
  const { close } = await openMockedMarket()
  const socket = new WebSocket('ws://papertape.test/v1/socket')
  const seen: string[] = []
  for (const type of ['open', 'error', 'close'] as const) {
    socket.addEventListener(type, event => seen.push(type === 'close' ? `close ${(event as CloseEvent).code}` : type))
  }
  await until(() => seen.some(one => one.startsWith('close')), 'close')
  assert.deepEqual(seen, ['error', 'close 1006'])
  await close()
})

test('a socket is sent the reason of its close before it', async () => {
  const { close } = await openMockedMarket()
  const channel = await openMockedChannel()
  channel.send({ type: 'logon', requestId: 1, token: 'pt_none' })
  assert.equal((await until(() => channel.closed, 'close')).code, 4401)
  assert.deepEqual([channel.messages.at(-1).type, channel.messages.at(-1).code], ['logon.reject', 'bad-token'])
  await close()
})
