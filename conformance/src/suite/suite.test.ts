// What becomes of a check: passed, failed with what was seen, not offered; also of one that never ends or throws.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Type from 'typebox'
import { Deviation, expectEqual, expectSchema, NotOffered } from '../judgement/expect.ts'
import type { Target } from '../target/target.ts'
import { chapter, requirement } from './requirement.ts'
import { runSuite } from './suite.ts'

const TARGET: Target = { url: 'http://localhost:1', fetch, WebSocket }

async function verdicts(...checks: (() => Promise<void>)[]) {
  const requirements = chapter(
    'Tests',
    checks.map((check, index) => requirement(`check-${index}`, 'Some text.', check)),
  )
  const results = await runSuite(TARGET, requirements, { limitMs: 50 })
  return results.map(({ verdict }) => verdict)
}

describe('runSuite', () => {
  it('gives the verdicts in the order of the requirements', async () => {
    const all = await verdicts(
      async () => {},
      async () => expectEqual('the status', 500, 200),
      async () => {
        throw new NotOffered('no such route')
      },
      async () => {
        throw new TypeError('of undefined')
      },
      () => new Promise(() => {}),
    )
    assert.deepEqual(all, [
      { status: 'passed' },
      { status: 'failed', detail: 'expected: the status 200; seen: 500' },
      { status: 'notOffered', detail: 'no such route' },
      { status: 'failed', detail: 'the check could not go on: TypeError: of undefined' },
      { status: 'failed', detail: 'expected: the end of the check within 0.05 s; it did not come' },
    ])
  })

  it('says which field is not as the schema says', () => {
    const schema = Type.Object({ seq: Type.Integer() })
    assert.throws(
      () => expectSchema('the event', schema, { seq: '5' }),
      (error: Error) => error instanceof Deviation && /\/seq must be integer; seen: \{"seq":"5"\}/.test(error.message),
    )
    expectSchema('the event', schema, { seq: 5, added: true })
  })
})
