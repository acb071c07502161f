// An order session against a real venue: what a logon returns, that each private event is sent once and in order, that
// each request has one answer, and what the end of a session cancels.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Inbound } from '@papertape/protocol'
import type { QueryName } from '@papertape/venue'
import { CHANNEL_LIMITS } from '../channel/channel-limits.ts'
import { CodedError } from '../errors/coded-error.ts'
import { commandRate } from '../limits/command-rate.ts'
import { openTestGateway, TEST_EPOCH, type TestGateway } from '../testing/test-gateway.ts'
import type { CloseCause } from './close-causes.ts'
import { OrderSession } from './order-session.ts'
import { SESSIONS_MAX, SessionRegistry } from './session-registry.ts'

type Message = Exclude<Inbound, { type: 'subscribe' | 'unsubscribe' | `room.${string}` }>
// biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of messages
type Sent = any

describe('an order session', () => {
  let app: TestGateway
  let registry: SessionRegistry
  let token: string
  let accountId: string
  before(async () => {
    app = await openTestGateway()
  })
  after(() => app.close())
  beforeEach(async () => {
    registry = new SessionRegistry()
    const account = await app.accounts.open()
    token = account.token
    accountId = account.accountId
  })

  let sessions = 0

  function connect(cookieToken?: string) {
    const sent: Sent[] = []
    const closes: CloseCause[] = []
    const connection = {
      send: (text: string) => void sent.push(JSON.parse(text)),
      room: () => Promise.resolve(),
      close: (cause: CloseCause) => void closes.push(cause),
      cut: () => {},
      closeAtRequest: () => {},
    }
    const session = new OrderSession(
      {
        venue: app.venue,
        accounts: app.accounts,
        streams: app.streams,
        registry,
        limits: CHANNEL_LIMITS,
        commands: commandRate(CHANNEL_LIMITS, () => app.clock.nowMs()),
        onError: error => assert.fail(error as Error),
        privateEpoch: () => TEST_EPOCH,
        newSessionId: () => `s${++sessions}`,
        clock: app.clock,
      },
      connection,
      cookieToken,
    )
    return { session, sent, closes, handle: (message: object) => session.handle(message as Message) }
  }

  async function logOn(more: object = {}) {
    const connection = connect()
    await connection.handle({ type: 'logon', token, ...more })
    return connection
  }

  function order(clientOrderId: string, more: object = {}) {
    const resting = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }
    return { type: 'order.place', requestId: clientOrderId, clientOrderId, ...resting, ...more }
  }

  const executions = (sent: readonly Sent[]) => sent.filter(({ type }) => type === 'execution')
  const openOrders = async () => (await app.venue.query('account', { accountId }))!.orders

  describe('a logon', () => {
    test('returns the session, then the account as it is', async () => {
      const { sent } = await logOn({ requestId: 1 })
      const [ok, snapshot, ...others] = sent
      assert.deepEqual(others, [])
      assert.deepEqual([ok.type, ok.requestId, ok.accountId, ok.resumed], ['logon.ok', 1, accountId, false])
      assert.deepEqual([ok.privateEpoch, ok.limits], [TEST_EPOCH, CHANNEL_LIMITS])
      assert.deepEqual([snapshot.type, snapshot.accountId, snapshot.seq], ['account.snapshot', accountId, ok.lastSeq])
    })

    test('takes the token of the cookie when the message has none', async () => {
      const connection = connect(token)
      await connection.handle({ type: 'logon' })
      assert.equal(connection.sent[0].accountId, accountId)
    })

    for (const [what, given, code] of [
      ['without a token', {}, 'not-logged-on'],
      ['with an unknown token', { token: 'pt_none' }, 'bad-token'],
    ] as const) {
      test(`${what} is refused with ${code}`, async () => {
        const connection = connect()
        await assert.rejects(connection.handle({ type: 'logon', ...given }), { code })
        assert.deepEqual(connection.sent, [])
      })
    }

    test('is refused when the connection is logged on, and when the account has too many sessions', async () => {
      const first = await logOn()
      await assert.rejects(first.handle({ type: 'logon', token }), { code: 'bad-request' })
      for (let open = 1; open < SESSIONS_MAX; open++) await logOn()
      await assert.rejects(
        logOn(),
        (error: CodedError) => error instanceof CodedError && error.code === 'too-many-sessions' && error.retryMs! > 0,
      )
    })

    test('to the session of another connection takes it over', async () => {
      const older = await logOn({ sessionId: 'desk' })
      const newer = await logOn({ sessionId: 'desk' })
      assert.deepEqual([older.closes, newer.closes], [['takenOver'], []])
    })

    test('is needed before anything but a ping', async () => {
      const connection = connect()
      await assert.rejects(connection.handle(order('a')), { code: 'not-logged-on' })
      await assert.rejects(connection.handle({ type: 'resend', from: 1 }), { code: 'not-logged-on' })
      await connection.handle({ type: 'ping', requestId: 3 })
      assert.deepEqual(connection.sent, [{ type: 'pong', requestId: 3, serverTime: Math.floor(app.clock.wallMs()) }])
    })
  })

  describe('the private stream', () => {
    test('sends each event once, in order, to every session; only the sender finds its requestId', async () => {
      const [sender, other] = [await logOn(), await logOn()]
      for (const id of ['a', 'b', 'c']) await sender.handle(order(id))
      await app.settled()
      await sender.handle({ type: 'order.cancelAll', requestId: 'all' })
      await app.settled()
      const seqs = (sent: readonly Sent[]) => sent.filter(({ seq }) => seq !== undefined).map(({ seq }) => seq)
      for (const { sent } of [sender, other]) {
        const [snapshot, ...live] = seqs(sent)
        assert.ok(live.length >= 6)
        assert.deepEqual(
          live,
          live.map((_, index) => snapshot + 1 + index),
        )
      }
      const answersOf = (sent: readonly Sent[]) => sent.flatMap(({ requestId }) => requestId ?? [])
      assert.deepEqual([answersOf(sender.sent), answersOf(other.sent)], [['a', 'b', 'c', 'all'], []])
    })

    test('is resumed from the seq that is asked for, and events meanwhile are neither lost nor repeated', async () => {
      const first = await logOn()
      for (const id of ['a', 'b']) await first.handle(order(id))
      await app.settled()
      const resumed = connect()
      const loggedOn = resumed.handle({ type: 'logon', token, nextSeq: 1 })
      await first.handle(order('c'))
      await loggedOn
      await first.handle(order('d'))
      await app.settled()
      const [ok, ...events] = resumed.sent
      assert.equal(ok.resumed, true)
      assert.deepEqual(
        events.map(({ seq }) => seq),
        events.map((_, index) => index + 1),
      )
      assert.deepEqual(
        executions(events).map(({ clientOrderId }) => clientOrderId),
        ['a', 'b', 'c', 'd'],
      )
    })

    for (const [query, logon] of [
      ['account', {}],
      ['privateEvents', { nextSeq: 1 }],
    ] as const) {
      test(`has an event once that comes while ${query} is read, though it is published and read`, async test => {
        const other = await logOn()
        const ask = app.venue.query.bind(app.venue)
        const mocked = test.mock.method(app.venue, 'query', async (name: QueryName, params: object) => {
          if (name === query) {
            mocked.mock.restore()
            await other.handle(order('meanwhile'))
            await app.settled()
          }
          return ask(name, params as never)
        })
        const { handle, sent } = await logOn(logon)
        await handle(order('later'))
        await app.settled()
        const snapshot = sent.find(({ type }) => type === 'account.snapshot')
        const seqs = sent.filter(({ type }) => type !== 'account.snapshot').flatMap(({ seq }) => seq ?? [])
        assert.ok(seqs.length > 0)
        assert.deepEqual(
          seqs,
          seqs.map((_, index) => (snapshot?.seq ?? 0) + 1 + index),
        )
        if (snapshot !== undefined) assert.equal(snapshot.orders[0].clientOrderId, 'meanwhile')
      })
    }

    test('is resumed over several pages of events', async () => {
      const first = await logOn()
      for (let i = 0; i < 150; i++) {
        await first.handle(order(`a${i}`))
        await first.handle({ type: 'order.cancel', origClientOrderId: `a${i}` })
      }
      await app.settled()
      const { sent } = await logOn({ nextSeq: 2 })
      const [{ resumed, lastSeq }, ...events] = sent
      assert.ok(resumed && lastSeq > 512, lastSeq)
      assert.deepEqual(
        events.map(({ seq }) => seq),
        Array.from({ length: lastSeq - 1 }, (_, i) => i + 2),
      )
    })

    test('is reset to a snapshot when a seq is asked for that has yet to come', async () => {
      const { sent } = await logOn({ nextSeq: 1_000 })
      assert.deepEqual([sent[0].resumed, sent[1].reason, sent[2].type], [false, 'ahead', 'account.snapshot'])
    })

    test('is reset to a snapshot when a seq is asked for that is no longer kept', async test => {
      const ask = app.venue.query.bind(app.venue)
      test.mock.method(app.venue, 'query', async (name: QueryName, params: object) => {
        const answer = await ask(name, params as never)
        return name === 'privateRange' ? { ...(answer as object), oldest: 2 } : answer
      })
      const { handle } = await logOn()
      await handle(order('a'))
      await app.settled()
      const [expired, kept] = [await logOn({ nextSeq: 1 }), await logOn({ nextSeq: 2 })]
      const head = expired.sent[0].lastSeq
      const reset = {
        type: 'reset',
        reason: 'expired',
        requested: `${TEST_EPOCH}-0`,
        epoch: TEST_EPOCH,
        oldest: 2,
        head,
      }
      assert.deepEqual(
        [expired.sent[0].resumed, expired.sent[1], expired.sent[2].type],
        [false, reset, 'account.snapshot'],
      )
      expired.sent.length = 0
      await expired.handle({ type: 'resend', requestId: 9, from: 1 })
      assert.deepEqual(expired.sent[0], reset)
      assert.deepEqual(
        expired.sent.slice(1).map(({ type, seq, requestId }) => [type, seq ?? requestId]),
        [
          ['account.snapshot', head],
          ['ack', 9],
        ],
      )
      await expired.handle(order('b'))
      await app.settled()
      assert.equal(executions(expired.sent)[0].seq, head + 1, 'it goes on after the snapshot')
      assert.deepEqual([kept.sent[0].resumed, kept.sent[1].seq], [true, 2])
    })

    test('is sent again as it was, up to the seq that is given, before the ack', async () => {
      const { handle, sent } = await logOn()
      for (const id of ['a', 'b', 'c']) await handle(order(id))
      await app.settled()
      sent.length = 0
      await handle({ type: 'resend', requestId: 9, from: 2, to: 3 })
      assert.deepEqual(
        sent.map(({ type, seq }) => seq ?? type),
        [2, 3, 'ack'],
      )
      assert.equal(sent.at(-1).requestId, 9)
    })
  })

  describe('a request', () => {
    test('for an order of an id that is taken has the first answer again, marked as a duplicate', async () => {
      const { handle, sent } = await logOn()
      await handle(order('a'))
      await app.settled()
      await handle({ ...order('a'), requestId: 'again' })
      await app.settled()
      const [first, again, ...others] = executions(sent)
      assert.deepEqual([first.requestId, first.duplicate], ['a', undefined])
      assert.deepEqual([again.requestId, again.duplicate, again.orderId], ['again', true, first.orderId])
      assert.deepEqual(others, [])
    })

    test('to replace or cancel an order is answered by its execution; one of no order by a reject', async () => {
      const { handle, sent } = await logOn()
      await handle(order('a'))
      await handle({ type: 'order.replace', requestId: 2, origClientOrderId: 'a', clientOrderId: 'b', size: 4 })
      await handle({ type: 'order.cancel', requestId: 3, origClientOrderId: 'b' })
      await handle({ type: 'order.cancel', requestId: 4, origClientOrderId: 'none' })
      await app.settled()
      const answers = sent.filter(({ requestId }) => requestId !== undefined)
      assert.deepEqual(
        answers.map(({ requestId, type, execType, code }) => [requestId, type, execType ?? code]),
        [
          ['a', 'execution', 'new'],
          [2, 'execution', 'replaced'],
          [3, 'execution', 'canceled'],
          [4, 'cancel.reject', 'unknown-order'],
        ],
      )
    })
  })

  describe('the end of a connection', () => {
    for (const [cancelOnDisconnect, left] of [
      ['none', ['other', 'own']],
      ['connection', ['other']],
      ['account', []],
    ] as const) {
      test(`with cancelOnDisconnect ${cancelOnDisconnect} leaves ${left.join(' and ') || 'no order'}`, async () => {
        const other = await logOn()
        await other.handle(order('other'))
        const own = await logOn({ cancelOnDisconnect })
        await own.handle(order('own'))
        await app.settled()
        own.session.disconnected()
        await app.settled()
        assert.deepEqual((await openOrders()).map(({ clientOrderId }) => clientOrderId).sort(), left)
      })
    }

    test('by a logout waits for the answers of the commands before it', async () => {
      const { handle, sent, closes } = await logOn()
      await handle({ type: 'order.cancel', requestId: 1, origClientOrderId: 'none' })
      await handle(order('just-before'))
      const isDone = handle({ type: 'logout', requestId: 2 })
      assert.deepEqual(closes, [])
      await app.settled()
      await isDone
      const answered = sent.filter(({ requestId }) => requestId !== undefined).map(({ requestId }) => requestId)
      assert.deepEqual(answered.slice(0, -1).map(String).sort(), ['1', 'just-before'])
      assert.equal(answered.at(-1), 2)
      assert.deepEqual(closes, ['logout'])
    })

    test('after a logout cancels nothing', async () => {
      const { handle, session, sent, closes } = await logOn({ cancelOnDisconnect: 'account' })
      await handle(order('a'))
      await app.settled()
      await handle({ type: 'logout', requestId: 5 })
      assert.deepEqual(sent.at(-1), { type: 'ack', requestId: 5 })
      assert.deepEqual(closes, ['logout'])
      session.disconnected()
      await app.settled()
      assert.equal((await openOrders()).length, 1)
    })

    test('ends the private stream', async () => {
      const { session, sent } = await logOn()
      session.disconnected()
      const before = sent.length
      await (await logOn()).handle(order('a'))
      await app.settled()
      assert.equal(sent.length, before)
    })
  })
})
