// The feed session's machine: its table is the one in SPEC.md, and the invariants of SPEC.md hold over every sequence
// of events.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parsePosition } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { SERVER_RETRY_MAX_MS } from '../platform/backoff.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { inOrder } from '../platform/state-machine.ts'
import { assertInSpec, buildTable, outcomeOf, readSpec } from '../testing/spec-table.ts'
import { next } from './session-machine.ts'
import {
  freshness,
  HELLO_MS,
  type LiveSession,
  SESSION_KINDS,
  type SessionEvent,
  type SessionEventOf,
  type SessionEventType,
  type SessionKind,
  type SessionOfKind,
  type SessionState,
  type SessionStep,
  SHORT_STREAM_MS,
  startSession,
} from './session-state.ts'
import { hasFallenBack } from './transport-selection.ts'

const HEARTBEAT_MS = 15_000
const reason = { code: 'test', text: 'test' }
const EVENTS = {
  start: { type: 'start' },
  hello: { type: 'hello', heartbeatMs: HEARTBEAT_MS, silenceMaxMs: 2 * HEARTBEAT_MS },
  frame: { type: 'frame', kind: 'durable', id: 'abcd-7' },
  received: { type: 'received' },
  retryReceived: { type: 'retryReceived', retryMs: 4_000 },
  notice: { type: 'notice', retryMs: 8_000, reason },
  lagging: { type: 'lagging', ends: true },
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
} as const satisfies { readonly [Type in SessionEventType]: SessionEventOf<Type> }

const at = (nowMs: number, chance = 0.5): StepContext => ({ nowMs, chance })
const run = (state: SessionState, events: readonly SessionEvent[], context: StepContext = at(0, 0)) =>
  events.reduce((now, event) => next(now, event, context).state, state)

function ofKind<Kind extends SessionKind>(kind: Kind, state: SessionState): SessionOfKind<Kind> {
  assert.equal(state.kind, kind)
  return state as SessionOfKind<Kind>
}

const IDLE = startSession('auto', 0, 'abcd-5')
const CONNECTING = ofKind('connecting', run(IDLE, [EVENTS.start]))
const LIVE = ofKind('live', run(CONNECTING, [EVENTS.hello]))
/** A conflated quote. */
const QUOTE: SessionEvent = { type: 'frame', kind: 'durable', id: undefined }
/** `count` quotes, one every `intervalMs` from the state's start. */
function quotes(state: LiveSession, count: number, intervalMs: number): LiveSession {
  let now: SessionState = state
  for (let i = 1; i <= count; i++) {
    const context = at(state.sinceMs + i * intervalMs, 0)
    now = next(next(now, EVENTS.received, context).state, QUOTE, context).state
  }
  return ofKind('live', now)
}
const BUSY = quotes(LIVE, 20, 100)
const STALE = ofKind('stale', run(BUSY, [EVENTS.timeout], at(BUSY.deadlineMs, 0)))
const WAITING = ofKind('waiting', run(LIVE, [EVENTS.ended]))
const CLOSED = ofKind('closed', run(IDLE, [EVENTS.close]))
const POLL_ATTEMPT = failStreams(CONNECTING, 3, true)
const POLLING = ofKind('live', run(POLL_ATTEMPT, [EVENTS.hello, QUOTE], at(POLL_ATTEMPT.sinceMs, 0)))
const PROBING = ofKind('live', run(POLLING, [EVENTS.timeout], at(POLLING.deadlineMs, 0)))
/** A reset was delivered, and a heartbeat after it, but not yet the snapshot. */
const AFTER_RESET = run(LIVE, [
  { type: 'frame', kind: 'reset', id: undefined },
  { type: 'frame', kind: 'mark', id: 'abcd-5' },
])

/**
 * Streams fail `count` times, from `state`; polls that are tried beside them pass or fail. Returns the next attempt.
 */
