// Deposits: what may be typed, and one deposit however often its answer is lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Deposit, NewDeposit } from '@papertape/protocol'
import { checkDeposit, createDeposits } from './deposits.ts'

const problem = (text: string) => (checkDeposit(text) as { readonly problem: string }).problem

test('an amount is read, or refused with what to type', () => {
  assert.deepEqual(checkDeposit(' 5,000.25 '), { amount: 5_000.25 })
  assert.deepEqual(checkDeposit('0.01'), { amount: 0.01 })
  assert.deepEqual(checkDeposit('1000000000'), { amount: 1_000_000_000 })
  assert.equal(problem(''), 'Enter an amount.')
  assert.equal(problem('0'), 'Enter an amount above 0.')
  assert.match(problem('-5'), /nothing can be taken out/)
  assert.equal(problem('1000000001'), 'Enter 1,000,000,000 at most.')
  for (const text of ['1.234', '1,000.255', '0.001', '0.00001'])
    assert.equal(problem(text), 'Enter two decimals at most.', text)
  assert.match(problem('12,5'), /use a point for decimals/)
})

test('is sent again under its id while it has no answer, and under another one after that', async () => {
  const sent: NewDeposit[] = []
  const outcomes = [
    Object.assign(new Error('network: cut'), { status: 0 }),
    undefined,
    Object.assign(new Error('too-many-deposits: x'), { status: 422, detail: 'An account may have 20 deposits. Wait.' }),
    undefined,
  ]
  let ids = 0
  const deposits = createDeposits(
    {
      async deposit(asked) {
        sent.push(asked)
        const error = outcomes.shift()
        if (error !== undefined) throw error
        return {} as Deposit
      },
    },
    () => `d${++ids}`,
  )
  assert.match((await deposits.send(5))!, /no answer: network: cut\. Sent again, it is the same deposit/)
  assert.equal(await deposits.send(5), undefined)
  assert.equal(await deposits.send(5), 'An account may have 20 deposits. Wait.')
  assert.equal(await deposits.send(5), undefined)
  assert.deepEqual(
    sent.map(({ clientDepositId }) => clientDepositId),
    ['d1', 'd1', 'd2', 'd3'],
  )
})
