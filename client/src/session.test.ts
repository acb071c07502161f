// The feed session's table, cell by cell, and what holds over every sequence of events. A missing cell does not compile.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parsePosition } from '@papertape/protocol'
import fc from 'fast-check'
import { TOLD_MOST_MS } from './backoff.ts'
import type { At } from './environment.ts'
import {
  fellBack,
  HELLO_MS,
  next,
  SESSION_KINDS,
  type SessionEvent,
  type SessionEventType,
  type SessionKind,
  type SessionState,
  SHORT_STREAM_MS,
  startSession,
} from './session.ts'

const HEARTBEAT_MS = 15_000
const reason = { code: 'test', text: 'test' }
const EVENTS: { readonly [E in SessionEventType]: Extract<SessionEvent, { type: E }> } = {
  start: { type: 'start' },
  hello: { type: 'hello', heartbeatMs: HEARTBEAT_MS, silenceMaxMs: 2.5 * HEARTBEAT_MS },
  frame: { type: 'frame', kind: 'durable', id: 'abcd-7' },
  received: { type: 'received' },
  retryTold: { type: 'retryTold', retryMs: 4_000 },
  notice: { type: 'notice', retryMs: 8_000, reason },
  ended: { type: 'ended', reason },
  failed: { type: 'failed', reason, retryMs: undefined },
  refused: { type: 'refused', reason },
  timeout: { type: 'timeout' },
  doubted: { type: 'doubted', why: 'visible' },
  reconnect: { type: 'reconnect' },
  resnapshot: { type: 'resnapshot' },
  close: { type: 'close' },
}

const run = (state: SessionState, events: readonly SessionEvent[], at: At = { nowMs: 0, chance: 0 }) =>
  events.reduce((now, event) => next(now, event, at).state, state)

const IDLE = startSession('auto', 0, 'abcd-5')
const LIVE = run(IDLE, [EVENTS.start, EVENTS.hello])
const EXAMPLES: Record<SessionKind, SessionState> = {
  idle: IDLE,
  connecting: run(IDLE, [EVENTS.start]),
  live: LIVE,
  stale: run(LIVE, [EVENTS.timeout], { nowMs: 2.5 * HEARTBEAT_MS, chance: 0 }),
  waiting: run(LIVE, [EVENTS.ended]),
  closed: run(IDLE, [EVENTS.close]),
}

/** The next kind, then the effects. Every example is asked at its own deadline, when a timeout is due. */
type Expected = readonly [SessionKind, ...('connect' | 'disconnect' | 'deliver')[]]
const IGNORED = (kind: SessionKind): Record<SessionEventType, Expected> => ({
  start: [kind],
  hello: [kind],
  frame: [kind],
  received: [kind],
  retryTold: [kind],
  notice: [kind],
  ended: [kind],
  failed: [kind],
  refused: [kind],
  timeout: [kind],
  doubted: [kind],
  reconnect: [kind],
  resnapshot: [kind],
  close: [kind],
})
const OPENING = (kind: 'connecting' | 'stale'): Record<SessionEventType, Expected> => ({
  start: [kind],
  hello: ['live'],
  frame: [kind, 'deliver'],
  received: [kind],
  retryTold: [kind],
  notice: ['waiting', 'disconnect'],
  ended: ['waiting'],
  failed: ['waiting'],
  refused: ['closed'],
  timeout: ['waiting', 'disconnect'],
  doubted: [kind],
  reconnect: ['connecting', 'disconnect', 'connect'],
  resnapshot: ['connecting', 'disconnect', 'connect'],
  close: ['closed', 'disconnect'],
})
const EXPECTED: Record<SessionKind, Record<SessionEventType, Expected>> = {
  idle: {
    ...IGNORED('idle'),
    start: ['connecting', 'connect'],
    reconnect: ['connecting', 'connect'],
    close: ['closed'],
  },
  connecting: OPENING('connecting'),
  live: {
    start: ['live'],
    hello: ['live'],
    frame: ['live', 'deliver'],
    received: ['live'],
    retryTold: ['live'],
    notice: ['waiting', 'disconnect'],
    ended: ['waiting'],
    failed: ['waiting'],
    refused: ['closed'],
    timeout: ['stale', 'disconnect', 'connect'],
    doubted: ['stale', 'disconnect', 'connect'],
    reconnect: ['connecting', 'disconnect', 'connect'],
    resnapshot: ['connecting', 'disconnect', 'connect'],
    close: ['closed', 'disconnect'],
  },
  stale: OPENING('stale'),
  waiting: {
    ...IGNORED('waiting'),
    timeout: ['connecting', 'connect'],
    doubted: ['connecting', 'connect'],
    reconnect: ['connecting', 'connect'],
    close: ['closed'],
  },
  closed: IGNORED('closed'),
}