function failStreams(state: SessionState, count: number, pollPasses: boolean): SessionOfKind<'connecting'> {
  let now = state
  for (let i = 0; i < count; i++) {
    if (now.transports.probe === 'longPoll') {
      now = next(now, { type: 'probed', passes: pollPasses }, at(now.sinceMs)).state
    }
    now = ofKind('waiting', next(now, i % 2 === 0 ? EVENTS.timeout : EVENTS.ended, at(now.deadlineMs!)).state)
    now = next(now, EVENTS.timeout, at(now.deadlineMs!)).state
  }
  return ofKind('connecting', now)
}

/** Names of the effects. That a probe accompanies `connect`, or is ended, is in the text of SPEC.md. */
function effectsOf({ effects }: SessionStep): string[] {
  const connects = effects.some(({ type }) => type === 'connect')
  return effects.map(({ type }) => type).filter(type => type !== 'endProbe' && !(connects && type === 'probe'))
}

const HEADING = 'The feed session (`feed/session-machine.ts`)'

describe('the table', () => {
  /** Every event, with the variants that have different outcomes. */
  const VARIANTS: { readonly [Type in SessionEventType]: Readonly<Record<string, SessionEventOf<Type>>> } = {
    start: { '': EVENTS.start },
    hello: { '': EVENTS.hello },
    frame: {
      data: EVENTS.frame,
      control: { type: 'frame', kind: 'control', id: undefined },
      repeated: { type: 'frame', kind: 'durable', id: 'abcd-1' },
      foreign: { type: 'frame', kind: 'durable', id: 'zzzz-1' },
    },
    received: { '': EVENTS.received },
    retryReceived: { '': EVENTS.retryReceived },
    notice: { '': EVENTS.notice },
    lagging: { '': EVENTS.lagging, 'goes on': { type: 'lagging', ends: false } },
    ended: { '': EVENTS.ended },
    failed: { '': EVENTS.failed },
    refused: { '': EVENTS.refused },
    probed: { passes: EVENTS.probed, fails: { type: 'probed', passes: false } },
    timeout: { due: EVENTS.timeout },
    suspected: {
      offline: { type: 'suspected', why: 'offline' },
      online: { type: 'suspected', why: 'online' },
      visible: EVENTS.suspected,
      resumed: { type: 'suspected', why: 'resumed' },
    },
    resubscribed: { '': EVENTS.resubscribed },
    reconnect: { '': EVENTS.reconnect },
    resnapshot: { '': EVENTS.resnapshot },
    close: { '': EVENTS.close },
  }
  const owedLive = ofKind('live', AFTER_RESET)
  const owedConnecting = next(owedLive, EVENTS.reconnect, at(0)).state
  const owedStale = next(owedLive, { type: 'suspected', why: 'offline' }, at(0)).state
  const probingWaiting = next(PROBING, EVENTS.ended, at(PROBING.sinceMs)).state
  const probingConnecting = next(probingWaiting, EVENTS.reconnect, at(PROBING.sinceMs)).state
  const pollingAgain = next(probingWaiting, EVENTS.timeout, at(probingWaiting.deadlineMs!)).state
  const probingStale = next(PROBING, { type: 'suspected', why: 'offline' }, at(PROBING.sinceMs)).state
  const lagging = next(BUSY, EVENTS.lagging, at(BUSY.lastArrivalMs!)).state
  const changing = next(quotes(LIVE, 1, 1), EVENTS.resubscribed, at(1)).state
  /** States of each kind that react differently. */
  const EXAMPLES: { readonly [Kind in SessionKind]: readonly SessionOfKind<Kind>[] } = {
    idle: [IDLE],
    connecting: [
      CONNECTING,
      ...[changing, owedConnecting, probingConnecting, pollingAgain].map(one => ofKind('connecting', one)),
    ],
    live: [LIVE, quotes(LIVE, 60, 100), POLLING, PROBING, owedLive, ofKind('live', lagging)],
    stale: [STALE, ...[owedStale, probingStale].map(one => ofKind('stale', one))],
    waiting: [WAITING, ofKind('waiting', probingWaiting)],
    closed: [CLOSED],
  }

  test('of SPEC.md is the table of the machine', () => {
    const table = buildTable<SessionKind, SessionEvent>(SESSION_KINDS, VARIANTS, (kind, event) =>
      EXAMPLES[kind].map((state: SessionState) => {
        // After a deadline the timeout is applied first, so other events find it not due yet.
        const nowMs = event.type === 'timeout' ? (state.deadlineMs ?? 0) : (state.lastArrivalMs ?? state.sinceMs)
        const step = next(state, event, at(nowMs))
        return outcomeOf(state, { state: step.state, effects: effectsOf(step) })
      }),
    )
    assertInSpec(HEADING, table)
  })

  test('a timeout before the deadline changes nothing', () => {
    for (const state of Object.values(EXAMPLES).flat()) {
      const step = next(state, EVENTS.timeout, at((state.deadlineMs ?? 1) - 1))
      assert.deepEqual([step.state, step.effects], [state, []])
    }
  })
})

