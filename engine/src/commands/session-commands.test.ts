// Cancel on disconnect, across a restart of the exchange too.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GuardSession } from '@papertape/protocol'
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
        assert.equal(market.exchange.guardsSessions, cancels !== 'none')
        const count = 3 - left.length
        assert.deepEqual(restarts ? market.do({ type: 'session.loseAll' }) : market.do(lost), {
          type: 'canceled',
          count,
        })
        assert.deepEqual(kinds(market.privateEvents()).filter(kind => kind === 'canceled').length, count)
        assert.deepEqual(open(market), left)
        assert.deepEqual(open(market, 'bob'), ['bob'])
        assert.equal(market.exchange.guardsSessions, false)
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