describe('the table', () => {
  for (const kind of SESSION_KINDS) {
    test(kind, () => {
      const state = EXAMPLES[kind]
      assert.equal(state.kind, kind)
      for (const event of Object.values(EVENTS)) {
        const step = next(state, event, { nowMs: state.deadlineMs ?? 0, chance: 0.5 })
        const got = [step.state.kind, ...step.effects.map(({ type }) => type)]
        assert.deepEqual(got, EXPECTED[kind][event.type], `${kind} × ${event.type}`)
      }
    })
  }
})

describe('between the cells', () => {
  const at = (nowMs: number, chance = 0.5): At => ({ nowMs, chance })

  test('a timer that rings early changes nothing', () => {
    for (const state of Object.values(EXAMPLES)) {
      const step = next(state, EVENTS.timeout, at((state.deadlineMs ?? 1) - 1))
      assert.equal(step.state, state)
    }
  })

  test('a doubt leaves one heartbeat, not two and a half', () => {
    const { deadlineMs } = next(LIVE, EVENTS.doubted, at(1_000)).state
    assert.equal(deadlineMs, HEARTBEAT_MS + 2_000)
    const late = next(LIVE, EVENTS.doubted, at(30_000)).state
    assert.equal(late.deadlineMs, 32_000)
    assert.equal(next(late, EVENTS.received, at(31_000)).state.deadlineMs, 31_000 + 2.5 * HEARTBEAT_MS)
  })

  test('waits as long as it is told: the stream in retry, the answer in Retry-After, a notice in retryMs', () => {
    const told = next(LIVE, EVENTS.retryTold, at(0)).state
    assert.equal(next(told, EVENTS.ended, at(10, 0)).state.deadlineMs, 4_010)
    const failed = { ...EVENTS.failed, retryMs: 7_000 }
    assert.equal(next(EXAMPLES.connecting, failed, at(10)).state.deadlineMs, 7_010)
    assert.equal(next(LIVE, EVENTS.notice, at(10)).state.deadlineMs, 8_010)
  })

  test('attempts grow over streams that do not hold, and start over after one that does', () => {
    let state = LIVE
    const delays: number[] = []
    for (let i = 0; i < 8; i++) {
      const nowMs = state.sinceMs
      state = next(state, { type: 'failed', reason, retryMs: undefined }, at(nowMs, 0.9999)).state
      delays.push(state.deadlineMs! - nowMs)
      state = run(state, [EVENTS.timeout, EVENTS.hello], at(state.deadlineMs!))
    }
    assert.deepEqual(delays, [1_000, 2_000, 4_000, 7_999, 15_998, 29_997, 29_997, 29_997])
    const held = next(state, EVENTS.ended, at(state.sinceMs + SHORT_STREAM_MS)).state
    assert.equal(held.attempts, 1)
  })

  test('three short or mute streams in a row bring the long poll, and it says so while it is live', () => {
    let state = EXAMPLES.connecting
    for (const event of [EVENTS.timeout, EVENTS.ended, EVENTS.timeout]) {
      assert.equal(state.transport, 'sse')
      state = next(state, event, at(state.deadlineMs!)).state
      assert.equal(state.kind, 'waiting')
      state = next(state, EVENTS.timeout, at(state.deadlineMs!)).state
    }
    assert.equal(state.transport, 'longPoll')
    state = next(state, EVENTS.hello, at(state.sinceMs)).state
    assert.ok(fellBack(state))
    assert.equal(state.reason?.code, 'stream-does-not-pass')
    const again = next(state, EVENTS.reconnect, at(state.sinceMs))
    assert.equal(again.state.transport, 'sse')
    const online = next(state, { type: 'doubted', why: 'online' }, at(state.sinceMs))
    assert.deepEqual(
      online.effects.map(({ type }) => type),
      ['disconnect', 'connect'],
    )
  })

  test('a refused connection says nothing about streams, and a choice is a choice', () => {
    let state = EXAMPLES.connecting
    for (let i = 0; i < 10; i++) {
      state = next(state, EVENTS.failed, at(state.sinceMs)).state
      state = next(state, EVENTS.timeout, at(state.deadlineMs!)).state
    }
    assert.equal(state.transport, 'sse')
    let chosen = run(startSession('sse', 0), [EVENTS.start])
    for (let i = 0; i < 10; i++) {
      chosen = next(chosen, EVENTS.ended, at(chosen.sinceMs)).state
      chosen = next(chosen, EVENTS.timeout, at(chosen.deadlineMs!)).state
    }
    assert.equal(chosen.transport, 'sse')
  })

  test('a second resnapshot waits for the first, and gap after gap is slowed down', () => {
    const first = next(LIVE, EVENTS.resnapshot, at(1))
    assert.deepEqual([first.state.kind, first.state.reading.last], ['waiting', undefined])
    const connecting = next(first.state, EVENTS.timeout, at(first.state.deadlineMs!))
    assert.deepEqual(connecting.effects, [{ type: 'connect', transport: 'sse', last: undefined, snapshot: true }])
    assert.equal(next(connecting.state, EVENTS.resnapshot, at(connecting.state.sinceMs)).state, connecting.state)
  })
})