describe('transitions', () => {
  test('a tab that is shown again shortens the deadline to one heartbeat', () => {
    const { deadlineMs } = next(LIVE, EVENTS.suspected, at(1_000)).state
    assert.equal(deadlineMs, HEARTBEAT_MS + 2_000)
    const late = next(LIVE, EVENTS.suspected, at(20_000)).state
    assert.equal(late.deadlineMs, 22_000)
    assert.equal(next(late, EVENTS.received, at(21_000)).state.deadlineMs, 21_000 + 2 * HEARTBEAT_MS)
  })

  test('waits as long as the server asks: retry of the stream, Retry-After of the answer, retryMs of a notice', () => {
    const retrying = next(LIVE, EVENTS.retryReceived, at(0)).state
    assert.equal(next(retrying, EVENTS.ended, at(10, 0)).state.deadlineMs, 4_010)
    const failed = { ...EVENTS.failed, retryMs: 7_000 }
    assert.equal(next(CONNECTING, failed, at(10)).state.deadlineMs, 7_010)
    assert.equal(next(LIVE, EVENTS.notice, at(10)).state.deadlineMs, 8_010)
  })

  test('attempts grow over short streams and start over after one that lasts', () => {
    let state: SessionState = LIVE
    const delays: number[] = []
    for (let i = 0; i < 8; i++) {
      const nowMs = state.sinceMs
      state = next(state, { type: 'failed', reason, retryMs: undefined }, at(nowMs, 0.9999)).state
      delays.push(state.deadlineMs! - nowMs)
      state = run(state, [EVENTS.timeout, EVENTS.hello], at(state.deadlineMs!))
    }
    assert.deepEqual(delays, [1_000, 2_000, 4_000, 7_999, 15_998, 29_997, 29_997, 29_997])
    const lasted = next(state, EVENTS.ended, at(state.sinceMs + SHORT_STREAM_MS)).state
    assert.equal(lasted.attempts, 1)
  })

  test('falls back to long poll after three short or silent streams in a row while a poll passes, and reports why', () => {
    const two = failStreams(CONNECTING, 2, true)
    assert.deepEqual([two.transports.transport, two.transports.probe], ['sse', 'longPoll'])
    let state: SessionState = failStreams(two, 1, true)
    assert.equal(state.transports.transport, 'longPoll')
    state = next(state, EVENTS.hello, at(state.sinceMs)).state
    assert.ok(hasFallenBack(state.transports))
    assert.equal(state.reason?.code, 'stream-does-not-pass')
    const again = next(state, EVENTS.reconnect, at(state.sinceMs))
    assert.equal(again.state.transports.transport, 'sse')
    const online = next(state, { type: 'suspected', why: 'online' }, at(state.sinceMs))
    assert.deepEqual(
      online.effects.map(({ type }) => type),
      ['disconnect', 'connect'],
    )
  })

  test('does not poll when the server answers neither streams nor polls', () => {
    const stalled = failStreams(CONNECTING, 12, false)
    assert.deepEqual([stalled.transports.transport, stalled.transports.probe], ['sse', 'longPoll'])
  })

  test('falls back when the poll is answered after the third stream has failed', () => {
    const two = failStreams(CONNECTING, 2, true)
    const waiting = next(two, EVENTS.ended, at(two.sinceMs)).state
    assert.deepEqual([waiting.kind, waiting.transports.transport], ['waiting', 'sse'])
    assert.equal(next(waiting, EVENTS.probed, at(waiting.sinceMs)).state.transports.transport, 'longPoll')
  })

  test('tries a stream beside the polls, with growing pauses, and returns to it when it passes', () => {
    let state: SessionState = failStreams(CONNECTING, 3, true)
    state = run(state, [EVENTS.hello, QUOTE], at(state.sinceMs, 0))
    const pauses: number[] = []
    for (let i = 0; i < 7; i++) {
      const fromMs = state.sinceMs
      state = next(state, EVENTS.received, at(state.transports.streamTrialAtMs! - 1)).state
      pauses.push(state.deadlineMs! - fromMs)
      const step = next(state, EVENTS.timeout, at(state.deadlineMs!, 0))
      assert.deepEqual(step.effects, [{ type: 'probe', transport: 'sse' }])
      state = next(
        { ...step.state, sinceMs: state.deadlineMs! },
        { type: 'probed', passes: false },
        at(state.deadlineMs!, 0),
      ).state
      assert.deepEqual(
        [state.kind, state.transports.transport, freshness(state, state.sinceMs)],
        ['live', 'longPoll', 'live'],
      )
    }
    assert.deepEqual(pauses.slice(1), [30_000, 60_000, 120_000, 240_000, 300_000, 300_000])
    state = next(state, EVENTS.received, at(state.transports.streamTrialAtMs! - 1)).state
    const tried = next(state, EVENTS.timeout, at(state.deadlineMs!)).state
    const { state: back, effects } = next(tried, EVENTS.probed, at(state.deadlineMs!))
    assert.deepEqual(
      effects.map(({ type }) => type),
      ['disconnect', 'connect', 'probe'],
    )
    assert.deepEqual([back.transports.transport, freshness(back, back.sinceMs)], ['sse', 'live'])
    // It did not last: it polls again at once, and the next trial is no sooner than before.
    const polling = next(next(back, EVENTS.probed, at(back.sinceMs)).state, EVENTS.ended, at(back.sinceMs, 0)).state
    assert.deepEqual(
      [polling.transports.transport, polling.transports.streamTrialAtMs! - polling.sinceMs],
      ['longPoll', 300_000],
    )
  })

  test('does not count failed requests against streams, and never changes a chosen transport', () => {
    let state: SessionState = CONNECTING
    for (let i = 0; i < 10; i++) {
      state = next(state, EVENTS.failed, at(state.sinceMs)).state
      state = next(state, EVENTS.timeout, at(state.deadlineMs!)).state
    }
    assert.equal(state.transports.transport, 'sse')
    let chosen: SessionState = run(startSession('sse', 0), [EVENTS.start])
    for (let i = 0; i < 10; i++) {
      chosen = next(chosen, EVENTS.ended, at(chosen.sinceMs)).state
      chosen = next(chosen, EVENTS.timeout, at(chosen.deadlineMs!)).state
    }
    assert.equal(chosen.transports.transport, 'sse')
  })

  test('ignores a second resnapshot before the first snapshot, and delays repeated ones', () => {
    const first = next(LIVE, EVENTS.resnapshot, at(1))
    assert.deepEqual([first.state.kind, first.state.position.last], ['waiting', undefined])
    const connecting = next(first.state, EVENTS.timeout, at(first.state.deadlineMs!))
    assert.deepEqual(connecting.effects, [{ type: 'connect', transport: 'sse', last: undefined, snapshot: true }])
    assert.equal(next(connecting.state, EVENTS.resnapshot, at(connecting.state.sinceMs)).state, connecting.state)
  })
})

