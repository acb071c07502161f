// Every kind of position that a reader can give, and its resume plan.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planResume } from './resume-plan.ts'

const LOG = { epoch: 'k3f9', oldest: 100, head: 200 }

test('without a position the plan is a fresh start', () => {
  assert.deepEqual(planResume(undefined, LOG), { kind: 'fresh' })
})

for (const seq of [99, 100, 150, 200]) {
  test(`resumes after ${seq}`, () => {
    assert.deepEqual(planResume(`k3f9-${seq}`, LOG), { kind: 'resume', afterSeq: seq })
  })
}

for (const [last, reason] of [
  ['nonsense', 'bad-id'],
  ['', 'bad-id'],
  ['k3f9', 'bad-id'],
  ['k3f9-', 'bad-id'],
  ['k3f9--1', 'bad-id'],
  ['K3F9-150', 'bad-id'],
  ['k3f9-150 ', 'bad-id'],
  ['k3f9-150,k3f9-151', 'bad-id'],
  ['k3f9-12345678901234567', 'bad-id'],
  ['zzzz-150', 'epoch'],
  ['zzzz-0', 'epoch'],
  ['k3f9-98', 'expired'],
  ['k3f9-0', 'expired'],
  ['k3f9-201', 'ahead'],
  ['k3f9-9999999999999999', 'ahead'],
] as const) {
  test(`resets at ${JSON.stringify(last)}: ${reason}`, () => {
    const reset = { reason, requested: last, ...LOG }
    assert.deepEqual(planResume(last, LOG), { kind: 'reset', reset })
  })
}

test('resumes an empty log at its beginning only', () => {
  const empty = { epoch: 'k3f9', oldest: 1, head: 0 }
  assert.equal(planResume('k3f9-0', empty).kind, 'resume')
  assert.equal(planResume('k3f9-1', empty).kind, 'reset')
})
