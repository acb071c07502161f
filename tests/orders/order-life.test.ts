// The life of an order, over the socket and over REST, as the contract defines it: which messages its owner gets, in
// which order, and how often. A simulated market trades meanwhile, as it would for a user.

import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { type Channel, type ChannelMessage, logOn, openAccount, openChannel } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { asStreamed, assertWhole, privateEvents } from '../support/private-stream.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const SYMBOL = 'VELTR'
/** Far below anything that the market trades at: an order rests here for as long as it likes, alone. */
const DEEP = 10

interface TraderOptions {
  readonly token?: string
  readonly cash?: number
  /** Further fields of the logon. */
  readonly [field: string]: unknown
}

describe('an order', () => {
  let server: RunningServer
  before(async () => {
    // More orders at once than an account may send otherwise.
    server = await startServer({ flags: ['--pace', '4x', '--symbols', '2', '--command-burst', '500'] })
    await untilTrading(server.url, SYMBOL)
  })
  after(() => server.dispose())

  /** A connection that is logged on to a new account, or to the one whose token is given. */
  async function trader(test: TestContext, { token, cash, ...more }: TraderOptions = {}) {
    const known = token ?? (await openAccount(server.url, cash)).token
    const { channel, logon } = await logOn(server.url, known, more)
    test.after(() => channel.socket.terminate())
    return { channel, logon, token: known }
  }

  const limit = (clientOrderId: string, more: object = {}) => ({
    type: 'order.place',
    clientOrderId,
    symbol: SYMBOL,
    side: 'buy',
    orderType: 'limit',
    size: 10,
    price: DEEP,
    ...more,
  })
  const market = (clientOrderId: string, side: 'buy' | 'sell', size: number) => ({
    type: 'order.place',
    clientOrderId,
    symbol: SYMBOL,
    side,
    orderType: 'market',
    size,
  })
  /** The order as a body of POST /v1/orders. */
  const asBody = ({ type: _, ...order }: { type: string }) => order
  const ended = (clientOrderId: string) => (message: ChannelMessage) =>
    message.clientOrderId === clientOrderId && ['filled', 'canceled', 'rejected'].includes(message.orderStatus)
  /** Position and balance of a command come last; the answer to a later command comes after them. */
  const settle = async (channel: Channel) => {
    const { seq } = await channel.ask(limit(`settle-${channel.messages.length}`, { price: undefined }))
    return channel.messages.filter(message => message.seq < seq)
  }

  it('starts with welcome, logon.ok and the account whole', async test => {
    const { channel, logon } = await trader(test, { cash: 25_000 })
    const snapshot = await channel.until(({ type }) => type === 'account.snapshot')
    assert.deepEqual(
      channel.messages.map(({ type }) => type),
      ['welcome', 'logon.ok', 'account.snapshot'],
    )
    const [welcome] = channel.messages
    assert.match(welcome.epoch, /^[0-9a-z]{4,12}$/)
    assert.ok(welcome.head > 0)
    assert.equal(logon.resumed, false)
    assert.equal(logon.lastSeq, snapshot.seq)
    assert.equal(logon.accountId, snapshot.accountId)
    assert.match(logon.sessionId, /^[0-9A-Za-z_-]{1,64}$/)
    assert.deepEqual(
      [snapshot.orders, snapshot.positions, snapshot.balance],
      [[], [], { cash: 25_000, buyingPower: 25_000 }],
    )
  })

  it('rests in a queue, keeps its place when it gets smaller, loses it when it gets larger, and is canceled', async test => {
    const { channel } = await trader(test)
    const first = await channel.ask(limit('a', { price: DEEP }))
    assert.deepEqual([first.type, first.execType, first.orderStatus, first.leavesSize], ['execution', 'new', 'new', 10])
    assert.equal(first.aheadSize, 0)
    assert.equal((await channel.ask(limit('b', { size: 20 }))).aheadSize, 10)

    const replace = (origClientOrderId: string, clientOrderId: string, more: object) =>
      channel.ask({ type: 'order.replace', origClientOrderId, clientOrderId, ...more })
    const smaller = await replace('a', 'a2', { size: 5 })
    assert.deepEqual(
      [smaller.execType, smaller.orderId, smaller.origClientOrderId, smaller.leavesSize, smaller.aheadSize],
      ['replaced', first.orderId, 'a', 5, 0],
    )
    assert.equal((await replace('a2', 'a3', { size: 40 })).aheadSize, 20, 'behind the other one now')
    assert.equal((await replace('a3', 'a4', { price: DEEP + 1 })).price, DEEP + 1)

    const canceled = await channel.ask({ type: 'order.cancel', origClientOrderId: 'a4' })
    assert.deepEqual(
      [canceled.execType, canceled.orderStatus, canceled.orderId, canceled.leavesSize],
      ['canceled', 'canceled', first.orderId, 0],
    )
    const events = privateEvents(await settle(channel))
    const powers = events.filter(({ type }) => type === 'balance').map(({ buyingPower }) => 1_000_000 - buyingPower)
    assert.deepEqual(powers, [100, 300, 250, 600, 640, 200], 'what open buys reserve')
    assertWhole(events, events[0].seq)
  })

  it('at the market is filled by many makers; position and cash follow to the cent, there and back', async test => {
    // Three levels of a deep book may cost millions.
    const cash = 100_000_000
    const { channel, logon } = await trader(test, { cash })
    const fillsOf = async (id: string, side: 'buy' | 'sell', size: number) => {
      const answer = await channel.ask(market(id, side, size))
      assert.equal(answer.execType, 'new', answer.reason?.text)
      const last = await channel.until(ended(id))
      const executions = channel.messages.filter(({ clientOrderId }) => clientOrderId === id)
      const fills = executions.filter(({ execType }) => execType !== 'new')
      assert.equal(last.orderStatus, 'filled')
      assert.deepEqual(
        executions.map(({ execType }) => execType),
        ['new', ...fills.slice(1).map(() => 'partialFill'), 'fill'],
      )
      let cumSize = 0
      let paid = 0
      for (const fill of fills) {
        cumSize += fill.lastSize
        paid += units(fill.lastPrice) * fill.lastSize
        assert.deepEqual([fill.cumSize, fill.leavesSize, fill.liquidity], [cumSize, size - cumSize, 'taker'])
        assert.ok(Math.abs(fill.avgPrice * 10_000 - paid / cumSize) < 0.01, 'the average of what was paid')
      }
      assert.equal(cumSize, size)
      return { fills, paid }
    }

    const { body: book } = await call(server.url, `GET /v1/instruments/${SYMBOL}/book?depth=3`)
    const size = book.asks.reduce((sum: number, [, levelSize]: number[]) => sum + levelSize!, 0)
    const bought = await fillsOf('in', 'buy', size)
    assert.ok(bought.fills.length > 1, 'a size of three levels takes more than one maker')
    const prices = bought.fills.map(({ lastPrice }) => lastPrice)
    assert.deepEqual(
      prices,
      prices.toSorted((a, b) => a - b),
      'best price first',
    )
    const sold = await fillsOf('out', 'sell', size)
    await settle(channel)

    const events = privateEvents(channel.messages)
    assertWhole(events, logon.lastSeq + 1)
    const [long, flat] = events.filter(({ type }) => type === 'position')
    const [poorer, after] = events.filter(({ type }) => type === 'balance')
    assert.deepEqual([long.symbol, long.size], [SYMBOL, size])
    assert.ok(Math.abs(long.avgCost * 10_000 - bought.paid / size) < 0.01)
    assert.equal(units(poorer.cash), units(cash) - bought.paid)
    assert.equal(flat.size, 0)
    assert.equal(units(after.cash), units(cash) - bought.paid + sold.paid)
    assert.equal(units(flat.realised), sold.paid - bought.paid, 'what was made is what the cash changed by')
    assert.equal(after.buyingPower, after.cash)
    assert.ok(events.indexOf(long) < events.indexOf(poorer))
  })

  it('is answered exactly once a request, whatever the answer', async test => {
    const { channel } = await trader(test)
    const commands = [
      limit('one'),
      limit('one'),
      limit('bad', { price: DEEP + 0.001 }),
      limit('bad', { price: DEEP + 0.001 }),
      market('now', 'buy', 50),
      { type: 'order.replace', origClientOrderId: 'one', clientOrderId: 'two', size: 4 },
      { type: 'order.replace', origClientOrderId: 'one', clientOrderId: 'two', size: 4 },
      { type: 'order.replace', origClientOrderId: 'none', clientOrderId: 'three', size: 4 },
      { type: 'order.cancel', origClientOrderId: 'two' },
      { type: 'order.cancel', origClientOrderId: 'two' },
      { type: 'order.cancelAll' },
      { type: 'resend', from: 1 },
      { type: 'subscribe', subscription: 's', symbols: [SYMBOL] },
      { type: 'unsubscribe', subscription: 's' },
      { type: 'unsubscribe', subscription: 's' },
      { type: 'ping' },
      { type: 'order.place' },
    ]
    const answers = await Promise.all(commands.map(command => channel.ask(command)))
    assert.deepEqual(
      answers.map(({ type, execType, duplicate, code }) => [type, execType ?? code, duplicate].filter(Boolean)),
      [
        ['execution', 'new'],
        ['execution', 'new', true],
        ['execution', 'rejected'],
        ['execution', 'rejected', true],
        ['execution', 'new'],
        ['execution', 'replaced'],
        ['execution', 'replaced', true],
        ['cancel.reject', 'unknown-order'],
        ['execution', 'canceled'],
        ['cancel.reject', 'already-done'],
        ['ack'],
        ['ack'],
        ['ack'],
        ['ack'],
        ['error', 'unknown-subscription'],
        ['pong'],
        ['error', 'bad-request'],
      ],
    )
    await settle(channel)
    for (const { requestId } of answers) {
      assert.equal(channel.messages.filter(message => message.requestId === requestId).length, 1, requestId)
    }
  })

  it('sent again gives its first answer again, to the asker alone, over any transport', async test => {
    const { channel, token } = await trader(test)
    const other = (await trader(test, { token })).channel
    const orders = [limit('same'), limit('refused', { symbol: 'NOPE' }), market('filled', 'buy', 10)]
    for (const order of orders) {
      const first = await channel.ask(order)
      const again = await channel.ask({ ...order, size: 77 })
      assert.equal(again.duplicate, true)
      assert.deepEqual(asStreamed(again), asStreamed(first))
      const byRest = await call(server.url, 'POST /v1/orders', { token, body: asBody(order) })
      if (first.execType === 'rejected') {
        assert.deepEqual([byRest.status, byRest.body.code], [422, 'unknown-symbol'])
      } else {
        assert.equal(byRest.status, 200)
        assert.deepEqual(byRest.body, { ...asStreamed(first), duplicate: true })
      }
    }
    await settle(channel)
    const { seq } = privateEvents(channel.messages).at(-1)
    await other.until(message => message.seq === seq)
    assert.deepEqual(other.messages.filter(({ duplicate }) => duplicate).length, 0)
    const { body } = await call(server.url, 'GET /v1/orders', { token })
    const ids = body.orders.map(({ clientOrderId }: { clientOrderId: string }) => clientOrderId)
    for (const { clientOrderId } of orders) {
      assert.ok(ids.filter((id: string) => id === clientOrderId).length <= 1, 'never a second order')
    }
  })

  it('sent by REST first is a duplicate on the socket too', async test => {
    const { channel, token } = await trader(test)
    const { status, body } = await call(server.url, 'POST /v1/orders', { token, body: asBody(limit('rest')) })
    assert.equal(status, 201)
    const again = await channel.ask(limit('rest'))
    assert.equal(again.duplicate, true)
    assert.deepEqual(asStreamed(again), body)
  })

  for (const [code, change] of [
    ['off-tick', { price: DEEP + 0.001 }],
    ['unknown-symbol', { symbol: 'NOPE' }],
    ['insufficient-cash', { size: 1_000_000 }],
    ['insufficient-position', { side: 'sell', price: 1_000 }],
    ['stop-price-required', { orderType: 'stop', price: undefined }],
    ['stop-price-not-allowed', { stopPrice: 200 }],
    ['unsupported-order-type', { orderType: 'stop', stopPrice: 200, price: undefined, timeInForce: 'CLS' }],
    ['not-trading', { timeInForce: 'OPG' }],
    ['bad-display-size', { displaySize: 20 }],
    ['notional-too-large', { size: 6_000_000 }],
    ['price-out-of-band', { price: 1_000_000 }],
    ['price-required', { price: undefined }],
    ['price-not-allowed', { orderType: 'market' }],
    ['bad-size', { size: 2 ** 40 }],
    ['cannot-fill', { timeInForce: 'FOK' }],
    ['post-only-would-trade', { price: 600, postOnly: true }],
  ] as const) {
    it(`is refused with ${code}: ${JSON.stringify(change)}`, async test => {
      const { channel, token } = await trader(test)
      const { type, execType, orderStatus, reason, seq } = await channel.ask(limit('x', change))
      assert.deepEqual([type, execType, orderStatus, reason?.code], ['execution', 'rejected', 'rejected', code])
      assert.ok(reason.text.length > 20, `what happened and what to do: ${reason.text}`)
      assert.ok(seq > 0, 'a reject is in the private stream')
      const byRest = await call(server.url, 'POST /v1/orders', { token, body: asBody(limit('y', change)) })
      assert.equal(byRest.status, 422)
      assert.match(byRest.headers['content-type'] ?? '', /^application\/problem\+json/)
      assert.deepEqual([byRest.body.status, byRest.body.code], [422, code])
      // The best price may have moved between the two.
      const withoutBest = (limit?: { name: string }) => (limit?.name === 'bestPrice' ? limit.name : limit)
      assert.deepEqual(withoutBest(byRest.body.limit), withoutBest(reason.limit), 'the limit that was violated')
      assert.ok(byRest.body.title.length > 0 && byRest.body.detail.length > 20 && byRest.body.docs.endsWith(`#${code}`))
      const account = await call(server.url, 'GET /v1/account', { token })
      assert.equal(account.body.balance.buyingPower, 1_000_000, 'nothing is reserved')
    })
  }

  it('with a stop waits, is listed, replaced and canceled; one that the market has passed triggers at once', async test => {
    const { channel, token } = await trader(test)
    const stop = { orderType: 'stop', price: undefined }
    const waits = await channel.ask(limit('waits', { ...stop, stopPrice: 600 }))
    assert.deepEqual([waits.execType, waits.stopPrice, waits.aheadSize], ['new', 600, null])
    const change = { type: 'order.replace', origClientOrderId: 'waits', clientOrderId: 'waits2', stopPrice: 601 }
    assert.equal((await channel.ask(change)).stopPrice, 601)
    const { body } = await call(server.url, 'GET /v1/orders', { token })
    assert.deepEqual([body.orders[0].stopPrice, body.orders[0].orderStatus], [601, 'new'])
    const canceled = await channel.ask({ type: 'order.cancel', origClientOrderId: 'waits2' })
    assert.equal(canceled.execType, 'canceled')
    const { body: now } = await call(server.url, `GET /v1/instruments/${SYMBOL}/trades?limit=1`)
    await channel.ask(limit('passed', { ...stop, stopPrice: Math.floor(now.trades[0].price) - 1 }))
    await channel.until(message => message.clientOrderId === 'passed' && message.execType === 'triggered')
    assert.equal((await channel.until(ended('passed'))).execType, 'fill')
  })

  it('that shows a part of itself says so; its owner gets its place in the queue', async test => {
    const { channel } = await trader(test)
    const front = await trader(test)
    const price = DEEP + 1
    await front.channel.ask(limit('front', { price }))
    const iceberg = await channel.ask(limit('iceberg', { price, displaySize: 4 }))
    assert.deepEqual([iceberg.displaySize, iceberg.aheadSize], [4, 10])
    await front.channel.ask({ type: 'order.cancel', origClientOrderId: 'front' })
    const place = await channel.until(message => message.type === 'queue')
    assert.deepEqual([place.clientOrderId, place.aheadSize], ['iceberg', 0])
  })

  it('of IOC is canceled with what it could not get, and cancel and replace say why they are refused', async test => {
    const { channel } = await trader(test)
    const answer = await channel.ask(limit('ioc', { timeInForce: 'IOC' }))
    assert.deepEqual([answer.execType, answer.aheadSize], ['new', null], 'it never rests')
    const last = await channel.until(ended('ioc'))
    assert.deepEqual([last.execType, last.cumSize, last.leavesSize], ['canceled', 0, 0])
    await channel.ask(limit('rests'))
    for (const [command, code] of [
      [{ type: 'order.cancel', origClientOrderId: 'ioc' }, 'already-done'],
      [{ type: 'order.cancel', origClientOrderId: 'never' }, 'unknown-order'],
      [{ type: 'order.replace', origClientOrderId: 'rests', clientOrderId: 'n1' }, 'no-change'],
      [{ type: 'order.replace', origClientOrderId: 'rests', clientOrderId: 'n2', price: 10.001 }, 'off-tick'],
      [
        { type: 'order.replace', origClientOrderId: 'rests', clientOrderId: 'ioc', size: 3 },
        'duplicate-client-order-id',
      ],
      [{ type: 'order.replace', origClientOrderId: 'rests', clientOrderId: 'n3', size: 900_000 }, 'insufficient-cash'],
    ] as const) {
      const refused = await channel.ask(command)
      assert.deepEqual([refused.type, refused.code], ['cancel.reject', code])
      assert.ok(refused.text.length > 20, refused.text)
    }
  })

  it('is canceled with all others, or with those of one symbol or side', async test => {
    const { channel } = await trader(test)
    await channel.ask(limit('v1'))
    await channel.ask(limit('v2'))
    await channel.ask(limit('n1', { symbol: 'NIMBR' }))
    assert.equal((await channel.ask({ type: 'order.cancelAll', side: 'sell' })).count, 0)
    assert.equal((await channel.ask({ type: 'order.cancelAll', symbol: 'NIMBR' })).count, 1)
    await channel.until(ended('n1'))
    assert.equal((await channel.ask({ type: 'order.cancelAll' })).count, 2)
    await channel.until(ended('v2'))
  })

  it('shows in the public feed as the same bytes over SSE and over the socket', async test => {
    const { channel } = await trader(test)
    const sse = await rawStream(test, `${server.url}/v1/stream?symbols=${SYMBOL}&events=trade&snapshot=false`)
    const frames: string[] = []
    channel.socket.on('message', data => frames.push(data.toString()))
    const greeted = channel.until(({ event }) => event === 'hello')
    const subscribed = await channel.ask({
      type: 'subscribe',
      subscription: 'tape',
      symbols: [SYMBOL],
      events: ['trade'],
      snapshot: false,
    })
    assert.deepEqual([subscribed.type, subscribed.subscription], ['ack', 'tape'])
    assert.equal((await greeted).subscription, 'tape')
    await channel.ask(market('mine', 'buy', 30))
    const { tradeId } = await channel.until(ended('mine'))
    const { id } = await channel.until(({ event, data }) => event === 'trade' && data.tradeId === tradeId)
    const frame = frames.find(text => text.includes(`"id":"${id}"`))!
    const data = new RegExp(`id: ${id}\nevent: trade\ndata: (.*)\n\n|event: trade\nid: ${id}\ndata: (.*)\n\n`)
    const overSse = data.exec(await sse(text => data.test(text)))!
    assert.equal(
      frame,
      `{"type":"event","subscription":"tape","id":"${id}","event":"trade","data":${overSse[1] ?? overSse[2]}}`,
    )
    assert.doesNotMatch(frame, /mine|account/i, 'nobody is named')
  })

  it('is sent to every session of its account, and to no other', async test => {
    const { channel: one, token } = await trader(test)
    const { channel: two } = await trader(test, { token })
    const { channel: stranger } = await trader(test)
    const answer = await one.ask(market('shared', 'buy', 20))
    const last = await one.until(ended('shared'))
    await settle(one)
    await two.until(({ seq }) => seq === privateEvents(one.messages).at(-1).seq)
    assert.deepEqual(privateEvents(two.messages), privateEvents(one.messages).map(asStreamed))
    assert.ok(last.seq > answer.seq)
    await stranger.ask({ type: 'ping' })
    assert.deepEqual(privateEvents(stranger.messages), [])
  })

  it('survives that its session is taken over: the older connection is closed with 4409', async test => {
    const { channel: older, token } = await trader(test, { sessionId: 'desk-1' })
    await older.ask(limit('held'))
    const { channel: newer, logon } = await trader(test, { token, sessionId: 'desk-1' })
    assert.equal((await older.closed).code, 4409)
    assert.equal(logon.sessionId, 'desk-1')
    const snapshot = await newer.until(({ type }) => type === 'account.snapshot')
    assert.equal(snapshot.orders[0].clientOrderId, 'held')
    assert.equal((await newer.ask({ type: 'order.cancel', origClientOrderId: 'held' })).execType, 'canceled')
  })

  it('is followed exactly through cuts: each number of the private stream once, with orders coming in meanwhile', async test => {
    const { channel, token, logon } = await trader(test, { sessionId: 'bot' })
    const { channel: other } = await trader(test, { token })
    test.after(() => current.socket.terminate())
    let current = channel
    const seen: ChannelMessage[] = []
    for (let cut = 0; cut < 6; cut++) {
      // Sent and not waited for: the cut comes in the middle of the answers.
      for (let n = 0; n < 8; n++) current.send(market(`c${cut}-${n}`, 'buy', 5))
      await current.until(({ clientOrderId }) => clientOrderId === `c${cut}-2`)
      current.socket.terminate()
      await current.closed
      seen.push(...privateEvents(current.messages))
      const nextSeq = seen.at(-1).seq + 1
      current = await openChannel(server.url)
      const logon = current.ask({ type: 'logon', token, sessionId: 'bot', nextSeq })
      // New events come in while the old ones are being looked up.
      for (let n = 0; n < 15; n++) {
        other.send(market(`away-${cut}-${n}`, 'buy', 1))
        await new Promise(setImmediate)
      }
      assert.equal((await logon).resumed, true)
    }
    // The orders of the other connection may still be on their way when this one has its answer.
    await settle(other)
    await settle(current)
    seen.push(...privateEvents(current.messages))
    assertWhole(seen, logon.lastSeq + 1)
    assert.equal(
      current.messages.some(({ type }) => type === 'account.snapshot'),
      false,
      'no snapshot where the stream continues',
    )
    assert.ok(seen.some(({ clientOrderId }) => clientOrderId === 'away-5-14'))
  })

  it('is shown in a snapshot when the number asked for does not exist yet', async test => {
    const { channel, logon } = await trader(test, { nextSeq: 50 })
    assert.equal(logon.resumed, false)
    await channel.until(({ type }) => type === 'account.snapshot')
  })

  it('is sent again by resend: the stretch that was asked for, then ack', async test => {
    const { channel, logon } = await trader(test)
    await channel.ask(market('filled', 'buy', 20))
    await channel.until(ended('filled'))
    await settle(channel)
    const first = privateEvents(channel.messages)
    const from = logon.lastSeq + 2
    const before = channel.messages.length
    await channel.ask({ type: 'resend', from, to: from + 1 })
    const again = channel.messages.slice(before)
    assert.deepEqual(
      again.map(({ type }) => type === 'ack'),
      [false, false, true],
    )
    assert.deepEqual(again.slice(0, 2), first.slice(1, 3).map(asStreamed))
    const beforeAll = channel.messages.length
    await channel.ask({ type: 'resend', from: logon.lastSeq + 1 })
    assert.deepEqual(channel.messages.slice(beforeAll, -1), first.map(asStreamed), 'without `to`: up to now')
  })

  it('goes with its connection when that was asked for', async test => {
    const { channel: watcher, token } = await trader(test)
    const elsewhere = await call(server.url, 'POST /v1/orders', { token, body: asBody(limit('by-rest')) })
    const { channel: modest } = await trader(test, { token, cancelOnDisconnect: 'connection' })
    await modest.ask(limit('its-own'))
    modest.socket.terminate()
    await watcher.until(ended('its-own'))
    const order = await call(server.url, `GET /v1/orders/${elsewhere.body.orderId}`, { token })
    assert.equal(order.body.orderStatus, 'new', 'an order of another connection stays')

    const { channel: thorough } = await trader(test, { token, cancelOnDisconnect: 'account' })
    await thorough.ask({ type: 'ping' })
    thorough.socket.terminate()
    await watcher.until(ended('by-rest'))
  })

  it('stays after a logout, which closes with 1000, and after a cut when nothing was asked for', async test => {
    const { channel: watcher, token } = await trader(test)
    const { channel: polite } = await trader(test, { token, cancelOnDisconnect: 'account' })
    await polite.ask(limit('polite'))
    assert.equal((await polite.ask({ type: 'logout' })).type, 'ack')
    assert.equal((await polite.closed).code, 1000)
    const { channel: plain } = await trader(test, { token })
    await plain.ask(limit('plain'))
    plain.socket.terminate()
    await plain.closed
    await settle(watcher)
    const { body } = await call(server.url, 'GET /v1/account', { token })
    assert.deepEqual(body.orders.map(({ clientOrderId }: { clientOrderId: string }) => clientOrderId).sort(), [
      'plain',
      'polite',
    ])
  })

  it('has up to ten sessions to be sent from; one more is refused and may try again', async test => {
    const { token } = await trader(test)
    const others = await Promise.all(Array.from({ length: 9 }, () => trader(test, { token })))
    const { channel, logon } = await trader(test, { token })
    assert.deepEqual([logon.type, logon.code], ['logon.reject', 'too-many-sessions'])
    assert.ok(logon.retryMs > 0)
    assert.equal((await channel.closed).code, 4429, 'whose rule is to retry after')
    const gone = others[0]!.channel
    gone.send({ type: 'logout' })
    await gone.closed
    assert.equal((await trader(test, { token })).logon.type, 'logon.ok')
  })

  it('gets heartbeats at the interval that it asked for', async test => {
    const { channel, logon } = await trader(test, { heartbeatMs: 1_000 })
    const { head, lastSeq, serverTime } = await channel.until(({ type }) => type === 'heartbeat')
    assert.ok(head > 0 && Number.isInteger(serverTime))
    assert.equal(lastSeq, logon.lastSeq)
  })

  it('lives the same life over REST', async test => {
    const { token } = await trader(test)
    const ask = (route: string, body?: object) => call(server.url, route, { token, ...(body && { body }) })
    const placed = await ask('POST /v1/orders', asBody(limit('r1')))
    assert.deepEqual([placed.status, placed.body.execType], [201, 'new'])
    const { orderId } = placed.body
    assert.equal((await ask(`GET /v1/orders/${orderId}`)).body.leavesSize, 10)
    const changed = await ask(`PATCH /v1/orders/${orderId}`, { clientOrderId: 'r2', size: 4 })
    assert.deepEqual([changed.status, changed.body.execType, changed.body.leavesSize], [200, 'replaced', 4])
    const same = await ask(`PATCH /v1/orders/${orderId}`, { clientOrderId: 'r3', size: 4 })
    assert.deepEqual([same.status, same.body.code], [422, 'no-change'])
    const canceled = await ask(`DELETE /v1/orders/${orderId}`)
    assert.deepEqual([canceled.status, canceled.body.orderStatus], [200, 'canceled'])
    const again = await ask(`DELETE /v1/orders/${orderId}`)
    assert.deepEqual([again.status, again.body.code], [422, 'already-done'])
    for (const id of ['999999999', '0', 'x', '1e3']) {
      for (const method of ['GET', 'DELETE', 'PATCH']) {
        const unknown = await ask(
          `${method} /v1/orders/${id}`,
          method === 'PATCH' ? { clientOrderId: 'u', size: 1 } : undefined,
        )
        const { status, body } = unknown
        assert.deepEqual([status, body.status, body.code], [404, 404, 'unknown-order'], `${method} ${id}`)
      }
    }

    const filled = await ask('POST /v1/orders', asBody(market('r4', 'buy', 25)))
    assert.equal(filled.status, 201)
    const { fills, after: position } = (await ask('GET /v1/fills')).body
    assert.equal(
      fills.reduce((sum: number, { lastSize }: { lastSize: number }) => sum + lastSize, 0),
      25,
    )
    assert.deepEqual((await ask(`GET /v1/fills?after=${position}`)).body.fills, [], 'everything after the last')
    const { positions } = (await ask('GET /v1/positions')).body
    assert.deepEqual([positions[0].symbol, positions[0].size], [SYMBOL, 25])
    const account = (await ask('GET /v1/account')).body
    const paid = fills.reduce((sum: number, fill: ChannelMessage) => sum + units(fill.lastPrice) * fill.lastSize, 0)
    assert.equal(units(account.balance.cash), units(1_000_000) - paid)
    assert.ok(account.seq >= position)

    await ask('POST /v1/orders', asBody(limit('r5')))
    await ask('POST /v1/orders', asBody(limit('r6', { symbol: 'NIMBR' })))
    assert.deepEqual((await ask('DELETE /v1/orders?symbol=NIMBR')).body.count, 1)
    assert.deepEqual((await ask('DELETE /v1/orders')).body.count, 1)
    const { orders } = (await ask('GET /v1/orders')).body
    assert.deepEqual(
      orders.map(({ clientOrderId, orderStatus }: ChannelMessage) => `${clientOrderId} ${orderStatus}`).sort(),
      ['r2 canceled', 'r4 filled', 'r5 canceled', 'r6 canceled'],
    )
    const pages: ChannelMessage[] = []
    for (let after = ''; after !== 'null'; ) {
      const page = (await ask(`GET /v1/orders?limit=3${after}`)).body
      assert.ok(page.orders.length <= 3)
      pages.push(...page.orders)
      after = page.after === null ? 'null' : `&after=${page.after}`
    }
    assert.deepEqual(pages, orders, 'page by page the same, newest first')
    assert.equal((await ask('GET /v1/orders?limit=1001')).status, 400)
    assert.equal((await ask('GET /v1/orders?after=x')).status, 400)
    for (const order of orders) assert.deepEqual((await ask(`GET /v1/orders/${order.orderId}`)).body, order)
  })

  it('needs somebody to own it: without a token 401, with one of nobody 401', async () => {
    for (const route of [
      'GET /v1/account',
      'GET /v1/orders',
      'GET /v1/orders/1',
      'GET /v1/positions',
      'GET /v1/fills?after=0',
      'POST /v1/orders',
      'PATCH /v1/orders/1',
      'DELETE /v1/orders/1',
      'DELETE /v1/orders',
    ]) {
      const body = route.startsWith('PATCH') ? { clientOrderId: 'p', size: 1 } : asBody(limit('p'))
      const carried = /^(POST|PATCH)/.test(route) ? { body } : {}
      const nobody = await call(server.url, route, { ...carried })
      assert.deepEqual([nobody.status, nobody.body.code], [401, 'not-logged-on'], route)
      const wrong = await call(server.url, route, { ...carried, token: 'pt_of-nobody' })
      assert.deepEqual([wrong.status, wrong.body.code], [401, 'bad-token'], route)
    }
  })

  it('of one account is nothing that another can see, change or cancel', async test => {
    const { token } = await trader(test)
    const { body } = await call(server.url, 'POST /v1/orders', { token, body: asBody(limit('private')) })
    const { token: stranger, channel } = await trader(test)
    const seen = await call(server.url, `GET /v1/orders/${body.orderId}`, { token: stranger })
    assert.equal(seen.status, 404)
    const canceled = await call(server.url, `DELETE /v1/orders/${body.orderId}`, { token: stranger })
    assert.deepEqual([canceled.status, canceled.body.code], [404, 'unknown-order'])
    assert.equal((await channel.ask({ type: 'order.cancel', origClientOrderId: 'private' })).code, 'unknown-order')
    const own = await call(server.url, `GET /v1/orders/${body.orderId}`, { token })
    assert.equal(own.body.orderStatus, 'new')
  })

  it('may be sent by a page of ours with the cookie that it was given, and no script can read that', async test => {
    const plain = await call(server.url, 'POST /v1/accounts', { body: {} })
    assert.equal(plain.status, 201)
    assert.equal(plain.headers['set-cookie'], undefined, 'a program gets no cookie')
    const { headers, body } = await call(server.url, 'POST /v1/accounts', {
      body: { cash: 500 },
      headers: { origin: server.url, 'sec-fetch-site': 'same-origin' },
    })
    const [cookie] = headers['set-cookie'] ?? []
    assert.match(cookie ?? '', /; HttpOnly/)
    assert.match(cookie ?? '', /; SameSite=Strict/)
    const sent = { cookie: cookie!.split(';')[0]!, origin: server.url }
    const account = await call(server.url, 'GET /v1/account', { headers: sent })
    assert.equal(account.body.accountId, body.accountId)
    const channel = await openChannel(server.url, sent)
    test.after(() => channel.socket.terminate())
    const logon = await channel.ask({ type: 'logon' })
    assert.deepEqual([logon.type, logon.accountId], ['logon.ok', body.accountId])
  })

  it('is the same event in the answer of REST and in the private stream', async test => {
    const { token, channel, logon } = await trader(test)
    const { body } = await call(server.url, 'POST /v1/orders', { token, body: asBody(limit('both')) })
    const streamed = await channel.until(({ clientOrderId }) => clientOrderId === 'both')
    assert.deepEqual(streamed, body)
    assert.equal(streamed.seq, logon.lastSeq + 1)
  })
})

/** Ten-thousandths, in which prices and cash are whole. */
function units(amount: number): number {
  return Math.round(amount * 10_000)
}

/** The bytes of a stream as text; what comes back waits until they satisfy. */
async function rawStream(test: TestContext, url: string) {
  const abort = new AbortController()
  test.after(() => abort.abort())
  const { body } = await fetch(url, { signal: abort.signal })
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = (await reader.read()).value ?? ''
  return async (satisfies: (text: string) => boolean) => {
    while (!satisfies(text)) text += (await reader.read()).value ?? assert.fail('the stream ended')
    return text
  }
}
