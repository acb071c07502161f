// The machine of the experiment: the way to a result, and what changes nothing.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LOSS_EVENTS, LOSS_PHASES, type LossEvent, type LossPhase, next } from './loss-machine.ts'

describe('the experiment', () => {
  it('opens, loses a packet, shows the trial, and loses another', () => {
    const way: readonly [LossEvent, LossPhase][] = [
      ['open', 'opening'],
      ['opened', 'running'],
      ['drop', 'losing'],
      ['refused', 'running'],
      ['drop', 'losing'],
      ['lost', 'settling'],
      ['settled', 'shown'],
      ['drop', 'losing'],
      ['close', 'closed'],
    ]
    let phase: LossPhase = 'closed'
    for (const [event, after] of way) {
      phase = next(phase, event)
      assert.equal(phase, after)
    }
  })

  it('ends from every phase, and changes in no other way', () => {
    for (const phase of LOSS_PHASES) assert.equal(next(phase, 'close'), 'closed')
    const changes = LOSS_PHASES.flatMap(phase =>
      LOSS_EVENTS.filter(event => event !== 'close' && next(phase, event) !== phase).map(event => `${phase} ${event}`),
    )
    assert.deepEqual(changes, [
      'closed open',
      'opening opened',
      'running drop',
      'losing lost',
      'losing refused',
      'settling settled',
      'shown drop',
    ])
  })
})
