// The leader election's machine: its table is the one in SPEC.md, and the invariants of SPEC.md hold over every
// sequence of events.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import type { StepContext } from '../platform/state-machine.ts'
import { assertInSpec, buildTable, outcomeOf, readSpec } from '../testing/spec-table.ts'
import {
  LATE_MS,
  next,
  PATIENCE_MS,
  SILENCE_MS,
  SPREAD_MS,
  STEAL_MS,
  startTab,
  TAB_KINDS,
  type TabEvent,
  type TabEventType,
  type TabKind,
  type TabState,
} from './leader-election.ts'

const TYPES: Record<TabEventType, true> = {
  start: true,
  granted: true,
  lost: true,
  refused: true,
  leaderMessage: true,
  outranked: true,
  resign: true,
  timeout: true,
  hidden: true,
  shown: true,
  suspend: true,
  resume: true,
  close: true,
}
const EVENT_TYPES = Object.keys(TYPES) as TabEventType[]

const at = (nowMs: number, chance = 0): StepContext => ({ nowMs, chance })
const run = (state: TabState, ...types: TabEventType[]) =>
  types.reduce((now, type) => next(now, { type }, at(now.deadlineMs ?? 0)).state, state)

const IDLE = startTab(true)
const EXAMPLES: Record<TabKind, TabState> = {
  idle: IDLE,
  seeking: run(IDLE, 'start'),
  following: run(IDLE, 'start', 'leaderMessage'),
  checking: run(IDLE, 'start', 'leaderMessage', 'timeout'),
  stealing: run(IDLE, 'start', 'leaderMessage', 'timeout', 'timeout'),
  leading: run(IDLE, 'start', 'granted'),
  alone: run(IDLE, 'refused'),
  suspended: run(IDLE, 'start', 'suspend'),
  closed: run(IDLE, 'close'),
}

const HEADING = 'The tab (`tabs/leader-election.ts`)'

test('the table of SPEC.md is the table of the machine', () => {
  const VARIANTS = Object.fromEntries(
    EVENT_TYPES.map(type => [type, type === 'timeout' ? { due: type, late: type } : { '': type }]),
  )
  const table = buildTable<TabKind, TabEventType>(TAB_KINDS, VARIANTS, (kind, type, variant) => {
    const state = EXAMPLES[kind]
    assert.equal(state.kind, kind)
    const lateMs = variant === 'late' ? LATE_MS + 1 : 0
    return [outcomeOf(state, next(state, { type }, at((state.deadlineMs ?? 0) + lateMs)))]
  })
  assertInSpec(HEADING, table)
})

describe('deadlines', () => {
  test('pings a silent leader and waits for its answer', () => {
    const following = next(EXAMPLES.seeking, { type: 'leaderMessage' }, at(1_000)).state
    assert.equal(following.deadlineMs, 1_000 + SILENCE_MS)
    const early = next(following, { type: 'timeout' }, at(1_000 + SILENCE_MS - 1))
    assert.equal(early.state, following)
    const checking = next(following, { type: 'timeout' }, at(1_000 + SILENCE_MS, 0.5)).state
    assert.equal(checking.deadlineMs, 1_000 + SILENCE_MS + PATIENCE_MS + SPREAD_MS / 2)
  })

  test('pings again after a late timer, since this tab itself did not run', () => {
    for (const kind of ['seeking', 'checking'] as const) {
      const state = EXAMPLES[kind]
      const late = next(state, { type: 'timeout' }, at(state.deadlineMs! + LATE_MS + 1))
      assert.deepEqual([late.state.kind, ...late.effects], [kind, 'ping'])
      assert.equal(late.state.deadlineMs, state.deadlineMs! + LATE_MS + 1 + PATIENCE_MS)
    }
  })

  test('sets no deadline for a hidden follower', () => {
    const hidden = next(EXAMPLES.following, { type: 'hidden' }, at(0)).state
    assert.equal(hidden.deadlineMs, undefined)
    assert.equal(next(hidden, { type: 'leaderMessage' }, at(5)).state.deadlineMs, undefined)
    const shown = next(hidden, { type: 'shown' }, at(10))
    assert.deepEqual(
      [shown.state.kind, shown.state.deadlineMs, ...shown.effects],
      ['checking', 10 + PATIENCE_MS, 'ping'],
    )
  })
})

test('T1 to T5 hold over every sequence of events', () => {
  const isListed = readSpec(HEADING)
  const anyMove = fc.record({
    type: fc.constantFrom(...EVENT_TYPES),
    passMs: fc.constantFrom(0, 1, 500, 3_000, STEAL_MS),
    chance: fc.double({ min: 0, max: 0.999999, noNaN: true }),
  })
  holds(
    import.meta.filename,
    fc.property(fc.boolean(), fc.array(anyMove, { maxLength: 60 }), (visible, moves) => {
      let state: TabState = startTab(visible)
      let nowMs = 0
      let leads = false
      /** The lock is requested or held. */
      let asks = false
      for (const { type, passMs, chance } of moves) {
        nowMs += passMs
        // The browser grants and takes away only what was requested.
        if ((type === 'granted' || type === 'lost') && !asks) continue
        if (type === 'lost') asks = false
        const before: TabState = state
        const step = next(state, { type } satisfies TabEvent, { nowMs, chance })
        state = step.state
        if (type !== 'timeout' || nowMs >= (before.deadlineMs ?? Infinity)) {
          const outcome = outcomeOf(before, step)
          assert.ok(isListed(before.kind, type, outcome), `T5: ${before.kind} × ${type}: ${outcome}`)
        }
        for (const effect of step.effects) {
          if (effect === 'lead' || effect === 'yield') {
            assert.equal(leads, effect === 'yield', `${effect} in ${before.kind}`)
            leads = effect === 'lead'
          }
          if (effect === 'release') asks = false
          if (effect === 'request') {
            assert.equal(asks, false, `a second request in ${before.kind}`)
            asks = true
          }
          if (effect === 'steal') asks = true
        }
        assert.equal(leads, state.kind === 'leading' || state.kind === 'alone')
        if (state.kind === 'seeking' || state.kind === 'checking' || state.kind === 'stealing') {
          assert.ok(state.deadlineMs !== undefined && asks, state.kind)
        }
        if (state.kind === 'following') assert.equal(state.deadlineMs !== undefined, state.visible)
        if (['idle', 'leading', 'alone', 'suspended', 'closed'].includes(state.kind)) {
          assert.equal(state.deadlineMs, undefined)
        }
        if (before.kind === 'closed') assert.equal(state, before)
      }
    }),
    3_000,
  )
})
