// Cancel on disconnect, with and without a grace, and the dead man's switch; across a restart of the exchange too.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GuardSession, PrivateEvent } from '@papertape/protocol'
import { kinds, TestExchange } from '../testing/test-exchange.ts'

function exchangeWith(cancels: GuardSession['cancels']): TestExchange {
  const market = new TestExchange()
  market.open('bob')
  market.place({ clientOrderId: 'before' })
  market.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels })
  market.place({ clientOrderId: 'own', sessionId: 's' })
  market.place({ clientOrderId: 'other', sessionId: 't', symbol: 'BOLT' })
  market.place({ clientOrderId: 'bob', accountId: 'bob' })
  market.privateEvents()
  return market
}
const open = (market: TestExchange, accountId = 'ann') =>
  market.exchange
    .account(accountId)!
    .orders.map(({ clientOrderId }) => clientOrderId)
    .reverse()
const lost = { type: 'session.lose', accountId: 'ann', sessionId: 's' } as const

describe('the loss of a session', () => {
  const LEFT = { none: ['before', 'own', 'other'], connection: ['before', 'other'], account: [] } as const
  for (const [cancels, left] of Object.entries(LEFT)) {
    for (const restarts of [false, true]) {
      test(`that guards ${cancels} leaves ${left.join() || 'nothing'}${restarts ? ', after a restart' : ''}`, () => {
        const market = exchangeWith(cancels as GuardSession['cancels'])
        if (restarts) market.restart()
        assert.equal(market.exchange.guardedSessions.length, cancels === 'none' ? 0 : 1)
        const count = 3 - left.length
        assert.deepEqual(restarts ? market.do({ type: 'session.loseAll' }) : market.do(lost), {
          type: 'canceled',
          count,
        })
        assert.deepEqual(kinds(market.privateEvents()).filter(kind => kind === 'canceled').length, count)
        assert.deepEqual(open(market), left)
        assert.deepEqual(open(market, 'bob'), ['bob'])
        assert.equal(market.exchange.guardedSessions.length, 0)
        assert.deepEqual(market.do(lost), { type: 'canceled', count: 0 }, 'once')
      })
    }
  }

  test('cancels an order that the session has replaced, and keeps one that it placed before it logged out', () => {
    const market = exchangeWith('connection')
    market.do({
      type: 'order.replace',
      accountId: 'ann',
      origClientOrderId: 'before',
      clientOrderId: 'after',
      size: 3,
      sessionId: 's',
    })
    market.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'none' })
    market.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'connection' })
    market.place({ clientOrderId: 'new', sessionId: 's' })
    market.do(lost)
    assert.deepEqual(open(market), ['after', 'own', 'other'])
    market.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'connection' })
    market.do({
      type: 'order.replace',
      accountId: 'ann',
      origClientOrderId: 'own',
      clientOrderId: 'own2',
      size: 2,
      sessionId: 's',
    })
    market.do(lost)
    assert.deepEqual(open(market), ['after', 'other'])
  })
})

const reasons = (events: readonly PrivateEvent[]) =>
  events.flatMap(event => (event.type === 'execution' && event.execType === 'canceled' ? [event.reason?.code] : []))
const guard = (more: Partial<GuardSession> = {}) =>
  ({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'connection', ...more }) as const

/** What order.cancelDue answers at this time by the wall clock. */
function cancelDueAt(market: TestExchange, us: number) {
  market.ts = us - 1_000
  return market.do({ type: 'order.cancelDue' })
}