describe('freshness', () => {
  const data = (state: SessionState) => next(state, QUOTE, at(state.sinceMs)).state

  test('is none before data, in every state', () => {
    for (const state of [IDLE, CONNECTING, LIVE, WAITING, CLOSED]) {
      assert.equal(freshness(state, state.sinceMs), 'none', state.kind)
    }
    assert.equal(freshness(data(LIVE), 0), 'live')
  })

  test('is stale after three seconds of silence when quotes arrive ten times a second, until the next frame', () => {
    const lastMs = BUSY.lastArrivalMs!
    assert.equal(BUSY.deadlineMs, lastMs + 3_000)
    const stale = next(BUSY, EVENTS.timeout, at(lastMs + 3_000)).state
    assert.deepEqual(
      [stale.kind, freshness(stale, stale.sinceMs), stale.data.staleSinceMs],
      ['stale', 'stale', lastMs + 3_000],
    )
    const comment = next(stale, EVENTS.received, at(lastMs + 4_000)).state
    assert.equal(freshness(comment, lastMs + 4_000), 'stale')
    const again = next(comment, QUOTE, at(lastMs + 4_000)).state
    assert.deepEqual([again.kind, freshness(again, lastMs + 4_000)], ['live', 'live'])
    assert.ok(again.deadlineMs! > lastMs + 7_000, 'the arrival interval starts over')
    const dead = next(stale, EVENTS.timeout, at(stale.deadlineMs!)).state
    assert.deepEqual([dead.kind, dead.sinceMs - lastMs, dead.data.staleSinceMs], ['connecting', 17_000, stale.sinceMs])
  })

  test('stays live in a quiet market while heartbeats arrive', () => {
    for (const everyMs of [2_000, 5_000, 14_000]) {
      const quiet = quotes(LIVE, 20, everyMs)
      assert.ok(quiet.deadlineMs! - quiet.lastArrivalMs! >= Math.min(30_000, 10 * everyMs), `${everyMs}`)
    }
    const heartbeat: SessionEvent = { type: 'frame', kind: 'mark', id: 'abcd-9' }
    let state: SessionState = BUSY
    for (let i = 1; i <= 4; i++) {
      // The market has closed: silence is unusual at first, then only heartbeats arrive.
      const nowMs = BUSY.lastArrivalMs! + i * HEARTBEAT_MS
      if (nowMs >= state.deadlineMs!) state = next(state, EVENTS.timeout, at(state.deadlineMs!)).state
      assert.equal(state.kind, i === 1 ? 'stale' : 'live')
      state = run(state, [EVENTS.received, heartbeat], at(nowMs))
      assert.deepEqual([state.kind, state.deadlineMs! - nowMs], ['live', 2 * HEARTBEAT_MS])
    }
  })

  test('does not learn the arrival interval from a phase change or a replay', () => {
    const halt: SessionEvent = { type: 'frame', kind: 'durable', id: 'abcd-8', phaseChange: true }
    const snapshot: SessionEvent = { type: 'frame', kind: 'snapshot', id: 'abcd-8' }
    for (const event of [halt, snapshot]) {
      const state = next(BUSY, event, at(BUSY.lastArrivalMs!)).state
      assert.equal(state.deadlineMs, BUSY.lastArrivalMs! + 2 * HEARTBEAT_MS)
    }
    assert.equal(quotes(LIVE, 100, 1).arrivals.count < 6, true)
  })

  test('keeps the time of the loss over retries and greetings', () => {
    let state: SessionState = next(data(LIVE), EVENTS.ended, at(1_000)).state
    for (let i = 0; i < 4; i++) {
      for (const event of [EVENTS.timeout, EVENTS.received, EVENTS.hello, EVENTS.received, EVENTS.ended]) {
        const nowMs = event.type === 'timeout' ? state.deadlineMs! : state.sinceMs
        state = next(state, event, at(nowMs)).state
        assert.deepEqual([freshness(state, nowMs), state.data.staleSinceMs], ['stale', 1_000], event.type)
      }
    }
    state = run(state, [EVENTS.timeout, EVENTS.hello], at(state.deadlineMs!))
    for (const kind of ['control', 'hello'] as const) {
      state = next(state, { type: 'frame', kind, id: undefined }, at(state.sinceMs)).state
      assert.equal(freshness(state, state.sinceMs), 'stale')
    }
    assert.equal(freshness(data(state), state.sinceMs), 'live')
  })

  test('is not live between a reset and its snapshot', () => {
    const reset: SessionEvent = { type: 'frame', kind: 'reset', id: undefined }
    const heartbeat: SessionEvent = { type: 'frame', kind: 'mark', id: 'zzzz-3' }
    const lost = run(data(LIVE), [EVENTS.ended, EVENTS.reconnect, EVENTS.hello, reset, heartbeat, QUOTE], at(10))
    assert.equal(freshness(lost, 10), 'stale')
    assert.equal(freshness(next(lost, { type: 'frame', kind: 'snapshot', id: 'zzzz-4' }, at(10)).state, 10), 'live')
  })

  test('is stale after a lagging notice, whose stream end does not count against streams', () => {
    const lagging = next(BUSY, EVENTS.lagging, at(BUSY.lastArrivalMs!)).state
    assert.equal(freshness(lagging, BUSY.lastArrivalMs!), 'stale')
    const caughtUp = next(lagging, QUOTE, at(BUSY.lastArrivalMs!)).state
    assert.deepEqual([freshness(caughtUp, BUSY.lastArrivalMs!), caughtUp.data.lagging], ['live', false])
    const young = run(LIVE, [EVENTS.lagging, EVENTS.ended])
    assert.deepEqual([young.kind, young.reason?.code, young.transports.shortStreams], ['waiting', 'lagging', 0])
  })

  test('is as it was after a lagging notice of a stream that goes on; an end that follows is an end by lagging', () => {
    const nowMs = BUSY.lastArrivalMs!
    const notified = next(BUSY, { type: 'lagging', ends: false }, at(nowMs)).state
    assert.deepEqual([notified.kind, freshness(notified, nowMs), notified.data.lagging], ['live', 'live', true])
    const ended = next(notified, EVENTS.ended, at(nowMs)).state
    assert.deepEqual([ended.kind, ended.reason?.code, freshness(ended, nowMs)], ['waiting', 'lagging', 'stale'])
    const goesOn = next(notified, QUOTE, at(nowMs)).state
    assert.deepEqual(
      [goesOn.data.lagging, next(goesOn, EVENTS.ended, at(nowMs)).state.reason?.code],
      [false, reason.code],
    )
  })

  test('is stale after a freeze or a passed deadline, before any timer fires', () => {
    const live = data(LIVE)
    assert.equal(freshness(live, live.deadlineMs!), 'stale')
    const resumed = next(live, { type: 'suspected', why: 'resumed' }, at(10))
    assert.deepEqual([resumed.state.kind, freshness(resumed.state, 10)], ['connecting', 'stale'])
    const slept = next(live, EVENTS.timeout, at(3_600_000))
    assert.deepEqual(
      slept.effects.map(({ type }) => type),
      ['disconnect', 'connect'],
    )
    for (const why of ['offline', 'online'] as const) {
      const state = next(live, { type: 'suspected', why }, at(10)).state
      assert.deepEqual([state.kind, freshness(state, 10), freshness(data(state), 10)], ['stale', 'stale', 'live'], why)
    }
  })

  test('stays live for at most three seconds while the subscription changes', () => {
    const live = data(LIVE)
    const changing = next(live, EVENTS.resubscribed, at(100))
    assert.deepEqual(changing.effects.at(-1), { type: 'connect', transport: 'sse', last: 'abcd-5', snapshot: false })
    assert.equal(freshness(changing.state, 3_099), 'live')
    const late = next(changing.state, EVENTS.timeout, at(3_100)).state
    assert.deepEqual([late.kind, freshness(late, 3_100), late.deadlineMs], ['connecting', 'stale', 5_100])
    const done = next(changing.state, EVENTS.hello, at(150)).state
    assert.deepEqual([done.kind, freshness(done, 150)], ['live', 'live'])
    const waiting = WAITING
    assert.equal(next(waiting, EVENTS.resubscribed, at(0)).state, waiting)
  })
})

