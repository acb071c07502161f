// The order channel's machine: its table is the one in SPEC.md, and the invariants of SPEC.md hold over every sequence
// of events.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CLOSE_CODES, ERRORS, retryAfterClose } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { SERVER_RETRY_MAX_MS } from '../platform/backoff.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { inOrder } from '../platform/state-machine.ts'
import { assertInSpec, buildTable, outcomeOf, readSpec } from '../testing/spec-table.ts'
import { next, PONG_MS } from './channel-machine.ts'
import {
  CHANNEL_KINDS,
  type ChannelEvent,
  type ChannelEventOf,
  type ChannelEventType,
  type ChannelKind,
  type ChannelMachineState,
  type ChannelOfKind,
  type ChannelStep,
  freshness,
  startChannel,
} from './channel-machine-state.ts'

const HEARTBEAT_MS = 15_000
const reason = { code: 'busy', text: 'test' }
const EVENTS = {
  start: { type: 'start' },
  opened: { type: 'opened' },
  loggedOn: { type: 'loggedOn' },
  caughtUp: { type: 'caughtUp' },
  logonRejected: { type: 'logonRejected', reason },
  received: { type: 'received' },
  notice: { type: 'notice', retryMs: 8_000, reason },
  lost: { type: 'lost', code: 1006, text: '' },
  timeout: { type: 'timeout' },
  suspected: { type: 'suspected', why: 'visible' },
  reconnect: { type: 'reconnect' },
  close: { type: 'close' },
  leave: { type: 'leave' },
} as const satisfies { readonly [Type in ChannelEventType]: ChannelEventOf<Type> }
const at = (nowMs: number, chance = 0): StepContext => ({ nowMs, chance })
const run = (state: ChannelMachineState, ...events: ChannelEvent[]) =>
  events.reduce((now, event) => next(now, event, at(0)).state, state)

function ofKind<Kind extends ChannelKind>(kind: Kind, state: ChannelMachineState): ChannelOfKind<Kind> {
  assert.equal(state.kind, kind)
  return state as ChannelOfKind<Kind>
}

const IDLE = startChannel(true, HEARTBEAT_MS, 0)
const WITHOUT_LOGON = run(startChannel(false, HEARTBEAT_MS, 0), EVENTS.start)
const CONNECTING = ofKind('connecting', run(IDLE, EVENTS.start))
const LOGGING_ON = ofKind('loggingOn', run(CONNECTING, EVENTS.opened))
/** Not caught up yet. */
const LOGGED_ON = ofKind('ready', run(LOGGING_ON, EVENTS.loggedOn))
const READY = ofKind('ready', run(LOGGED_ON, EVENTS.caughtUp))
const PINGED = ofKind('ready', next(READY, EVENTS.timeout, at(READY.deadlineMs)).state)
/** With a logon of before that had no answer. */
const AFTER_LOGON_WAITING = ofKind('waiting', run(LOGGING_ON, EVENTS.lost))
const AFTER_LOGON_CONNECTING = ofKind('connecting', run(AFTER_LOGON_WAITING, EVENTS.reconnect))
const AFTER_LOGON_LOGGING_ON = ofKind('loggingOn', run(AFTER_LOGON_CONNECTING, EVENTS.opened))
const AFTER_LOGON_READY = ofKind('ready', run(AFTER_LOGON_LOGGING_ON, EVENTS.loggedOn, EVENTS.caughtUp))
const WAITING = ofKind('waiting', run(CONNECTING, EVENTS.lost))
const CLOSED = ofKind('closed', run(IDLE, EVENTS.close))

const TAKEN_OVER = { type: 'lost', code: 4409, text: '' } as const
const effectsOf = ({ effects }: ChannelStep) => effects.map(({ type }) => type)

const HEADING = 'The order channel (`orders/channel-machine.ts`)'

