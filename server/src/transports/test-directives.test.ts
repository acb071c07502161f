// Scripted outcomes over the socket and REST: who may have them, what each does, and that all of it is marked. Time
// stands still until the test moves it.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Message, openRawSocket, type RawSocket, WAYS, type Way } from '../testing/raw-socket.ts'
import { ask, type TestAnswer } from '../testing/test-app.ts'
import { exchange, openTestServer, type TestServer } from '../testing/test-server.ts'

/** Of requests that are answered at once. */
const TRIES_MAX = 200
const RESTING = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 10, price: 10 }

describe('a testDirective', () => {
  let server: TestServer
  let orders = 0
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  const openAccount = async (body: object = { testing: true }) =>
    (await ask(server, 'POST /v1/accounts', { body })).body
  const of = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const place = (token: string, order: object): Promise<TestAnswer> =>
    ask(server, 'POST /v1/orders', { ...of(token), body: { ...RESTING, clientOrderId: `o${++orders}`, ...order } })
  async function logOn(token: string, more: object = {}, way: Way = 'HTTP/1.1'): Promise<RawSocket> {
    const socket = await openRawSocket(way, server)
    socket.sendMessage({ type: 'logon', token, ...more })
    await socket.until(({ type }) => type === 'logon.ok')
    return socket
  }
  /** The orders of an account, once it has as many. */
  async function listed(token: string, count: number): Promise<Message[]> {
    for (let tries = 0; ; tries++) {
      const { orders } = (await ask(server, 'GET /v1/orders', of(token))).body
      if (orders.length === count) return orders
      assert.ok(tries < TRIES_MAX, `${count} orders, not ${orders.length}`)
    }
  }
  /** @returns the requestId, which is the clientOrderId. */
  function placeOn(socket: RawSocket, order: object): string {
    const clientOrderId = `o${++orders}`
    socket.sendMessage({ type: 'order.place', requestId: clientOrderId, ...RESTING, clientOrderId, ...order })
    return clientOrderId
  }
  const answerTo = (socket: RawSocket, id: string) => socket.until(({ requestId }) => requestId === id)

  describe('is refused before anything happens', () => {
    const directive = { rejectCode: 'insufficient-cash' }

    test('in an account that is not for tests, with how to make one', async () => {
      const { token, ...opened } = await openAccount({})
      assert.equal(opened.testing, undefined)
      const socket = await logOn(token)
      const { type, code, text } = await answerTo(socket, placeOn(socket, { testDirective: directive }))
      assert.deepEqual([type, code], ['error', 'not-testing'])
      assert.match(text, /POST \/v1\/accounts {"testing": true}/)
      const { status, body } = await place(token, { testDirective: directive })
      assert.deepEqual([status, body.code, body.detail], [403, 'not-testing', text])
      assert.deepEqual((await ask(server, 'GET /v1/orders', of(token))).body.orders, [])
      socket.stream.destroy()
    })

    for (const [what, testDirective, detail] of [
      ['has no outcome', {}, /testDirective must not have fewer than 1 properties/],
      ['has an unknown one', { loseAck: true, reject: 'x' }, /unknown field reject/],
      ['delays an answer that it loses', { loseAck: true, ackDelayMs: 5 }, /an answer that is lost has no ackDelayMs/],
      ['rejects and fills', { rejectCode: 'bad-size', fill: {} }, /a rejected order has no fills/],
      ['fills more than the order', { fill: { size: 11 } }, /fill has size 11, more than the order: 10/],
      ['fills in no pieces', { fill: { pieces: 0 } }, /testDirective.fill.pieces must be >= 1/],
      ['has an unknown code', { rejectCode: 'no-mood' }, /testDirective.rejectCode must be equal to one of/],
    ] as const) {
      test(`when it ${what}`, async () => {
        const { token } = await openAccount()
        const socket = await logOn(token)
        const refused = await answerTo(socket, placeOn(socket, { testDirective }))
        assert.deepEqual([refused.type, refused.code], ['error', 'bad-request'])
        assert.match(refused.text, detail)
        const { status, body } = await place(token, { testDirective })
        assert.deepEqual([status, body.code], [400, 'bad-request'])
        assert.match(body.detail, detail)
        assert.deepEqual((await ask(server, 'GET /v1/orders', of(token))).body.orders, [])
        socket.stream.destroy()
      })
    }
  })

  test('is offered by an account that says so', async () => {
    const { token, testing } = await openAccount()
    assert.equal(testing, true)
    assert.equal((await ask(server, 'GET /v1/account', of(token))).body.testing, true)
    const socket = await logOn(token)
    assert.equal((await socket.until(({ type }) => type === 'account.snapshot')).testing, true)
    socket.stream.destroy()
  })

  test('rejectCode: the order is rejected with the code, marked, and again when it is sent again', async () => {
    const { token } = await openAccount()
    const socket = await logOn(token)
    const testDirective = { rejectCode: 'price-out-of-band' }
    const order = { ...RESTING, clientOrderId: 'refused', testDirective }
    socket.sendMessage({ type: 'order.place', requestId: 'first', ...order })
    const first = await answerTo(socket, 'first')
    assert.deepEqual([first.execType, first.orderStatus, first.testDirective], ['rejected', 'rejected', testDirective])
    assert.deepEqual([first.reason.code, first.reason.scripted], ['price-out-of-band', true])
    const { status, body } = await place(token, order)
    assert.deepEqual([status, body.code, body.scripted], [422, 'price-out-of-band', true])
    socket.stream.destroy()
  })

  describe('ackDelayMs', () => {
    const testDirective = { ackDelayMs: 500 }

    test('holds the private stream of the connection that asked, and what is behind in order', async () => {
      const { token } = await openAccount()
      const [socket, other] = [await logOn(token), await logOn(token)]
      const [delayed, next] = [placeOn(socket, { testDirective }), placeOn(socket, {})]
      const elsewhere = await other.until(({ clientOrderId }) => clientOrderId === next)
      await server.pass(480)
      assert.deepEqual(
        socket.messages.filter(({ seq }) => seq === elsewhere.seq),
        [],
      )
      await server.pass(20)
      const [first, second] = [await answerTo(socket, delayed), await answerTo(socket, next)]
      assert.deepEqual([first.execType, first.testDirective], ['new', testDirective])
      assert.ok(first.seq < second.seq)
      const seqs = socket.messages.flatMap(({ type, seq }) => (type !== 'account.snapshot' && seq ? [seq] : []))
      assert.deepEqual(
        seqs,
        seqs.map((_, at) => seqs[0] + at),
      )
      for (const { stream } of [socket, other]) stream.destroy()
    })

    test('is waited for by a logout', async () => {
      const { token } = await openAccount()
      const socket = await logOn(token)
      const delayed = placeOn(socket, { testDirective })
      await listed(token, 1)
      socket.sendMessage({ type: 'logout', requestId: 'out' })
      await server.pass(500)
      assert.equal((await answerTo(socket, delayed)).execType, 'new')
      await answerTo(socket, 'out')
      assert.equal(await socket.closed, 1000)
    })

    test('delays the answer over REST', async () => {
      const { token } = await openAccount()
      let isAnswered = false
      const answer = place(token, { testDirective }).finally(() => {
        isAnswered = true
      })
      await listed(token, 1)
      await server.pass(480)
      assert.equal(isAnswered, false)
      await server.pass(20)
      const { status, body } = await answer
      assert.deepEqual([status, body.testDirective], [201, testDirective])
    })
  })

  describe('loseAck', () => {
    const testDirective = { loseAck: true }
    const again = { ...RESTING, testDirective }

    test('leaves out the answer, which the next event shows; resend and the same id give it', async () => {
      const { token } = await openAccount()
      const [socket, other] = [await logOn(token), await logOn(token)]
      const lost = placeOn(socket, { testDirective })
      const { seq } = await other.until(({ clientOrderId }) => clientOrderId === lost)
      await answerTo(socket, placeOn(socket, {}))
      assert.deepEqual(
        socket.messages.filter(message => message.clientOrderId === lost),
        [],
      )
      assert.ok(socket.messages.some(message => message.seq === seq + 1))
      socket.sendMessage({ type: 'resend', from: seq, to: seq, requestId: 'resend' })
      await answerTo(socket, 'resend')
      const missed = await socket.until(({ clientOrderId }) => clientOrderId === lost)
      assert.deepEqual([missed.seq, missed.testDirective], [seq, testDirective])
      socket.sendMessage({ type: 'order.place', requestId: 'again', ...again, clientOrderId: lost })
      const { duplicate, orderId } = await answerTo(socket, 'again')
      assert.deepEqual([duplicate, orderId], [true, missed.orderId])
      await listed(token, 2)
      for (const { stream } of [socket, other]) stream.destroy()
    })

    test('loses the connection over HTTP; the order is placed once', async () => {
      const { token } = await openAccount()
      const order = { ...again, clientOrderId: 'lost' }
      const body = JSON.stringify(order)
      const request =
        `POST /v1/orders HTTP/1.1\r\nHost: localhost:${server.port}\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
      for (const [port, secure] of [
        [server.port, false],
        [server.tlsPort, true],
      ] as const) {
        const text = request
          .replaceAll('lost', secure ? 'lostSecure' : 'lost')
          .replace(/Length: \d+/, `Length: ${body.length + (secure ? 6 : 0)}`)
        assert.equal(await exchange(port, text, { secure }), '')
      }
      await listed(token, 2)
      const { status, body: answer } = await place(token, order)
      assert.deepEqual([status, answer.duplicate], [200, true])
    })
  })

  describe('disconnect', () => {
    for (const way of WAYS) {
      test(`loses the connection after the answer, over ${way}`, async () => {
        const { token } = await openAccount()
        const socket = await logOn(token, {}, way)
        const id = placeOn(socket, { testDirective: { disconnect: {} } })
        await answerTo(socket, id)
        assert.equal(await socket.closed, 0)
        assert.equal((await ask(server, 'GET /v1/orders', of(token))).body.orders[0].clientOrderId, id)
      })
    }

    test('closes it with a code, in place of an answer that is lost', async () => {
      const { token } = await openAccount()
      const socket = await logOn(token)
      const id = placeOn(socket, { testDirective: { disconnect: { code: 1011 }, loseAck: true } })
      assert.deepEqual([await socket.closed, socket.closeReason], [1011, 'at your request'])
      assert.ok(socket.messages.every(({ requestId }) => requestId !== id))
    })

    test('is refused over REST', async () => {
      const { token } = await openAccount()
      const { status, body } = await place(token, { testDirective: { disconnect: {} } })
      assert.equal(status, 400)
      assert.match(body.detail, /disconnect ends the WebSocket that sent the order/)
    })
  })

  for (const [what, terms, detail] of [
    ['a stop order', { orderType: 'stop', stopPrice: 500, price: undefined }, /a limit or market order/],
    ['an order for an auction', { timeInForce: 'CLS' }, /that is not for an auction/],
    [
      'an order of a list',
      { orderClass: 'oco', stopLoss: { clientOrderId: 'stop', stopPrice: 20 } },
      /an order by itself, not one with orderClass oco/,
    ],
    ['an order that cannot be canceled', { timeInForce: 'IOC' }, /a limit order that may be canceled/],
  ] as const) {
    test(`fillAfterCancel is refused for ${what}`, async () => {
      const { token } = await openAccount()
      const { status, body } = await place(token, { ...terms, testDirective: { fillAfterCancel: {} } })
      assert.deepEqual([status, body.code], [400, 'bad-request'])
      assert.match(body.detail, detail)
    })
  }

  test('fill: the order is filled in pieces, beside the book, by the clock of the market', async () => {
    const { token } = await openAccount()
    const socket = await logOn(token)
    const testDirective = { fill: { pieces: 3, everyMs: 100 } }
    const id = placeOn(socket, { testDirective })
    const answer = await answerTo(socket, id)
    await server.pass(300)
    const end = await socket.until(({ execType, clientOrderId }) => execType === 'fill' && clientOrderId === id)
    const all = socket.messages.filter(({ type }) => type === 'execution')
    assert.deepEqual(
      all.map(({ execType, lastSize }) => [execType, lastSize]),
      [
        ['new', 0],
        ['partialFill', 4],
        ['partialFill', 3],
        ['fill', 3],
      ],
    )
    for (const execution of all) assert.deepEqual(execution.testDirective, testDirective)
    assert.ok(end.time - answer.ts / 1_000 >= 200, 'two pauses of 100 ms')
    assert.equal((await ask(server, 'GET /v1/positions', of(token))).body.positions[0].size, 10)
    const { entries } = (await ask(server, 'GET /v1/account/ledger', of(token))).body
    assert.deepEqual(
      entries.map(({ cause, amount }: Message) => [cause, amount]),
      [
        ['trade', -30],
        ['trade', -30],
        ['trade', -40],
        ['opening', 1_000_000],
      ],
    )
    socket.stream.destroy()
  })

  test('fillAfterCancel: the cancel is accepted, and a fill comes after it, over REST too', async () => {
    const { token } = await openAccount()
    const socket = await logOn(token)
    const testDirective = { fillAfterCancel: { afterMs: 100, size: 4 } }
    const { body: order } = await place(token, { testDirective })
    const { status, body: canceled } = await ask(server, `DELETE /v1/orders/${order.orderId}`, of(token))
    assert.deepEqual([status, canceled.execType, canceled.orderStatus], [200, 'canceled', 'canceled'])
    assert.deepEqual((await listed(token, 1))[0].orderStatus, 'canceled')
    await server.pass(200)
    const late = await socket.until(({ execType }) => execType === 'partialFill')
    assert.ok(late.seq > canceled.seq)
    assert.deepEqual([late.orderStatus, late.cumSize, late.leavesSize], ['canceled', 4, 0])
    assert.deepEqual(late.testDirective, testDirective)
    const [ended] = await listed(token, 1)
    assert.deepEqual([ended.orderId, ended.orderStatus, ended.cumSize], [order.orderId, 'canceled', 4])
    assert.equal((await ask(server, 'GET /v1/fills', of(token))).body.fills.length, 1)
    socket.stream.destroy()
  })

  test('shows in no id of another account', async () => {
    const [tester, { token: neighbour }] = [await openAccount(), await openAccount({})]
    const first = (await place(neighbour, {})).body
    const { body } = await place(tester.token, {})
    await place(tester.token, { testDirective: { rejectCode: 'bad-size' } })
    const second = (await place(neighbour, {})).body
    assert.equal(Number(second.orderId), Number(first.orderId) + 1)
    assert.ok(Number(body.orderId) > 100_000_000_000_000, body.orderId)
    assert.equal((await ask(server, `GET /v1/orders/${body.orderId}`, of(tester.token))).body.orderStatus, 'new')
  })
})
