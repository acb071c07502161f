// What a run keeps of what a page sees: frames of one kind counted, the first close, a row for each attempt.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CloseRunState, type RunEvent, reduceRun, startRun } from './run-state.ts'

const run = (...events: RunEvent[]): CloseRunState => events.reduce(reduceRun, startRun(1_000))
const received = (kind: string, atMs: number, retryMs?: number): RunEvent => ({
  type: 'received',
  kind,
  text: `${kind} at ${atMs}`,
  retryMs,
  atMs,
})
const closed = (code: number, atMs = 1_100): RunEvent => ({ type: 'closed', code, reason: '', wasClean: true, atMs })
const waiting = (waitMs: number, failures: number, atMs: number): RunEvent => ({
  type: 'waiting',
  waitMs,
  failures,
  atMs,
})

test('frames of one kind are one line, with their count and the newest text, also when kinds alternate', () => {
  const { frames } = run(
    received('pong', 1_001),
    received('pong', 1_002),
    received('error', 1_003),
    received('pong', 1_004),
  )
  assert.deepEqual(
    frames.map(({ kind, times, text, atMs }) => [kind, times, text, atMs]),
    [
      ['pong', 3, 'pong at 1004', 1_001],
      ['error', 1, 'error at 1003', 1_003],
    ],
  )
})

test('the newest eight kinds are kept', () => {
  const { frames } = run(...Array.from({ length: 12 }, (_, at) => received(`k${at}`, 1_000 + at)))
  assert.deepEqual([frames.length, frames[0]!.kind], [8, 'k4'])
})

test('the first close is the one that is shown, later ones end attempts', () => {
  const { close, attempts, outcome } = run(
    closed(1006),
    waiting(1_500, 1, 1_100),
    closed(1006, 2_700),
    waiting(3_000, 2, 2_700),
    { type: 'reconnected' },
  )
  assert.equal(close?.atMs, 1_100)
  assert.deepEqual(
    attempts.map(({ lostAtMs, waitMs, drawnFrom, result }) => [lostAtMs, waitMs, drawnFrom, result]),
    [
      [1_100, 1_500, { leastMs: 1_000, ceilingMs: 2_000 }, 1006],
      [2_700, 3_000, { leastMs: 1_000, ceilingMs: 4_000 }, 'connected'],
    ],
  )
  assert.equal(outcome, 'reconnected')
})

test('a wait that the server asked for is drawn from nothing, after the codes that take one, once', () => {
  const asked = run(
    received('notice', 1_050, 700),
    closed(1001),
    waiting(700, 1, 1_100),
    closed(1006),
    waiting(1_200, 2, 1_900),
  )
  assert.deepEqual(
    asked.attempts.map(({ drawnFrom }) => drawnFrom?.ceilingMs),
    [undefined, 4_000],
  )
  const lost = run(received('notice', 1_050, 700), closed(1006), waiting(1_200, 1, 1_100))
  assert.equal(lost.attempts[0]!.drawnFrom?.ceilingMs, 2_000)
})

test('nothing changes after the end', () => {
  const ended = run(closed(1000), { type: 'ended' })
  assert.equal(reduceRun(ended, { type: 'stopped' }), ended)
  assert.equal(reduceRun(ended, received('pong', 2_000)), ended)
})
