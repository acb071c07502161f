// The life of a submission: every cell of the table, then random lives.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  isOver,
  next,
  SUBMISSION_EVENTS,
  SUBMISSION_STATES,
  type SubmissionEvent,
  type SubmissionState,
} from './submission.ts'

const EXPECTED: Record<SubmissionState, Record<SubmissionEvent, SubmissionState>> = {
  sent: row('slow', 'unknown', 'working', 'partFilled', 'filled', 'ended', 'refused'),
  slow: row('slow', 'unknown', 'working', 'partFilled', 'filled', 'ended', 'refused'),
  unknown: row('unknown', 'unknown', 'working', 'partFilled', 'filled', 'ended', 'refused'),
  working: row('working', 'working', 'working', 'partFilled', 'filled', 'ended', 'working'),
  partFilled: row('partFilled', 'partFilled', 'partFilled', 'partFilled', 'filled', 'ended', 'partFilled'),
  filled: row('filled', 'filled', 'filled', 'filled', 'filled', 'filled', 'filled'),
  ended: row('ended', 'ended', 'ended', 'ended', 'ended', 'ended', 'ended'),
  refused: row('refused', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused'),
}

function row(...to: SubmissionState[]): Record<SubmissionEvent, SubmissionState> {
  return Object.fromEntries(SUBMISSION_EVENTS.map((event, at) => [event, to[at]])) as Record<
    SubmissionEvent,
    SubmissionState
  >
}

test('every state answers every event as the table says', () => {
  for (const state of SUBMISSION_STATES) {
    for (const event of SUBMISSION_EVENTS)
      assert.equal(next(state, event), EXPECTED[state][event], `${state} × ${event}`)
  }
})

test('what is over stays as it ended, and an answer is never forgotten', () => {
  const event = fc.constantFrom(...SUBMISSION_EVENTS)
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), events => {
      let state: SubmissionState = 'sent'
      let answered = false
      for (const one of events) {
        const before: SubmissionState = state
        state = next(state, one)
        if (isOver(before)) assert.equal(state, before)
        answered ||= one !== 'delay' && one !== 'deadline'
        if (answered) assert.ok(state !== 'sent' && state !== 'slow' && state !== 'unknown')
      }
    }),
  )
})
