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

const LOST = Object.assign(new Error('network: cut'), { status: 0 })

/** A page, whose requests end as `outcomes` says, in order. */
function page(...outcomes: (Error | undefined)[]) {
  const sent: NewDeposit[] = []
  let ids = 0
  const ports = {
    cash: {
      async deposit(asked: NewDeposit) {
        sent.push(asked)
        const error = outcomes.shift()
        if (error !== undefined) throw error
        return {} as Deposit
      },
    },
    openDeposits: new Map<string, string>(),
    newId: () => `d${++ids}`,
  }
  const idsSent = () => sent.map(({ clientDepositId }) => clientDepositId)
  return { openForm: (accountId = 'a1') => createDeposits(ports, accountId), idsSent }
}

test('is sent again under its id until it is carried out, and under another one after that', async () => {
  const refusal = { status: 422, detail: 'An account may have 20 deposits. Wait.' }
  const { openForm, idsSent } = page(LOST, Object.assign(new Error('too-many-deposits: x'), refusal))
  const deposits = openForm()
  assert.match((await deposits.send(5))!, /no answer: network: cut\. Sent again, it is the same deposit/)
  assert.equal(await deposits.send(5), 'An account may have 20 deposits. Wait.', 'which says nothing of the first')
  assert.equal(await deposits.send(5), undefined)
  assert.equal(await deposits.send(5), undefined)
  assert.deepEqual(idsSent(), ['d1', 'd1', 'd1', 'd2'])
})

test('is the same one in a form that was closed and opened, and after another amount; another account has another', async () => {
  const { openForm, idsSent } = page(LOST, LOST)
  const first = openForm()
  await first.send(100)
  await first.send(200)
  await openForm('a2').send(100)
  const second = openForm()
  for (const amount of [100, 200, 100]) assert.equal(await second.send(amount), undefined)
  assert.deepEqual(idsSent(), ['d1', 'd2', 'd3', 'd1', 'd2', 'd4'])
})
