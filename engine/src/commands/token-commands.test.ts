// The tokens of an account as the exchange keeps them, across a restart; accounts of older journals stay as they were.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestExchange } from '../testing/test-exchange.ts'

const MINUTE_US = 60_000_000
const add = (tokenId: string, more: object = {}) =>
  ({
    type: 'token.add',
    accountId: 'ann',
    tokenId,
    tokenHash: `#${tokenId}`,
    name: tokenId,
    readOnly: false,
    ...more,
  }) as const

test('a token that is added opens the account until it is revoked, also after a restart', () => {
  const market = new TestExchange()
  const { exchange } = market
  market.do(add('t1', { readOnly: true, expiresInDays: 1 }))
  market.do(add('t2'))
  const createdUs = market.ts - 1_000
  market.do({ type: 'token.use', accountId: 'ann', tokenId: 't1' })
  const usedUs = market.ts - (market.ts % MINUTE_US)
  market.do({ type: 'token.revoke', accountId: 'ann', tokenId: 't2' })
  const found = exchange.findToken('#t1')
  assert.deepEqual(found, {
    accountId: 'ann',
    lastSeq: exchange.account('ann')!.seq,
    tokenId: 't1',
    readOnly: true,
    expiresUs: createdUs + 86_400_000_000,
  })
  const tokens = exchange.tokens('ann')
  assert.deepEqual(
    tokens.map(({ id, lastUsedAt }) => [id, lastUsedAt]),
    [
      ['first', null],
      ['t1', usedUs / 1_000],
    ],
  )
  const hash = exchange.stateHash()
  market.restart()
  assert.equal(market.exchange.stateHash(), hash)
  assert.deepEqual(market.exchange.findToken('#t1'), found)
  assert.equal(market.exchange.findToken('#t2'), undefined)
  assert.deepEqual(market.exchange.tokens('ann'), tokens)
})

test('an account has 20 at most; an unknown token is neither revoked nor used', () => {
  const market = new TestExchange()
  for (let n = 2; n <= 20; n++) assert.notDeepEqual(market.do(add(`t${n}`)), { type: 'account.token', token: null })
  assert.deepEqual(market.do(add('more')), { type: 'account.token', token: null })
  assert.deepEqual(market.do({ type: 'token.use', accountId: 'ann', tokenId: 'more' }), { type: 'done' })
  const revoked = market.do({ type: 'token.revoke', accountId: 'ann', tokenId: 'more' })
  assert.deepEqual(revoked, { type: 'account.token', token: null })
  assert.equal(market.exchange.findToken('#more'), undefined)
})

test('an account that was opened without a tokenId is saved as before tokens were listed', () => {
  const market = new TestExchange()
  market.do({ type: 'account.open', accountId: 'new', tokenHash: '#new', tokenId: 't1', cash: 1 })
  const [old, fresh] = market.exchange.checkpoint().accounts
  assert.ok(!('tokens' in old!))
  assert.equal(fresh!.tokens!.length, 1)
})
