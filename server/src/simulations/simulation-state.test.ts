// The table of a simulation's states.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SIMULATION_STATES } from '@papertape/protocol'
import { hasEnded, nextSimulationState, type SimulationStep } from './simulation-state.ts'

const STEPS: readonly SimulationStep[] = ['start', 'finish', 'fail', 'cancel']

describe('the state of a simulation', () => {
  test('goes from queued over running to done, or to failed', () => {
    assert.equal(nextSimulationState('queued', 'start'), 'running')
    assert.equal(nextSimulationState('running', 'finish'), 'done')
    assert.equal(nextSimulationState('running', 'fail'), 'failed')
  })

  test('is canceled while it waits and while it runs', () => {
    assert.equal(nextSimulationState('queued', 'cancel'), 'canceled')
    assert.equal(nextSimulationState('running', 'cancel'), 'canceled')
  })

  test('never changes once it has ended', () => {
    for (const state of SIMULATION_STATES.filter(hasEnded)) {
      for (const step of STEPS) assert.equal(nextSimulationState(state, step), state, `${state}, ${step}`)
    }
  })

  test('takes no result of a thread before it was started', () => {
    assert.equal(nextSimulationState('queued', 'finish'), 'queued')
    assert.equal(nextSimulationState('queued', 'fail'), 'queued')
  })
})
