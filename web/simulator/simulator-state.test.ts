// The state of the Simulator screen, event by event.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SimulationSummary } from '@papertape/protocol'
import { EMPTY_SIMULATOR, nextSimulatorState, type SimulatorEvent, shownJob } from './simulator-state.ts'

const job = (id: string): SimulationSummary => ({
  id,
  state: 'queued',
  preset: 'mixed',
  seed: 7,
  scenarios: [],
  symbols: ['VELTR'],
  durationMs: 3_600_000,
  command: '',
  marketCommand: '',
  createdAt: 0,
  progress: null,
  result: null,
  failure: null,
})
const progress = { simulatedMs: 1, fraction: 0.5, events: 2, eventsPerSecond: 3, rate: 4, remainingMs: 5 }
const after = (...events: SimulatorEvent[]) => events.reduce(nextSimulatorState, EMPTY_SIMULATOR)

describe('the Simulator screen', () => {
  test('shows the simulation that was added, first in the list', () => {
    const state = after({ type: 'listed', jobs: [job('a')] }, { type: 'added', job: job('b') })
    assert.deepEqual([state.jobs?.map(({ id }) => id), state.shownId], [['b', 'a'], 'b'])
  })

  test('keeps a refusal until something succeeds', () => {
    const refused = after({ type: 'refused', text: 'two run' })
    assert.equal(refused.problem, 'two run')
    assert.equal(nextSimulatorState(refused, { type: 'added', job: job('a') }).problem, '')
  })

  test('has the progress of the shown simulation, and each line of its log once', () => {
    const entry = { id: '1', text: 'running' }
    const state = after(
      { type: 'added', job: job('a') },
      { type: 'logged', entry },
      { type: 'logged', entry },
      { type: 'progressed', progress },
    )
    assert.deepEqual([shownJob(state)?.state, shownJob(state)?.progress, state.log], ['running', progress, [entry]])
  })

  test('forgets log and report when another one is shown', () => {
    const report = { judgedAs: 'large-tick', days: 1, orderEvents: 0, judged: 0, met: 0, facts: [], plots: [] }
    const done = after(
      { type: 'listed', jobs: [job('a'), job('b')] },
      { type: 'shown', id: 'a' },
      { type: 'logged', entry: { id: '1', text: 'x' } },
      { type: 'answered', answer: { ...job('a'), state: 'done', report } },
    )
    assert.deepEqual([done.report, shownJob(done)?.state], [report, 'done'])
    const other = nextSimulatorState(done, { type: 'shown', id: 'b' })
    assert.deepEqual([other.report, other.log], [undefined, []])
  })

  test('does not take the report of another simulation for that of the shown one', () => {
    const state = after(
      { type: 'listed', jobs: [job('a'), job('b')] },
      { type: 'shown', id: 'b' },
      { type: 'answered', answer: { ...job('a'), state: 'done', report: null } },
    )
    assert.deepEqual([state.jobs?.[0]?.state, state.report], ['done', undefined])
  })
})
