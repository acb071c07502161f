// The states of a simulation as a table. Pure; simulation-job.ts does what belongs to each step.

import type { SimulationState } from '@papertape/protocol'

/** `start`: there is a free thread. `finish`, `fail`: what the thread reports. `cancel`: somebody asks for it. */
export type SimulationStep = 'start' | 'finish' | 'fail' | 'cancel'

/** A step that changes nothing is late: what has ended stays as it is. */
const NEXT_STATE: Readonly<Record<SimulationState, Readonly<Record<SimulationStep, SimulationState>>>> = {
  queued: { start: 'running', finish: 'queued', fail: 'queued', cancel: 'canceled' },
  running: { start: 'running', finish: 'done', fail: 'failed', cancel: 'canceled' },
  done: { start: 'done', finish: 'done', fail: 'done', cancel: 'done' },
  failed: { start: 'failed', finish: 'failed', fail: 'failed', cancel: 'failed' },
  canceled: { start: 'canceled', finish: 'canceled', fail: 'canceled', cancel: 'canceled' },
}

export function nextSimulationState(state: SimulationState, step: SimulationStep): SimulationState {
  return NEXT_STATE[state][step]
}

export function hasEnded(state: SimulationState): boolean {
  return state !== 'queued' && state !== 'running'
}