// Random sequences, against the invariants of SPEC.md.

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

test('F1 to F9 hold over every sequence of events', () => {
  const isListed = readSpec(HEADING)
  holds(
    import.meta.filename,
    fc.property(anyRun, ({ choice, last, moves }) => {
      let nowMs = 0
      let state = startSession(choice, nowMs, last) as SessionState
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
        const before: SessionState = state
        const step = next(state, event, { nowMs, chance })
        state = step.state
        if (event.type !== 'timeout' || nowMs >= (before.deadlineMs ?? Infinity)) {
          const outcome = outcomeOf(before, { state, effects: effectsOf(step) })
          assert.ok(isListed(before.kind, event.type, outcome), `F9: ${before.kind} × ${event.type}: ${outcome}`)
        }
        for (const { type } of step.effects) {
          if (type === 'connect') open++
          if (type === 'disconnect') open--
          if (type === 'probe') probing = true
          if (type === 'endProbe') probing = false
          assert.ok(open === 0 || open === 1, 'F3: one connection')
        }
        if (event.type === 'probed') probing = false
        assert.equal(
          state.transports.probe !== undefined,
          probing && state.kind !== 'idle',
          'F7: one probe, as the state says',
        )
        // Reported by the connection itself, which has ended.
        const over = event.type === 'ended' || event.type === 'failed' || event.type === 'refused'
        if (over && ['connecting', 'live', 'stale'].includes(before.kind)) open--
        assert.equal(open === 1, ['connecting', 'live', 'stale'].includes(state.kind), 'F3: open as the state says')
        const forgot = before.position.last !== undefined && state.position.last === undefined
        if (forgot) {
          assert.ok(state.position.snapshotOwed, 'F1: a snapshot is owed')
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
        if (before.kind === 'closed') assert.equal(state, before, 'F6: closed is final')
        const isData = taken && event.type === 'frame' && ['durable', 'snapshot', 'mark'].includes(event.kind)
        assertFresh(before, state, isData, nowMs)
      }
    }),
    3_000,
  )
})

