// The feed session's table, cell by cell, and what holds over every sequence of events. A missing cell does not compile.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parsePosition } from '@papertape/protocol'
import fc from 'fast-check'
import { SERVER_RETRY_MAX_MS } from '../platform/backoff.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { holds } from '../testing/seeded-property.ts'
import { fellBack } from './fallback.ts'
import { inOrder, next } from './session-machine.ts'
import {
  freshness,
  HELLO_MS,
  SESSION_KINDS,
  type SessionEffect,
  type SessionEvent,
  type SessionEventType,
  type SessionKind,
  type SessionState,
  SHORT_STREAM_MS,
  startSession,
} from './session-state.ts'

const HEARTBEAT_MS = 15_000
const reason = { code: 'test', text: 'test' }
const EVENTS: { readonly [E in SessionEventType]: Extract<SessionEvent, { type: E }> } = {
  start: { type: 'start' },
  hello: { type: 'hello', heartbeatMs: HEARTBEAT_MS, silenceMaxMs: 2 * HEARTBEAT_MS },
  frame: { type: 'frame', kind: 'durable', id: 'abcd-7' },
  received: { type: 'received' },
  retryReceived: { type: 'retryReceived', retryMs: 4_000 },
  notice: { type: 'notice', retryMs: 8_000, reason },
  lagging: { type: 'lagging' },
  ended: { type: 'ended', reason },
  failed: { type: 'failed', reason, retryMs: undefined },
  refused: { type: 'refused', reason },
  probed: { type: 'probed', passes: true },
  timeout: { type: 'timeout' },
  suspected: { type: 'suspected', why: 'visible' },
  resubscribed: { type: 'resubscribed' },
  reconnect: { type: 'reconnect' },
  resnapshot: { type: 'resnapshot' },
  close: { type: 'close' },
}

const run = (state: SessionState, events: readonly SessionEvent[], at: StepContext = { nowMs: 0, chance: 0 }) =>
  events.reduce((now, event) => next(now, event, at).state, state)

const IDLE = startSession('auto', 0, 'abcd-5')
const LIVE = run(IDLE, [EVENTS.start, EVENTS.hello])
/** A conflated quote. */
const QUOTE: SessionEvent = { type: 'frame', kind: 'durable', id: undefined }
/** So many quotes at this pace, from when the state began. */
function quotes(state: SessionState, count: number, everyMs: number): SessionState {
  let now = state
  for (let i = 1; i <= count; i++) {
    const at = { nowMs: state.sinceMs + i * everyMs, chance: 0 }
    now = next(next(now, EVENTS.received, at).state, QUOTE, at).state
  }
  return now
}
const BUSY = quotes(LIVE, 20, 100)
const EXAMPLES: Record<SessionKind, SessionState> = {
  idle: IDLE,
  connecting: run(IDLE, [EVENTS.start]),
  live: LIVE,
  stale: run(BUSY, [EVENTS.timeout], { nowMs: BUSY.deadlineMs!, chance: 0 }),
  waiting: run(LIVE, [EVENTS.ended]),
  closed: run(IDLE, [EVENTS.close]),
}

