// Properties of the table of phases, over random walks through it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHASES, type Phase } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { ACCEPTS, EVENT_INTO, isCall, isMatching, nextPhase, PHASE_EVENTS } from './phase.ts'

test('an event leads to the same phase from each phase in which it applies, and never to that phase itself', () => {
  for (const event of PHASE_EVENTS) {
    const ends = new Set(PHASES.map(phase => nextPhase(phase, event)).filter(phase => phase !== null))
    assert.equal(ends.size, 1, event)
    for (const phase of PHASES) assert.notEqual(nextPhase(phase, event), phase)
  }
})

test('the operator can set each phase but the limit state, which follows continuous trading only', () => {
  for (const phase of PHASES) {
    const event = EVENT_INTO[phase]
    if (event === null) assert.equal(phase, 'limitState')
    else assert.ok(PHASES.some(from => nextPhase(from, event) === phase))
  }
  assert.deepEqual(
    PHASES.filter(phase => nextPhase(phase, 'reachBand') !== null),
    ['continuous'],
  )
})

test('on each walk: a pause follows trading or a halt, a halt can begin and end at any time, and only call phases collect orders', () => {
  const walks = fc.array(fc.constantFrom(...PHASE_EVENTS), { maxLength: 60 })
  const property = fc.property(walks, events => {
    let phase = 'continuous' as Phase
    for (const event of events) {
      const next = nextPhase(phase, event)
      if (next === null) continue
      if (next === 'paused') assert.ok(isMatching(phase) || phase === 'halted')
      if (next === 'limitState') assert.equal(phase, 'continuous')
      phase = next
      assert.equal(nextPhase(next, 'halt'), next === 'halted' ? null : 'halted')
      assert.equal(nextPhase('halted', 'open'), 'continuous')
      assert.ok(!(isCall(phase) && isMatching(phase)))
      assert.equal(ACCEPTS[phase].immediate, isMatching(phase))
    }
  })
  holds(import.meta.filename, property)
})