function assertForward(before: SessionState, after: SessionState): void {
  const from = parsePosition(before.position.last ?? '')
  const to = parsePosition(after.position.last ?? '')
  if (from === undefined || to === undefined) return
  assert.equal(to.epoch, from.epoch, 'F1: an epoch changes through a reset only')
  assert.ok(to.seq >= from.seq, 'F1: the position never goes back')
}

function assertBounded(state: SessionState, event: SessionEvent, nowMs: number): void {
  const waitMs = state.deadlineMs! - nowMs
  const named = event.type === 'notice' || event.type === 'failed'
  assert.ok(waitMs >= (named ? 0 : 500) && waitMs <= (named ? SERVER_RETRY_MAX_MS : 30_000), `F5: ${waitMs} ms`)
}

function assertFresh(before: SessionState, after: SessionState, isData: boolean, nowMs: number): void {
  if (isData) return
  if (freshness(after, nowMs) === 'live') assert.equal(freshness(before, nowMs), 'live', 'F8: only data makes live')
  if (before.data.staleSinceMs !== undefined) {
    assert.equal(after.data.staleSinceMs, before.data.staleSinceMs, 'F8: the time of a loss is kept')
  }
  if (after.data.received && ['waiting', 'stale', 'closed'].includes(after.kind)) {
    assert.equal(freshness(after, nowMs), 'stale', 'F8: nothing is live there')
  }
}

test('gives up a connection without a hello after five seconds', () => {
  assert.equal(CONNECTING.deadlineMs, HELLO_MS)
})
