// Submissions: each report of the exchange gives its state and its text.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ack, ChangeAnswer, CountAnswer, PlaceAnswer } from '@papertape/client'
import type { Execution } from '@papertape/protocol'
import { SUBMISSION_LABELS, type SubmissionState } from './submission.ts'
import { createSubmissions } from './submissions.ts'

const REQUEST = { clientOrderId: 'c1', symbol: 'AAA', description: 'Buy 10 AAA', kind: 'order', afterSeq: 0 } as const

function open() {
  const submissions = createSubmissions({ nowMs: () => 0, later() {}, onChange() {}, onUnknown() {} })
  const answer = async (message: PlaceAnswer | ChangeAnswer | CountAnswer) => {
    submissions.follow(REQUEST, Promise.resolve(message))
    await new Promise(resolve => setImmediate(resolve))
    return submissions.list[0]!.state
  }
  return { submissions, answer }
}

const execution = (execType: Execution['execType']) =>
  ({ type: 'execution', seq: 1, clientOrderId: 'c1', execType, cumSize: 0, avgPrice: null }) as Execution & PlaceAnswer

test('each execution gives the state of its kind', async () => {
  const expected: Record<Execution['execType'], SubmissionState> = {
    new: 'working',
    partialFill: 'partFilled',
    fill: 'filled',
    canceled: 'canceled',
    replaced: 'working',
    rejected: 'refused',
    expired: 'expired',
    triggered: 'working',
  }
  for (const [execType, state] of Object.entries(expected)) {
    assert.equal(await open().answer(execution(execType as Execution['execType'])), state, execType)
  }
})

test('a stop price that follows the market changes no result', async () => {
  const { submissions, answer } = open()
  await answer(execution('new'))
  const reason = { code: 'stop-trailed', text: 'The stop price has followed the market to 10.' } as const
  submissions.execution({ ...execution('replaced'), reason })
  assert.equal(submissions.list[0]!.text, null)
})

test('an error is a refusal with its code and text, an acknowledged cancel is canceled', async () => {
  const { submissions, answer } = open()
  assert.equal(await answer({ type: 'error', code: 'rate-limited', text: 'too many' } as PlaceAnswer), 'refused')
  const { code, text } = submissions.list[0]!
  assert.deepEqual([code, text], ['rate-limited', 'too many'])
  assert.equal(await open().answer({ type: 'ack' } satisfies Ack), 'canceled')
})

test('each state has a label of its own that names it', () => {
  const named: Partial<Record<SubmissionState, RegExp>> = {
    working: /working/,
    partFilled: /^Partly filled$/,
    filled: /^Filled$/,
    canceled: /^Canceled$/,
    expired: /^Expired$/,
    refused: /^Rejected$/,
    unknown: /No answer/,
    absent: /Not received/,
  }
  for (const [state, label] of Object.entries(named)) assert.match(SUBMISSION_LABELS[state as SubmissionState], label)
  assert.equal(new Set(Object.values(SUBMISSION_LABELS)).size, Object.keys(SUBMISSION_LABELS).length)
})
