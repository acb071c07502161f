// The drawn attempts: which failed, which is due, how long each wait was or may be.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRetrying, NONE_SEEN, type RetryStep, retrySteps, retryText, withWait } from './retry-timeline.ts'

type Facts = Parameters<typeof retrySteps>[0]
const waiting = (retries: number, retryAtMs: number): Facts => ({ state: 'waiting', retries, retryAtMs })
const shown = (steps: readonly RetryStep[]) =>
  steps.map(({ state, waitMs, isKnown }) => `${state} ${isKnown ? '' : '≤'}${waitMs / 1_000}`)

test('five attempts with doubled waits, of which those that were seen are exact', () => {
  let seen = NONE_SEEN
  seen = withWait(seen, waiting(1, 1_500), 0)
  seen = withWait(seen, waiting(1, 1_500), 900)
  assert.deepEqual(shown(retrySteps(waiting(1, 1_500), seen, 900)), [
    'waiting 1.5',
    'planned ≤4',
    'planned ≤8',
    'planned ≤16',
    'planned ≤30',
  ])
  assert.ok(Math.abs(retrySteps(waiting(1, 1_500), seen, 900)[0]!.elapsed - 0.6) < 1e-9)
  seen = withWait(seen, waiting(3, 10_000), 4_000)
  assert.deepEqual(shown(retrySteps({ state: 'connecting', retries: 3, retryAtMs: null }, seen, 10_000)).slice(0, 4), [
    'failed 1.5',
    'failed ≤4',
    'trying 6',
    'planned ≤16',
  ])
  assert.deepEqual(
    shown(retrySteps(waiting(6, 40_000), seen, 30_000)).filter(step => !step.startsWith('failed')),
    [],
  )
})

test('a new loss begins anew', () => {
  const seen = withWait(NONE_SEEN, waiting(1, 2_000), 0)
  const live = withWait(seen, { state: 'live', retries: 1, retryAtMs: null }, 3_000)
  assert.deepEqual([...withWait(live, waiting(1, 6_500), 5_000)], [[1, 1_500]])
})

test('the sentence says which attempt is next and when', () => {
  assert.equal(retryText(waiting(2, 3_400), 0), 'Connection lost: attempt 2 of 5 in 4 s.')
  assert.equal(
    retryText({ state: 'connecting', retries: 5, retryAtMs: null }, 0),
    'Connection lost: attempt 5 of 5 now.',
  )
  assert.equal(retryText(waiting(6, 1_000), 0), 'Connection lost: attempt 6 in 1 s.')
})

test('there is nothing to draw while it is live, or opened for the first time', () => {
  assert.deepEqual(
    [waiting(1, 0), { state: 'live', retries: 2 }, { state: 'connecting', retries: 0 }].map(one =>
      isRetrying(one as Facts),
    ),
    [true, false, false],
  )
})