describe('the grace of a session that is lost', () => {
  for (const restarts of [false, true]) {
    const suffix = restarts ? ', after a restart of the exchange' : ''

    test(`keeps its orders until it is over, then cancels them with the reason${suffix}`, () => {
      const market = exchangeWith('none')
      market.do(guard({ graceMs: 5_000 }))
      market.place({ clientOrderId: 'guarded', sessionId: 's' })
      assert.deepEqual(market.do({ ...lost, cause: 'disconnect' }), { type: 'canceled', count: 0 })
      const dueUs = market.ts + 5_000_000
      assert.equal(market.exchange.cancelDueUs, dueUs)
      if (restarts) {
        market.restart()
        // Lost before: the restart gives no more time.
        market.pass(1_000)
        market.do({ type: 'session.loseAll', cause: 'restart' })
        assert.equal(market.exchange.cancelDueUs, dueUs)
      }
      market.privateEvents()
      assert.deepEqual(cancelDueAt(market, dueUs - 1), { type: 'canceled', count: 0 })
      assert.deepEqual(open(market), ['before', 'own', 'other', 'guarded'])
      assert.deepEqual(cancelDueAt(market, dueUs), { type: 'canceled', count: 2 })
      assert.deepEqual(open(market), ['before', 'other'])
      assert.deepEqual(reasons(market.privateEvents()), ['session-lost', 'session-lost'])
      assert.deepEqual([market.exchange.cancelDueUs, market.exchange.guardedSessions], [Infinity, []])
    })

    test(`ends when the session returns, and begins again with its next loss${suffix}`, () => {
      const market = exchangeWith('none')
      market.do(guard({ graceMs: 5_000 }))
      market.place({ clientOrderId: 'guarded', sessionId: 's' })
      market.do(lost)
      if (restarts) market.restart()
      market.pass(4_000)
      market.do(guard({ graceMs: 5_000 }))
      assert.equal(market.exchange.cancelDueUs, Infinity)
      market.pass(60_000)
      assert.deepEqual(market.do({ type: 'order.cancelDue' }), { type: 'canceled', count: 0 })
      market.do(lost)
      market.pass(5_000)
      assert.deepEqual(market.do({ type: 'order.cancelDue' }), { type: 'canceled', count: 2 })
    })
  }

  test('of none: the orders are canceled at once, with a reason unless the journal is older', () => {
    for (const cause of ['disconnect', undefined] as const) {
      const market = exchangeWith('account')
      market.do({ ...lost, ...(cause && { cause }) })
      assert.deepEqual(reasons(market.privateEvents()), Array(3).fill(cause && 'session-lost'))
    }
  })
})

describe('cancelAllAfter', () => {
  const after = (timeoutMs: number) => ({ type: 'order.cancelAllAfter', accountId: 'ann', timeoutMs }) as const

  for (const restarts of [false, true]) {
    test(`cancels all orders of the account when its time has passed${restarts ? ', after a restart' : ''}`, () => {
      const market = exchangeWith('none')
      const answer = market.do(after(2_000))
      const dueUs = market.ts + 2_000_000
      assert.deepEqual(answer, { type: 'cancelAllAfter', dueTime: Math.ceil(dueUs / 1_000) })
      if (restarts) market.restart()
      assert.equal(market.exchange.cancelDueUs, dueUs)
      assert.deepEqual(cancelDueAt(market, dueUs - 1), { type: 'canceled', count: 0 })
      market.privateEvents()
      assert.deepEqual(cancelDueAt(market, dueUs), { type: 'canceled', count: 3 })
      assert.deepEqual(reasons(market.privateEvents()), Array(3).fill('cancel-all-after'))
      assert.deepEqual([open(market), open(market, 'bob')], [[], ['bob']])
      assert.equal(market.exchange.cancelDueUs, Infinity, 'once')
    })
  }

  test('starts anew when it is sent again, and 0 switches it off', () => {
    const market = exchangeWith('none')
    market.do(after(2_000))
    market.pass(1_500)
    market.do(after(2_000))
    market.pass(1_500)
    assert.deepEqual(market.do({ type: 'order.cancelDue' }), { type: 'canceled', count: 0 })
    assert.deepEqual(market.do(after(0)), { type: 'cancelAllAfter', dueTime: null })
    market.pass(60_000)
    assert.deepEqual(market.do({ type: 'order.cancelDue' }), { type: 'canceled', count: 0 })
    assert.equal(open(market).length, 3)
  })

  test('and a session of the same account that is due too cancel each order once', () => {
    const market = exchangeWith('none')
    market.do(guard({ graceMs: 1_000, cancels: 'account' }))
    market.do(lost)
    market.do(after(1_000))
    market.pass(1_000)
    assert.deepEqual(market.do({ type: 'order.cancelDue' }), { type: 'canceled', count: 3 })
  })
})
