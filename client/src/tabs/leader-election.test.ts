// The election's table, cell by cell, and what holds over every sequence of events. A missing cell does not compile.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { StepContext } from '../platform/state-machine.ts'
import { holds } from '../testing/seeded-property.ts'
import {
  LATE_MS,
  next,
  PATIENCE_MS,
  SILENCE_MS,
  SPREAD_MS,
  STEAL_MS,
  startTab,
  TAB_KINDS,
  type TabEffect,
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

/** The next kind, then the effects. Every example is asked at its own deadline, when a timeout is due. */
type Expected = readonly [TabKind, ...TabEffect[]]
const IGNORED = (kind: TabKind): Record<TabEventType, Expected> =>
  Object.fromEntries(EVENT_TYPES.map(type => [type, [kind]])) as unknown as Record<TabEventType, Expected>

const QUEUED = (kind: TabKind): Record<TabEventType, Expected> => ({
  ...IGNORED(kind),
  granted: ['leading', 'lead'],
  lost: ['seeking', 'request', 'ping'],
  refused: ['alone', 'release', 'lead'],
  leaderMessage: ['following'],
  suspend: ['suspended', 'release'],
  close: ['closed', 'release'],
})
const STANDS_DOWN: Expected = ['seeking', 'yield', 'release', 'request', 'ping']
const EXPECTED: Record<TabKind, Record<TabEventType, Expected>> = {
  idle: {
    ...IGNORED('idle'),
    start: ['seeking', 'request', 'ping'],
    refused: ['alone', 'release', 'lead'],
    close: ['closed'],
  },
  seeking: { ...QUEUED('seeking'), timeout: ['stealing', 'steal'] },
  following: { ...QUEUED('following'), timeout: ['checking', 'ping'], shown: ['checking', 'ping'] },
  checking: { ...QUEUED('checking'), timeout: ['stealing', 'steal'], hidden: ['following'] },
  stealing: { ...QUEUED('stealing'), leaderMessage: ['stealing'], timeout: ['seeking', 'release', 'request', 'ping'] },
  leading: {
    ...IGNORED('leading'),
    lost: STANDS_DOWN,
    outranked: STANDS_DOWN,
    resign: STANDS_DOWN,
    suspend: ['suspended', 'yield', 'release'],
    close: ['closed', 'yield', 'release'],
  },
  alone: { ...IGNORED('alone'), close: ['closed', 'yield'] },
  suspended: {
    ...IGNORED('suspended'),
    refused: ['alone', 'release', 'lead'],
    resume: ['seeking', 'request', 'ping'],
    close: ['closed'],
  },
  closed: IGNORED('closed'),
}

describe('every cell', () => {
  for (const kind of TAB_KINDS) {
    for (const type of EVENT_TYPES) {
      test(`${kind} ${type}`, () => {
        const state = EXAMPLES[kind]
        assert.equal(state.kind, kind)
        const step = next(state, { type }, at(state.deadlineMs ?? 0))
        assert.deepEqual([step.state.kind, ...step.effects], EXPECTED[kind][type])
      })
    }
  }
})

describe('time', () => {
  test('a leader is asked after a silence, and has its time to answer', () => {
    const following = next(EXAMPLES.seeking, { type: 'leaderMessage' }, at(1_000)).state
    assert.equal(following.deadlineMs, 1_000 + SILENCE_MS)
    const early = next(following, { type: 'timeout' }, at(1_000 + SILENCE_MS - 1))
    assert.equal(early.state, following)
    const doubting = next(following, { type: 'timeout' }, at(1_000 + SILENCE_MS, 0.5)).state
    assert.equal(doubting.deadlineMs, 1_000 + SILENCE_MS + PATIENCE_MS + SPREAD_MS / 2)
  })

  test('a timer that rings late asks again: it was this tab that was away', () => {
    for (const kind of ['seeking', 'checking'] as const) {
      const state = EXAMPLES[kind]
      const late = next(state, { type: 'timeout' }, at(state.deadlineMs! + LATE_MS + 1))
      assert.deepEqual([late.state.kind, ...late.effects], [kind, 'ping'])
      assert.equal(late.state.deadlineMs, state.deadlineMs! + LATE_MS + 1 + PATIENCE_MS)
    }
  })

  test('a hidden follower has no timer', () => {
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

test('over every sequence: one lead for each yield, one request at a time, a deadline where a leader is awaited', () => {
  const anyMove = fc.record({
    type: fc.constantFrom(...EVENT_TYPES),
    passMs: fc.constantFrom(0, 1, 500, 3_000, STEAL_MS),
    chance: fc.double({ min: 0, max: 0.999999, noNaN: true }),
  })
  holds(
    import.meta.filename,
    fc.property(fc.boolean(), fc.array(anyMove, { maxLength: 60 }), (visible, moves) => {
      let state = startTab(visible)
      let nowMs = 0
      let leads = false
      /** A request is with the browser, or its lock is ours. */
      let asks = false
      for (const { type, passMs, chance } of moves) {
        nowMs += passMs
        // What the browser can say: it grants and takes away only what was asked for.
        if ((type === 'granted' || type === 'lost') && !asks) continue
        if (type === 'lost') asks = false
        const before = state
        const step = next(state, { type } satisfies TabEvent, { nowMs, chance })
        state = step.state
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
