// The state machine of a submission: every entry of the table, then random sequences.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import {
  isOver,
  next,
  SUBMISSION_EVENTS,
  SUBMISSION_STATES,
  type SubmissionEvent,
  type SubmissionState,
} from './submission.ts'

const OPEN = ['absent', 'working', 'partFilled', 'filled', 'canceled', 'expired', 'refused'] as const
const all = (state: SubmissionState) => SUBMISSION_EVENTS.map(() => state)

const EXPECTED: Record<SubmissionState, Record<SubmissionEvent, SubmissionState>> = {
  sent: row('slow', 'unknown', ...OPEN),
  slow: row('slow', 'unknown', ...OPEN),
  unknown: row('unknown', 'unknown', ...OPEN),
  absent: row('absent', 'absent', ...OPEN),
  working: row(...all('working').slice(0, 4), 'partFilled', 'filled', 'canceled', 'expired', 'working'),
  partFilled: row(...all('partFilled').slice(0, 5), 'filled', 'canceled', 'expired', 'partFilled'),
  filled: row(...all('filled')),
  canceled: row(...all('canceled')),
  expired: row(...all('expired')),
  refused: row(...all('refused')),
}

function row(...to: SubmissionState[]): Record<SubmissionEvent, SubmissionState> {
  return Object.fromEntries(SUBMISSION_EVENTS.map((event, at) => [event, to[at]])) as Record<
    SubmissionEvent,
    SubmissionState
  >
}

test('every state handles every event as in the table', () => {
  for (const state of SUBMISSION_STATES) {
    for (const event of SUBMISSION_EVENTS)
      assert.equal(next(state, event), EXPECTED[state][event], `${state} × ${event}`)
  }
})

test('a final state never changes, and an answered request is never unanswered again', () => {
  const event = fc.constantFrom(...SUBMISSION_EVENTS)
  holds(
    import.meta.filename,
    fc.property(fc.array(event, { maxLength: 12 }), events => {
      let state: SubmissionState = 'sent'
      let answered = false
      for (const one of events) {
        const before: SubmissionState = state
        state = next(state, one)
        if (isOver(before)) assert.equal(state, before)
        answered ||= one !== 'delay' && one !== 'deadline' && one !== 'absent'
        if (answered) assert.ok(state !== 'sent' && state !== 'slow' && state !== 'unknown')
      }
    }),
  )
})
