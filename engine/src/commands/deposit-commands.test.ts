// Deposits: cash that is added once, however often it is sent, and no more than the limits allow.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandAnswer } from '@papertape/protocol'
import { DAY_US, kinds, TestExchange } from '../testing/test-exchange.ts'

const deposit = (market: TestExchange, clientDepositId: string, amount = 50): CommandAnswer =>
  market.do({ type: 'account.deposit', accountId: 'ann', clientDepositId, amount })

function assertRefused(answer: CommandAnswer, code: string, limit: number): void {
  assert.equal(answer.type, 'deposit.reject')
  assert.ok(answer.type === 'deposit.reject')
  assert.deepEqual([answer.code, answer.limit?.value], [code, limit])
}

test('a deposit adds cash, which the balance after it has', () => {
  const market = new TestExchange()
  market.privateEvents()
  const answer = deposit(market, 'd1', 0.0001)
  const sent = market.privateEvents()
  assert.equal(sent[0], answer)
  assert.deepEqual(kinds(sent), ['deposit', 'balance'])
  assert.partialDeepStrictEqual(sent[0], { seq: 2, amount: 0.0001, cash: 100_000.0001 })
  assert.partialDeepStrictEqual(sent[1], { seq: 3, cash: 100_000.0001, buyingPower: 100_000.0001 })
})

test('sent again it is the same deposit, also with another amount and after a restart', () => {
  const market = new TestExchange()
  const first = deposit(market, 'd1')
  market.privateEvents()
  assert.deepEqual(deposit(market, 'd1', 70), { ...first, duplicate: true })
  market.restart()
  assert.deepEqual(deposit(market, 'd1'), { ...first, duplicate: true })
  assert.deepEqual(market.privateEvents(), [])
  assert.equal(market.exchange.account('ann')?.balance.cash, 100_050)
})

test('twenty deposits in 24 hours are the most; each is known for as long', () => {
  const market = new TestExchange()
  for (let n = 1; n <= 20; n++) assert.equal(deposit(market, `d${n}`).type, 'deposit')
  assertRefused(deposit(market, 'd21'), 'too-many-deposits', 20)
  market.restart()
  assertRefused(deposit(market, 'd21'), 'too-many-deposits', 20)
  assert.partialDeepStrictEqual(deposit(market, 'd1'), { type: 'deposit', duplicate: true })
  market.ts += DAY_US
  assert.equal(deposit(market, 'd21').type, 'deposit')
  assert.equal(market.exchange.account('ann')?.balance.cash, 101_050)
})

test('no deposit makes the cash too large to be counted exactly', () => {
  const market = new TestExchange()
  market.do({ type: 'account.open', accountId: 'rich', tokenHash: 'hash of rich', cash: 99_999_999_999 })
  const give = (amount: number) =>
    market.do({ type: 'account.deposit', accountId: 'rich', clientDepositId: `d${amount}`, amount })
  assertRefused(give(2), 'cash-too-large', 100_000_000_000)
  assert.equal(give(1).type, 'deposit')
})

test('a cash account without deposits is stored as it was before there were any', () => {
  const market = new TestExchange()
  market.publicEvents()
  const keys = ['accountId', 'tokenHash', 'cashUnits', 'reservedUnits', 'streamSeq', 'sent', 'queueEventsDue', 'guards']
  assert.deepEqual(Object.keys(market.exchange.checkpoint().accounts[0]!), [...keys, 'positions'])
})