// Random sequences, against what SPEC.md says always holds.

const anyId = fc
  .tuple(fc.constantFrom('abcd', 'efgh'), fc.nat({ max: 12 }))
  .map(([epoch, seq]): string | undefined => `${epoch}-${seq}`)
const anyFrame = fc.record({
  type: fc.constant('frame' as const),
  kind: fc.constantFrom('durable', 'snapshot', 'mark', 'hello', 'control', 'reset'),
  id: fc.oneof({ weight: 6, arbitrary: anyId }, fc.constantFrom(undefined, '', 'garbage')),
})
const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  { weight: 8, arbitrary: anyFrame as fc.Arbitrary<SessionEvent> },
  { weight: 6, arbitrary: fc.constantFrom(EVENTS.start, EVENTS.hello, EVENTS.timeout, EVENTS.timeout) },
  {
    weight: 5,
    arbitrary: fc.constantFrom(...Object.values(EVENTS).filter(({ type }) => type !== 'close' && type !== 'refused')),
  },
  { weight: 1, arbitrary: fc.constantFrom<SessionEvent>(EVENTS.refused, EVENTS.close) },
  {
    weight: 2,
    arbitrary: fc
      .oneof(fc.integer(), fc.constantFrom(Number.NaN, -1, 1e12))
      .map((retryMs): SessionEvent => ({ type: 'notice', retryMs, reason })),
  },
)
const anyRun = fc.record({
  choice: fc.constantFrom('auto', 'sse', 'longPoll'),
  last: fc.option(fc.oneof(anyId, fc.constant('garbage')), { nil: undefined }),
  moves: fc.array(
    fc.record({
      event: anyEvent,
      passMs: fc.constantFrom(0, 1, 400, 5_000, 40_000),
      chance: fc.double({ min: 0, max: 0.999999, noNaN: true }),
    }),
    { maxLength: 80 },
  ),
})

test('F1-F6 hold over every sequence of events', () => {
  fc.assert(
    fc.property(anyRun, ({ choice, last, moves }) => {
      let nowMs = 0
      let state = startSession(choice, nowMs, last)
      let open = 0
      let delivered = new Set<string>()
      for (const { event, passMs, chance } of [{ event: EVENTS.start, passMs: 0, chance: 0 }, ...moves]) {
        nowMs += passMs
        const before = state
        const step = next(state, event, { nowMs, chance })
        state = step.state
        for (const { type } of step.effects) {
          if (type === 'connect') open++
          if (type === 'disconnect') open--
          assert.ok(open === 0 || open === 1, 'F3: one connection')
        }
        // These come from the connection itself, which is over by then.
        const over = event.type === 'ended' || event.type === 'failed' || event.type === 'refused'
        if (over && ['connecting', 'live', 'stale'].includes(before.kind)) open--
        assert.equal(open === 1, ['connecting', 'live', 'stale'].includes(state.kind), 'F3: open where it says so')
        const forgot = before.reading.last !== undefined && state.reading.last === undefined
        if (forgot) {
          assert.ok(state.reading.snapshotOwed, 'F1: a snapshot is owed')
          delivered = new Set()
        } else assertForward(before, state)
        const taken = step.effects.some(({ type }) => type === 'deliver')
        if (taken && event.type === 'frame' && event.kind === 'durable' && event.id) {
          assert.ok(!delivered.has(event.id), 'F2: no id twice')
          delivered.add(event.id)
        }
        if (state.kind !== 'idle' && state.kind !== 'closed')
          assert.ok(state.deadlineMs !== undefined, 'F4: a deadline')
        if (state.kind === 'waiting' && before.kind !== 'waiting') assertBounded(state, event, nowMs)
        if (before.kind === 'closed') assert.equal(state, before, 'F6: closed is for good')
      }
    }),
    { numRuns: 3_000 },
  )
})

function assertForward(before: SessionState, after: SessionState): void {
  const from = parsePosition(before.reading.last ?? '')
  const to = parsePosition(after.reading.last ?? '')
  if (from === undefined || to === undefined) return
  assert.equal(to.epoch, from.epoch, 'F1: an epoch changes through a reset only')
  assert.ok(to.seq >= from.seq, 'F1: the position never goes back')
}

function assertBounded(state: SessionState, event: SessionEvent, nowMs: number): void {
  const waitMs = state.deadlineMs! - nowMs
  const named = event.type === 'notice' || event.type === 'failed'
  assert.ok(waitMs >= (named ? 0 : 500) && waitMs <= (named ? TOLD_MOST_MS : 30_000), `F5: ${waitMs} ms`)
}

test('a connection that never says hello is given up after five seconds', () => {
  assert.equal(EXAMPLES.connecting.deadlineMs, HELLO_MS)
})