/** The next kind, then the effects. Every example is asked at its own deadline, when a timeout is due. */
type Expected = readonly [SessionKind, ...SessionEffect['type'][]]
const IGNORED = (kind: SessionKind): Record<SessionEventType, Expected> => ({
  start: [kind],
  hello: [kind],
  frame: [kind],
  received: [kind],
  retryReceived: [kind],
  notice: [kind],
  lagging: [kind],
  ended: [kind],
  failed: [kind],
  refused: [kind],
  probed: [kind],
  timeout: [kind],
  suspected: [kind],
  resubscribed: [kind],
  reconnect: [kind],
  resnapshot: [kind],
  close: [kind],
})
/** While a connection is open. */
const OPEN = (kind: 'connecting' | 'live' | 'stale'): Record<SessionEventType, Expected> => ({
  start: [kind],
  hello: [kind],
  frame: [kind, 'deliver'],
  received: [kind],
  retryReceived: [kind],
  notice: ['waiting', 'disconnect'],
  lagging: [kind],
  ended: ['waiting'],
  failed: ['waiting'],
  refused: ['closed'],
  probed: [kind],
  timeout: ['connecting', 'disconnect', 'connect'],
  suspected: [kind],
  resubscribed: ['connecting', 'disconnect', 'connect'],
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
  connecting: { ...OPEN('connecting'), hello: ['live'], timeout: ['waiting', 'disconnect'] },
  live: { ...OPEN('live'), suspected: ['connecting', 'disconnect', 'connect'] },
  stale: { ...OPEN('stale'), frame: ['live', 'deliver'] },
  waiting: {
    ...IGNORED('waiting'),
    timeout: ['connecting', 'connect'],
    suspected: ['connecting', 'connect'],
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
  const at = (nowMs: number, chance = 0.5): StepContext => ({ nowMs, chance })

  test('a timer that rings early changes nothing', () => {
    for (const state of Object.values(EXAMPLES)) {
      const step = next(state, EVENTS.timeout, at((state.deadlineMs ?? 1) - 1))
      assert.equal(step.state, state)
    }
  })

  test('a doubt leaves one heartbeat, not two', () => {
    const { deadlineMs } = next(LIVE, EVENTS.suspected, at(1_000)).state
    assert.equal(deadlineMs, HEARTBEAT_MS + 2_000)
    const late = next(LIVE, EVENTS.suspected, at(20_000)).state
    assert.equal(late.deadlineMs, 22_000)
    assert.equal(next(late, EVENTS.received, at(21_000)).state.deadlineMs, 21_000 + 2 * HEARTBEAT_MS)
  })

  test('waits as long as it is told: the stream in retry, the answer in Retry-After, a notice in retryMs', () => {
    const told = next(LIVE, EVENTS.retryReceived, at(0)).state
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

  /** Streams fail this often, from `state`, which is connecting; polls that are tried beside them pass, or do not. */
  function failStreams(state: SessionState, count: number, pollPasses: boolean): SessionState {
    let now = state
    for (let i = 0; i < count; i++) {
      if (now.probe === 'longPoll') now = next(now, { type: 'probed', passes: pollPasses }, at(now.sinceMs)).state
      now = next(now, i % 2 === 0 ? EVENTS.timeout : EVENTS.ended, at(now.deadlineMs!)).state
      assert.equal(now.kind, 'waiting')
      now = next(now, EVENTS.timeout, at(now.deadlineMs!)).state
    }
    return now
  }

  test('three short or mute streams in a row while a poll passes bring the long poll, and it says so', () => {
    const two = failStreams(EXAMPLES.connecting, 2, true)
    assert.deepEqual([two.transport, two.probe], ['sse', 'longPoll'])
    let state = failStreams(two, 1, true)
    assert.equal(state.transport, 'longPoll')
    state = next(state, EVENTS.hello, at(state.sinceMs)).state
    assert.ok(fellBack(state))
    assert.equal(state.reason?.code, 'stream-does-not-pass')
    const again = next(state, EVENTS.reconnect, at(state.sinceMs))
    assert.equal(again.state.transport, 'sse')
    const online = next(state, { type: 'suspected', why: 'online' }, at(state.sinceMs))
    assert.deepEqual(
      online.effects.map(({ type }) => type),
      ['disconnect', 'connect'],
    )
  })

  test('a server that answers neither streams nor polls is no reason to poll', () => {
    const stalled = failStreams(EXAMPLES.connecting, 12, false)
    assert.deepEqual([stalled.transport, stalled.probe], ['sse', 'longPoll'])
  })

  test('the poll that passes may be answered after the third stream has failed', () => {
    const two = failStreams(EXAMPLES.connecting, 2, true)
    const waiting = next(two, EVENTS.ended, at(two.sinceMs)).state
    assert.deepEqual([waiting.kind, waiting.transport], ['waiting', 'sse'])
    assert.equal(next(waiting, EVENTS.probed, at(waiting.sinceMs)).state.transport, 'longPoll')
  })

  test('polling, a stream is tried again next to it, with growing pauses, and takes over when it passes', () => {
    let state = failStreams(EXAMPLES.connecting, 3, true)
    state = run(state, [EVENTS.hello, QUOTE], at(state.sinceMs, 0))
    const pauses: number[] = []
    for (let i = 0; i < 7; i++) {
      const fromMs = state.sinceMs
      state = next(state, EVENTS.received, at(state.streamTryAtMs! - 1)).state
      pauses.push(state.deadlineMs! - fromMs)
      const step = next(state, EVENTS.timeout, at(state.deadlineMs!, 0))
      assert.deepEqual(step.effects, [{ type: 'probe', transport: 'sse' }])
      state = next(
        { ...step.state, sinceMs: state.deadlineMs! },
        { type: 'probed', passes: false },
        at(state.deadlineMs!, 0),
      ).state
      assert.deepEqual([state.kind, state.transport, freshness(state, state.sinceMs)], ['live', 'longPoll', 'live'])
    }
    assert.deepEqual(pauses.slice(1), [30_000, 60_000, 120_000, 240_000, 300_000, 300_000])
    state = next(state, EVENTS.received, at(state.streamTryAtMs! - 1)).state
    const tried = next(state, EVENTS.timeout, at(state.deadlineMs!)).state
    const { state: back, effects } = next(tried, EVENTS.probed, at(state.deadlineMs!))
    assert.deepEqual(
      effects.map(({ type }) => type),
      ['disconnect', 'connect', 'probe'],
    )
    assert.deepEqual([back.transport, freshness(back, back.sinceMs)], ['sse', 'live'])
    // It did not hold: polled again at once, and the next trial comes no sooner than the last would have.
    const polling = next(next(back, EVENTS.probed, at(back.sinceMs)).state, EVENTS.ended, at(back.sinceMs, 0)).state
    assert.deepEqual([polling.transport, polling.streamTryAtMs! - polling.sinceMs], ['longPoll', 300_000])
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

describe('freshness', () => {
  const at = (nowMs: number, chance = 0.5): StepContext => ({ nowMs, chance })
  const data = (state: SessionState) => next(state, QUOTE, at(state.sinceMs)).state

  test('none before data, whatever the connection does', () => {
    for (const state of [IDLE, EXAMPLES.connecting, LIVE, EXAMPLES.waiting, EXAMPLES.closed]) {
      assert.equal(freshness(state, state.sinceMs), 'none', state.kind)
    }
    assert.equal(freshness(data(LIVE), 0), 'live')
  })

  test('three seconds of silence are odd where quotes come ten times a second, and a frame ends the doubt', () => {
    const lastMs = BUSY.lastArrivalMs!
    assert.equal(BUSY.deadlineMs, lastMs + 3_000)
    const stale = next(BUSY, EVENTS.timeout, at(lastMs + 3_000)).state
    assert.deepEqual(
      [stale.kind, freshness(stale, stale.sinceMs), stale.doubtfulSinceMs],
      ['stale', 'doubtful', lastMs + 3_000],
    )
    const comment = next(stale, EVENTS.received, at(lastMs + 4_000)).state
    assert.equal(freshness(comment, lastMs + 4_000), 'doubtful')
    const again = next(comment, QUOTE, at(lastMs + 4_000)).state
    assert.deepEqual([again.kind, freshness(again, lastMs + 4_000)], ['live', 'live'])
    assert.ok(again.deadlineMs! > lastMs + 7_000, 'the arrivals is learnt anew')
    const dead = next(stale, EVENTS.timeout, at(stale.deadlineMs!)).state
    assert.deepEqual([dead.kind, dead.sinceMs - lastMs, dead.doubtfulSinceMs], ['connecting', 17_000, stale.sinceMs])
  })

  test('a quiet market is live as long as its heartbeats come', () => {
    for (const everyMs of [2_000, 5_000, 14_000]) {
      const quiet = quotes(LIVE, 20, everyMs)
      assert.ok(quiet.deadlineMs! - quiet.lastArrivalMs! >= Math.min(30_000, 10 * everyMs), `${everyMs}`)
    }
    const heart: SessionEvent = { type: 'frame', kind: 'mark', id: 'abcd-9' }
    let state = BUSY
    for (let i = 1; i <= 4; i++) {
      // The market has closed: odd at first, then heartbeats alone.
      const nowMs = BUSY.lastArrivalMs! + i * HEARTBEAT_MS
      if (nowMs >= state.deadlineMs!) state = next(state, EVENTS.timeout, at(state.deadlineMs!)).state
      assert.equal(state.kind, i === 1 ? 'stale' : 'live')
      state = run(state, [EVENTS.received, heart], at(nowMs))
      assert.deepEqual([state.kind, state.deadlineMs! - nowMs], ['live', 2 * HEARTBEAT_MS])
    }
  })

  test('a change of phase or a replay is no arrivals', () => {
    const halt: SessionEvent = { type: 'frame', kind: 'durable', id: 'abcd-8', phaseChange: true }
    const snapshot: SessionEvent = { type: 'frame', kind: 'snapshot', id: 'abcd-8' }
    for (const event of [halt, snapshot]) {
      const state = next(BUSY, event, at(BUSY.lastArrivalMs!)).state
      assert.equal(state.deadlineMs, BUSY.lastArrivalMs! + 2 * HEARTBEAT_MS)
    }
    assert.equal(quotes(LIVE, 100, 1).arrivals.gaps < 6, true)
  })

  test('one loss has one beginning, and neither retries nor greetings end it', () => {
    let state = next(data(LIVE), EVENTS.ended, at(1_000)).state
    for (let i = 0; i < 4; i++) {
      for (const event of [EVENTS.timeout, EVENTS.received, EVENTS.hello, EVENTS.received, EVENTS.ended]) {
        const nowMs = event.type === 'timeout' ? state.deadlineMs! : state.sinceMs
        state = next(state, event, at(nowMs)).state
        assert.deepEqual([freshness(state, nowMs), state.doubtfulSinceMs], ['doubtful', 1_000], event.type)
      }
    }
    state = run(state, [EVENTS.timeout, EVENTS.hello], at(state.deadlineMs!))
    for (const kind of ['control', 'hello'] as const) {
      state = next(state, { type: 'frame', kind, id: undefined }, at(state.sinceMs)).state
      assert.equal(freshness(state, state.sinceMs), 'doubtful')
    }
    assert.equal(freshness(data(state), state.sinceMs), 'live')
  })

  test('after a reset nothing is live before its snapshot', () => {
    const reset: SessionEvent = { type: 'frame', kind: 'reset', id: undefined }
    const heart: SessionEvent = { type: 'frame', kind: 'mark', id: 'zzzz-3' }
    const lost = run(data(LIVE), [EVENTS.ended, EVENTS.reconnect, EVENTS.hello, reset, heart, QUOTE], at(10))
    assert.equal(freshness(lost, 10), 'doubtful')
    assert.equal(freshness(next(lost, { type: 'frame', kind: 'snapshot', id: 'zzzz-4' }, at(10)).state, 10), 'live')
  })

  test('a reader that lags is doubtful, and its end is no sign against streams', () => {
    const lagging = next(BUSY, EVENTS.lagging, at(BUSY.lastArrivalMs!)).state
    assert.equal(freshness(lagging, BUSY.lastArrivalMs!), 'doubtful')
    const caughtUp = next(lagging, QUOTE, at(BUSY.lastArrivalMs!)).state
    assert.deepEqual([freshness(caughtUp, BUSY.lastArrivalMs!), caughtUp.lagging], ['live', false])
    const young = run(LIVE, [EVENTS.lagging, EVENTS.ended])
    assert.deepEqual([young.kind, young.reason?.code, young.shortStreams], ['waiting', 'lagging', 0])
  })

  test('what was frozen or overdue is doubtful first, before any timer has rung', () => {
    const live = data(LIVE)
    assert.equal(freshness(live, live.deadlineMs!), 'doubtful')
    const woken = next(live, { type: 'suspected', why: 'resumed' }, at(10))
    assert.deepEqual([woken.state.kind, freshness(woken.state, 10)], ['connecting', 'doubtful'])
    const slept = next(live, EVENTS.timeout, at(3_600_000))
    assert.deepEqual(
      slept.effects.map(({ type }) => type),
      ['disconnect', 'connect'],
    )
    for (const why of ['offline', 'online'] as const) {
      const state = next(live, { type: 'suspected', why }, at(10)).state
      assert.deepEqual(
        [state.kind, freshness(state, 10), freshness(data(state), 10)],
        ['stale', 'doubtful', 'live'],
        why,
      )
    }
  })

  test('another subscription leaves live what was, for three seconds at most', () => {
    const live = data(LIVE)
    const changing = next(live, EVENTS.resubscribed, at(100))
    assert.deepEqual(changing.effects.at(-1), { type: 'connect', transport: 'sse', last: 'abcd-5', snapshot: false })
    assert.equal(freshness(changing.state, 3_099), 'live')
    const late = next(changing.state, EVENTS.timeout, at(3_100)).state
    assert.deepEqual([late.kind, freshness(late, 3_100), late.deadlineMs], ['connecting', 'doubtful', 5_100])
    const done = next(changing.state, EVENTS.hello, at(150)).state
    assert.deepEqual([done.kind, freshness(done, 150)], ['live', 'live'])
    const waiting = EXAMPLES.waiting
    assert.equal(next(waiting, EVENTS.resubscribed, at(0)).state, waiting)
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
    arbitrary: fc.constantFrom<SessionEvent>(
      ...Object.values(EVENTS).filter(({ type }) => type !== 'close' && type !== 'refused'),
      { type: 'probed', passes: false },
      { type: 'suspected', why: 'online' },
      { type: 'suspected', why: 'offline' },
      { type: 'suspected', why: 'resumed' },
    ),
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

test('F1-F8 hold over every sequence of events', () => {
  holds(
    import.meta.filename,
    fc.property(anyRun, ({ choice, last, moves }) => {
      let nowMs = 0
      let state = startSession(choice, nowMs, last)
      let open = 0
      let probing = false
      let delivered = new Set<string>()
      const steps = function* () {
        for (const { event, passMs, chance } of [{ event: EVENTS.start, passMs: 0, chance: 0 }, ...moves]) {
          nowMs += passMs
          for (const one of inOrder(state, event, nowMs)) yield { event: one, chance }
        }
      }
      for (const { event, chance } of steps()) {
        const before = state
        const step = next(state, event, { nowMs, chance })
        state = step.state
        for (const { type } of step.effects) {
          if (type === 'connect') open++
          if (type === 'disconnect') open--
          if (type === 'probe') probing = true
          if (type === 'endProbe') probing = false
          assert.ok(open === 0 || open === 1, 'F3: one connection')
        }
        if (event.type === 'probed') probing = false
        assert.equal(state.probe !== undefined, probing && state.kind !== 'idle', 'F7: one probe, where it says so')
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
        const isData = taken && event.type === 'frame' && ['durable', 'snapshot', 'mark'].includes(event.kind)
        assertHonest(before, state, isData, nowMs)
      }
    }),
    3_000,
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
  assert.ok(waitMs >= (named ? 0 : 500) && waitMs <= (named ? SERVER_RETRY_MAX_MS : 30_000), `F5: ${waitMs} ms`)
}

function assertHonest(before: SessionState, after: SessionState, isData: boolean, nowMs: number): void {
  if (isData) return
  if (freshness(after, nowMs) === 'live') assert.equal(freshness(before, nowMs), 'live', 'F8: only data makes live')
  if (before.doubtfulSinceMs !== undefined) {
    assert.equal(after.doubtfulSinceMs, before.doubtfulSinceMs, 'F8: a loss has one beginning')
  }
  if (after.hasData && ['waiting', 'stale', 'closed'].includes(after.kind)) {
    assert.equal(freshness(after, nowMs), 'doubtful', 'F8: nothing is live there')
  }
}

test('a connection that never says hello is given up after five seconds', () => {
  assert.equal(EXAMPLES.connecting.deadlineMs, HELLO_MS)
})
