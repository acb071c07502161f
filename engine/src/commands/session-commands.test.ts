// Cancel on disconnect, across a restart of the exchange too.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GuardSession } from '@papertape/protocol'
import { kinds, Pit } from '../testing/test-exchange.ts'

function pitWith(cancels: GuardSession['cancels']): Pit {
  const pit = new Pit()
  pit.open('bob')
  pit.place({ clientOrderId: 'before' })
  pit.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels })
  pit.place({ clientOrderId: 'own', sessionId: 's' })
  pit.place({ clientOrderId: 'other', sessionId: 't', symbol: 'BOLT' })
  pit.place({ clientOrderId: 'bob', accountId: 'bob' })
  pit.told()
  return pit
}
const open = (pit: Pit, accountId = 'ann') =>
  pit.exchange
    .account(accountId)!
    .orders.map(({ clientOrderId }) => clientOrderId)
    .reverse()
const lost = { type: 'session.lose', accountId: 'ann', sessionId: 's' } as const

describe('the loss of a session', () => {
  const LEFT = { none: ['before', 'own', 'other'], connection: ['before', 'other'], account: [] } as const
  for (const [cancels, left] of Object.entries(LEFT)) {
    for (const restarts of [false, true]) {
      test(`that guards ${cancels} leaves ${left.join() || 'nothing'}${restarts ? ', after a restart' : ''}`, () => {
        const pit = pitWith(cancels as GuardSession['cancels'])
        if (restarts) pit.restart()
        assert.equal(pit.exchange.guardsSessions, cancels !== 'none')
        const count = 3 - left.length
        assert.deepEqual(restarts ? pit.do({ type: 'session.loseAll' }) : pit.do(lost), { type: 'canceled', count })
        assert.deepEqual(kinds(pit.told()).filter(kind => kind === 'canceled').length, count)
        assert.deepEqual(open(pit), left)
        assert.deepEqual(open(pit, 'bob'), ['bob'])
        assert.equal(pit.exchange.guardsSessions, false)
        assert.deepEqual(pit.do(lost), { type: 'canceled', count: 0 }, 'once')
      })
    }
  }

  test('takes an order along that the session has replaced, and leaves what it only placed before it logged out', () => {
    const pit = pitWith('connection')
    pit.do({
      type: 'order.replace',
      accountId: 'ann',
      origClientOrderId: 'before',
      clientOrderId: 'after',
      size: 3,
      sessionId: 's',
    })
    pit.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'none' })
    pit.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'connection' })
    pit.place({ clientOrderId: 'new', sessionId: 's' })
    pit.do(lost)
    assert.deepEqual(open(pit), ['after', 'own', 'other'])
    pit.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'connection' })
    pit.do({
      type: 'order.replace',
      accountId: 'ann',
      origClientOrderId: 'own',
      clientOrderId: 'own2',
      size: 2,
      sessionId: 's',
    })
    pit.do(lost)
    assert.deepEqual(open(pit), ['after', 'other'])
  })
})