describe('the table', () => {
  /** Every event, with the variants that have different outcomes. */
  const VARIANTS: { readonly [Type in ChannelEventType]: Readonly<Record<string, ChannelEventOf<Type>>> } = {
    start: { '': EVENTS.start },
    opened: { '': EVENTS.opened },
    loggedOn: { '': EVENTS.loggedOn },
    caughtUp: { '': EVENTS.caughtUp },
    logonRejected: {
      'for now': EVENTS.logonRejected,
      finally: { type: 'logonRejected', reason: { code: 'bad-request', text: '' } },
    },
    received: { '': EVENTS.received },
    notice: { '': EVENTS.notice },
    lost: {
      'retry code': EVENTS.lost,
      'final code': { type: 'lost', code: 4401, text: '' },
      'taken over': TAKEN_OVER,
    },
    timeout: { due: EVENTS.timeout, 'long overdue': EVENTS.timeout },
    suspected: {
      offline: { type: 'suspected', why: 'offline' },
      online: { type: 'suspected', why: 'online' },
      visible: EVENTS.suspected,
      resumed: { type: 'suspected', why: 'resumed' },
      unanswered: { type: 'suspected', why: 'unanswered' },
    },
    reconnect: { '': EVENTS.reconnect },
    close: { '': EVENTS.close },
    leave: { '': EVENTS.leave },
  }
  /** States of each kind that react differently. */
  const EXAMPLES: { readonly [Kind in ChannelKind]: readonly ChannelOfKind<Kind>[] } = {
    idle: [IDLE],
    connecting: [CONNECTING, ofKind('connecting', WITHOUT_LOGON), AFTER_LOGON_CONNECTING],
    loggingOn: [LOGGING_ON, AFTER_LOGON_LOGGING_ON],
    ready: [READY, PINGED, LOGGED_ON, AFTER_LOGON_READY],
    waiting: [WAITING],
    closed: [CLOSED],
  }

  test('of SPEC.md is the table of the machine', () => {
    const table = buildTable<ChannelKind, ChannelEvent>(CHANNEL_KINDS, VARIANTS, (kind, event, variant) =>
      EXAMPLES[kind].map((state: ChannelMachineState) => {
        const lateMs = variant === 'long overdue' ? PONG_MS : 0
        const nowMs = event.type === 'timeout' ? (state.deadlineMs ?? 0) + lateMs : state.sinceMs
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
  test('follows the retry rule of every close code', () => {
    for (const code of [...Object.keys(CLOSE_CODES).map(Number), 1005, 4999]) {
      const noticed = next(READY, EVENTS.notice, at(0)).state
      const { kind, deadlineMs } = next(noticed, { type: 'lost', code, text: '' }, at(0)).state
      const rule = retryAfterClose(code)
      assert.equal(kind, rule === 'never' ? 'closed' : 'waiting', `${code}`)
      assert.equal(deadlineMs, { never: undefined, retryAfter: 8_000, retry: 1_000 }[rule], `${code}`)
    }
  })

  test('logs on again when a logon of its own, which it gave up, may have taken the session over', () => {
    const { kind, reason: why } = next(AFTER_LOGON_READY, TAKEN_OVER, at(59_999)).state
    assert.deepEqual([kind, why?.code], ['waiting', 'close-4409'])
    assert.equal(next(AFTER_LOGON_READY, TAKEN_OVER, at(60_000)).state.kind, 'closed')
    assert.equal(next(READY, TAKEN_OVER, at(1)).state.kind, 'closed', 'every logon was answered')
  })

  test('retries a refused logon after the time in the refusal, whatever close code follows', () => {
    const refused: ChannelEvent = {
      type: 'logonRejected',
      reason: { code: 'too-many-sessions', text: '' },
      retryMs: 5_000,
    }
    const waiting = next(LOGGING_ON, refused, at(0)).state
    assert.deepEqual([waiting.kind, waiting.deadlineMs], ['waiting', 5_000])
    assert.equal(next(waiting, { type: 'lost', code: 4401, text: '' }, at(1)).state, waiting)
    for (const retryMs of [0, 700, 1e9, Number.NaN]) {
      const deadlineMs: number = next(LOGGING_ON, { ...refused, retryMs }, at(0)).state.deadlineMs!
      assert.ok(deadlineMs >= 0 && deadlineMs <= SERVER_RETRY_MAX_MS, `${retryMs}`)
    }
  })

  test('closes after a final refusal of the logon, and waits after any other', () => {
    for (const [code, { retry }] of Object.entries(ERRORS)) {
      const { kind } = next(LOGGING_ON, { type: 'logonRejected', reason: { code, text: '' } }, at(0)).state
      assert.equal(kind, retry === 'never' ? 'closed' : 'waiting', code)
    }
  })

  test('applies a notice to its own connection only', () => {
    const noticed = next(READY, EVENTS.notice, at(0)).state
    const again = next(noticed, EVENTS.reconnect, at(0)).state
    assert.equal(next(again, { type: 'lost', code: 1001, text: '' }, at(0)).state.deadlineMs, 1_000)
  })

  test('checks a silent connection with a ping, and gives it up without an answer', () => {
    assert.equal(READY.deadlineMs, HEARTBEAT_MS * 1.5)
    const pinged = ofKind('ready', next(READY, EVENTS.timeout, at(22_500)).state)
    assert.deepEqual([pinged.pinged, pinged.deadlineMs], [true, 22_500 + PONG_MS])
    const alive = ofKind('ready', next(pinged, EVENTS.received, at(23_000)).state)
    assert.deepEqual([alive.pinged, alive.deadlineMs], [false, 23_000 + 22_500])
    assert.equal(next(pinged, EVENTS.timeout, at(27_499)).state.kind, 'ready')
    const dead = next(pinged, EVENTS.timeout, at(27_500))
    assert.deepEqual([dead.state.kind, dead.state.reason?.code], ['waiting', 'silent'])
  })

  test('is live once caught up, and stale from a loss until it is caught up again', () => {
    assert.deepEqual([freshness(LOGGED_ON, 0), freshness(READY, 0)], ['none', 'live'])
    assert.equal(freshness(READY, READY.deadlineMs), 'stale')
    let state: ChannelMachineState = next(READY, EVENTS.lost, at(700)).state
    for (const event of [EVENTS.timeout, EVENTS.opened, EVENTS.lost, EVENTS.timeout, EVENTS.opened, EVENTS.loggedOn]) {
      assert.deepEqual([freshness(state, state.sinceMs), state.account.staleSinceMs], ['stale', 700], event.type)
      state = next(state, event, at(event.type === 'timeout' ? state.deadlineMs! : state.sinceMs)).state
    }
    state = next(state, EVENTS.received, at(state.sinceMs)).state
    assert.equal(freshness(state, state.sinceMs), 'stale')
    state = next(state, EVENTS.caughtUp, at(state.sinceMs)).state
    assert.deepEqual([freshness(state, state.sinceMs), state.account.staleSinceMs], ['live', undefined])
  })

  test('reconnects when the account does not arrive after the logon', () => {
    const { kind, reason: why } = next(LOGGED_ON, EVENTS.timeout, at(LOGGED_ON.deadlineMs)).state
    assert.deepEqual([kind, why?.code], ['waiting', 'mute'])
  })

  test('reconnects after a sleep, since data in the socket is old', () => {
    const slept = next(READY, EVENTS.timeout, at(3_600_000))
    const resumed = next(READY, { type: 'suspected', why: 'resumed' }, at(10))
    for (const { state, effects } of [slept, resumed]) {
      assert.deepEqual([state.kind, ...effects.map(({ type }) => type)], ['connecting', 'disconnect', 'connect'])
      assert.equal(freshness(state, state.sinceMs), 'stale')
    }
    const order = inOrder(READY, EVENTS.received, 3_600_000).map(({ type }) => type)
    assert.deepEqual(order, ['timeout', 'received'])
  })

  test('is ready as soon as it is open without a logon', () => {
    const state = run(WITHOUT_LOGON, EVENTS.opened)
    assert.equal(state.kind, 'ready')
  })
})

const anyEvent: fc.Arbitrary<ChannelEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      EVENTS.start,
      EVENTS.opened,
      EVENTS.loggedOn,
      EVENTS.caughtUp,
      EVENTS.timeout,
      EVENTS.received,
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom(EVENTS.suspected, EVENTS.reconnect, EVENTS.logonRejected) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('online', 'offline', 'visible', 'resumed', 'unanswered')
      .map((why): ChannelEvent => ({ type: 'suspected', why })),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(1001, 1005, 1006, 1011, 4408, 4429)
      .map((code): ChannelEvent => ({ type: 'lost', code, text: '' })),
  },
  { weight: 1, arbitrary: fc.integer().map((retryMs): ChannelEvent => ({ type: 'notice', retryMs, reason })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<ChannelEvent>(EVENTS.close, EVENTS.leave, TAKEN_OVER),
  },
)
const anyMove = fc.record({
  event: anyEvent,
  passMs: fc.constantFrom(0, 1, 1_000, 6_000, 60_000),
  chance: fc.double({ min: 0, max: 0.999999, noNaN: true }),
})

test('C1 to C4, C6 and C7 hold over every sequence of events', () => {
  const isListed = readSpec(HEADING)
  const isOpen = ({ kind }: ChannelMachineState) => kind === 'connecting' || kind === 'loggingOn' || kind === 'ready'
  holds(
    import.meta.filename,
    fc.property(fc.boolean(), fc.array(anyMove, { maxLength: 80 }), (logsOn, moves) => {
      let nowMs = 0
      let state = startChannel(logsOn, HEARTBEAT_MS, 0) as ChannelMachineState
      let open = 0
      const steps = function* () {
        for (const { event, passMs, chance } of [{ event: EVENTS.start, passMs: 0, chance: 0 }, ...moves]) {
          nowMs += passMs
          for (const one of inOrder(state, event, nowMs)) yield { event: one, chance }
        }
      }
      for (const { event, chance } of steps()) {
        const before: ChannelMachineState = state
        const step = next(state, event, { nowMs, chance })
        state = step.state
        if (event.type !== 'timeout' || nowMs >= (before.deadlineMs ?? Infinity)) {
          const outcome = outcomeOf(before, { state, effects: effectsOf(step) })
          assert.ok(isListed(before.kind, event.type, outcome), `C7: ${before.kind} × ${event.type}: ${outcome}`)
        }
        for (const { type } of step.effects) {
          if (type === 'connect') open++
          if (type === 'disconnect') open--
          if (type === 'logon' || type === 'ping' || type === 'logout') assert.equal(open, 1, 'sends on an open socket')
          assert.ok(open === 0 || open === 1, 'C1: one socket')
        }
        if (event.type === 'lost' && isOpen(before)) open--
        assert.equal(open === 1, isOpen(state), 'C1: open as the state says')
        if (state.kind !== 'idle' && state.kind !== 'closed')
          assert.ok(state.deadlineMs !== undefined, 'C2: a deadline')
        if (state.kind === 'waiting' && before.kind !== 'waiting') {
          const waitMs = state.deadlineMs! - nowMs
          const named = 'noticeMs' in before && before.noticeMs !== undefined
          assert.ok(
            waitMs >= (named ? 0 : 1_000) && waitMs <= (named ? SERVER_RETRY_MAX_MS : 30_000),
            `C3: ${waitMs} ms`,
          )
        }
        if (before.kind === 'closed') assert.equal(state, before, 'C4: closed is final')
        if (freshness(state, nowMs) === 'live' && freshness(before, nowMs) !== 'live') {
          const proves =
            event.type === 'caughtUp' || (event.type === 'received' && before.kind === 'ready' && before.caughtUp)
          assert.ok(proves || !logsOn, `C6: live after ${event.type}`)
        }
        if (before.account.staleSinceMs !== undefined && state.account.staleSinceMs !== undefined) {
          assert.equal(state.account.staleSinceMs, before.account.staleSinceMs, 'C6: the time of a loss is kept')
        }
      }
    }),
    3_000,
  )
})
