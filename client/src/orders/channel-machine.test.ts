// The order channel's table, cell by cell, and what holds over every sequence of events. A missing cell does not compile.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CLOSE_CODES, ERRORS, retryAfterClose } from '@papertape/protocol'
import fc from 'fast-check'
import { SERVER_RETRY_MAX_MS } from '../platform/backoff.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { holds } from '../testing/seeded-property.ts'
import {
  CHANNEL_KINDS,
  type ChannelEffect,
  type ChannelEvent,
  type ChannelEventType,
  type ChannelKind,
  type ChannelMachineState,
  freshness,
  inOrder,
  next,
  PONG_MS,
  startChannel,
} from './channel-machine.ts'

const HEARTBEAT_MS = 15_000
const reason = { code: 'busy', text: 'test' }
const EVENTS: { readonly [E in ChannelEventType]: Extract<ChannelEvent, { type: E }> } = {
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
}
const at = (nowMs: number, chance = 0): StepContext => ({ nowMs, chance })
const run = (state: ChannelMachineState, ...events: ChannelEvent[]) =>
  events.reduce((now, event) => next(now, event, at(0)).state, state)

const IDLE = startChannel(true, HEARTBEAT_MS, 0)
const EXAMPLES: Record<ChannelKind, ChannelMachineState> = {
  idle: IDLE,
  connecting: run(IDLE, EVENTS.start),
  loggingOn: run(IDLE, EVENTS.start, EVENTS.opened),
  ready: run(IDLE, EVENTS.start, EVENTS.opened, EVENTS.loggedOn, EVENTS.caughtUp),
  waiting: run(IDLE, EVENTS.start, EVENTS.lost),
  closed: run(IDLE, EVENTS.close),
}

type Expected = readonly [ChannelKind, ...ChannelEffect['type'][]]
const IGNORED = (kind: ChannelKind): Record<ChannelEventType, Expected> => ({
  start: [kind],
  opened: [kind],
  loggedOn: [kind],
  caughtUp: [kind],
  logonRejected: [kind],
  received: [kind],
  notice: [kind],
  lost: [kind],
  timeout: [kind],
  suspected: [kind],
  reconnect: [kind],
  close: [kind],
  leave: [kind],
})
const OPEN = {
  lost: ['waiting'],
  timeout: ['waiting', 'disconnect'],
  reconnect: ['connecting', 'disconnect', 'connect'],
  close: ['closed', 'disconnect'],
  leave: ['closed', 'disconnect'],
} as const satisfies Partial<Record<ChannelEventType, Expected>>
const EXPECTED: Record<ChannelKind, Record<ChannelEventType, Expected>> = {
  idle: {
    ...IGNORED('idle'),
    start: ['connecting', 'connect'],
    reconnect: ['connecting', 'connect'],
    close: ['closed'],
    leave: ['closed'],
  },
  connecting: { ...IGNORED('connecting'), ...OPEN, opened: ['loggingOn', 'logon'] },
  loggingOn: { ...IGNORED('loggingOn'), ...OPEN, loggedOn: ['ready'], logonRejected: ['waiting', 'disconnect'] },
  ready: {
    ...IGNORED('ready'),
    ...OPEN,
    timeout: ['ready', 'ping'],
    suspected: ['ready', 'ping'],
    close: ['closed', 'logout', 'disconnect'],
  },
  waiting: {
    ...IGNORED('waiting'),
    timeout: ['connecting', 'connect'],
    suspected: ['connecting', 'connect'],
    reconnect: ['connecting', 'connect'],
    close: ['closed'],
    leave: ['closed'],
  },
  closed: IGNORED('closed'),
}

describe('the table', () => {
  for (const kind of CHANNEL_KINDS) {
    test(kind, () => {
      const state = EXAMPLES[kind]
      assert.equal(state.kind, kind)
      for (const event of Object.values(EVENTS)) {
        const step = next(state, event, at(state.deadlineMs ?? 0))
        const got = [step.state.kind, ...step.effects.map(({ type }) => type)]
        assert.deepEqual(got, EXPECTED[kind][event.type], `${kind} × ${event.type}`)
      }
    })
  }
})

describe('between the cells', () => {
  test('every close code of the protocol does what its rule says', () => {
    for (const code of [...Object.keys(CLOSE_CODES).map(Number), 1005, 4999]) {
      const told = next(EXAMPLES.ready, EVENTS.notice, at(0)).state
      const { kind, deadlineMs } = next(told, { type: 'lost', code, text: '' }, at(0)).state
      const rule = retryAfterClose(code)
      assert.equal(kind, rule === 'never' ? 'closed' : 'waiting', `${code}`)
      assert.equal(deadlineMs, { never: undefined, retryAfter: 8_000, retry: 1_000 }[rule], `${code}`)
    }
  })

  test('a refused logon is tried again when the refusal said, whatever the close code after it', () => {
    const refused: ChannelEvent = {
      type: 'logonRejected',
      reason: { code: 'too-many-sessions', text: '' },
      retryMs: 5_000,
    }
    const waiting = next(EXAMPLES.loggingOn, refused, at(0)).state
    assert.deepEqual([waiting.kind, waiting.deadlineMs], ['waiting', 5_000])
    assert.equal(next(waiting, { type: 'lost', code: 4401, text: '' }, at(1)).state, waiting)
    for (const retryMs of [0, 700, 1e9, Number.NaN]) {
      const deadlineMs: number = next(EXAMPLES.loggingOn, { ...refused, retryMs }, at(0)).state.deadlineMs!
      assert.ok(deadlineMs >= 0 && deadlineMs <= SERVER_RETRY_MAX_MS, `${retryMs}`)
    }
  })

  test('a logon that is refused for good closes; any other refusal waits', () => {
    for (const [code, { retry }] of Object.entries(ERRORS)) {
      const { kind } = next(EXAMPLES.loggingOn, { type: 'logonRejected', reason: { code, text: '' } }, at(0)).state
      assert.equal(kind, retry === 'never' ? 'closed' : 'waiting', code)
    }
  })

  test('a notice holds for its own connection only', () => {
    const told = next(EXAMPLES.ready, EVENTS.notice, at(0)).state
    const again = next(told, EVENTS.reconnect, at(0)).state
    assert.equal(next(again, { type: 'lost', code: 1001, text: '' }, at(0)).state.deadlineMs, 1_000)
  })

  test('silence makes it doubtful first, and dead only when the ping brings nothing', () => {
    assert.equal(EXAMPLES.ready.deadlineMs, HEARTBEAT_MS * 1.5)
    const doubtful = next(EXAMPLES.ready, EVENTS.timeout, at(22_500)).state
    assert.deepEqual([doubtful.doubtful, doubtful.deadlineMs], [true, 22_500 + PONG_MS])
    const alive = next(doubtful, EVENTS.received, at(23_000)).state
    assert.deepEqual([alive.doubtful, alive.deadlineMs], [false, 23_000 + 22_500])
    assert.equal(next(doubtful, EVENTS.timeout, at(27_499)).state.kind, 'ready')
    const dead = next(doubtful, EVENTS.timeout, at(27_500))
    assert.deepEqual([dead.state.kind, dead.state.reason?.code], ['waiting', 'silent'])
  })

  test('the account is live when it has been caught up with, and doubtful from the loss until it has again', () => {
    const loggedOn = run(IDLE, EVENTS.start, EVENTS.opened, EVENTS.loggedOn)
    assert.deepEqual([freshness(loggedOn, 0), freshness(EXAMPLES.ready, 0)], ['none', 'live'])
    assert.equal(freshness(EXAMPLES.ready, EXAMPLES.ready.deadlineMs!), 'doubtful')
    let state = next(EXAMPLES.ready, EVENTS.lost, at(700)).state
    for (const event of [EVENTS.timeout, EVENTS.opened, EVENTS.lost, EVENTS.timeout, EVENTS.opened, EVENTS.loggedOn]) {
      assert.deepEqual([freshness(state, state.sinceMs), state.doubtfulSinceMs], ['doubtful', 700], event.type)
      state = next(state, event, at(event.type === 'timeout' ? state.deadlineMs! : state.sinceMs)).state
    }
    state = next(state, EVENTS.received, at(state.sinceMs)).state
    assert.equal(freshness(state, state.sinceMs), 'doubtful')
    state = next(state, EVENTS.caughtUp, at(state.sinceMs)).state
    assert.deepEqual([freshness(state, state.sinceMs), state.doubtfulSinceMs], ['live', undefined])
  })

  test('an account that does not come after the logon is a reason to try again', () => {
    const loggedOn = run(IDLE, EVENTS.start, EVENTS.opened, EVENTS.loggedOn)
    const { kind, reason: why } = next(loggedOn, EVENTS.timeout, at(loggedOn.deadlineMs!)).state
    assert.deepEqual([kind, why?.code], ['waiting', 'mute'])
  })

  test('after a sleep it connects anew: what the socket still holds is of the past', () => {
    const slept = next(EXAMPLES.ready, EVENTS.timeout, at(3_600_000))
    const woken = next(EXAMPLES.ready, { type: 'suspected', why: 'resumed' }, at(10))
    for (const { state, effects } of [slept, woken]) {
      assert.deepEqual([state.kind, ...effects.map(({ type }) => type)], ['connecting', 'disconnect', 'connect'])
      assert.equal(freshness(state, state.sinceMs), 'doubtful')
    }
    const order = inOrder(EXAMPLES.ready, EVENTS.received, 3_600_000).map(({ type }) => type)
    assert.deepEqual(order, ['timeout', 'received'])
  })

  test('without a logon it is ready as soon as it is open', () => {
    const state = run(startChannel(false, HEARTBEAT_MS, 0), EVENTS.start, EVENTS.opened)
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
    arbitrary: fc.constantFrom<ChannelEvent>(EVENTS.close, EVENTS.leave, { type: 'lost', code: 4409, text: '' }),
  },
)
const anyMove = fc.record({
  event: anyEvent,
  passMs: fc.constantFrom(0, 1, 1_000, 6_000, 60_000),
  chance: fc.double({ min: 0, max: 0.999999, noNaN: true }),
})

test('C1-C4 and C6 hold over every sequence of events', () => {
  const isOpen = ({ kind }: ChannelMachineState) => kind === 'connecting' || kind === 'loggingOn' || kind === 'ready'
  holds(
    import.meta.filename,
    fc.property(fc.boolean(), fc.array(anyMove, { maxLength: 80 }), (logsOn, moves) => {
      let nowMs = 0
      let state = startChannel(logsOn, HEARTBEAT_MS, 0)
      let open = 0
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
          if (type === 'logon' || type === 'ping' || type === 'logout') assert.equal(open, 1, 'sends on an open socket')
          assert.ok(open === 0 || open === 1, 'C1: one socket')
        }
        if (event.type === 'lost' && isOpen(before)) open--
        assert.equal(open === 1, isOpen(state), 'C1: open where it says so')
        if (state.kind !== 'idle' && state.kind !== 'closed')
          assert.ok(state.deadlineMs !== undefined, 'C2: a deadline')
        if (state.kind === 'waiting' && before.kind !== 'waiting') {
          const waitMs = state.deadlineMs! - nowMs
          const named = before.noticeMs !== undefined
          assert.ok(
            waitMs >= (named ? 0 : 1_000) && waitMs <= (named ? SERVER_RETRY_MAX_MS : 30_000),
            `C3: ${waitMs} ms`,
          )
        }
        if (before.kind === 'closed') assert.equal(state, before, 'C4: closed is for good')
        if (freshness(state, nowMs) === 'live' && freshness(before, nowMs) !== 'live') {
          const proves = event.type === 'caughtUp' || (event.type === 'received' && before.caughtUp)
          assert.ok(proves || !logsOn, `C6: live after ${event.type}`)
        }
        if (before.doubtfulSinceMs !== undefined && state.doubtfulSinceMs !== undefined) {
          assert.equal(state.doubtfulSinceMs, before.doubtfulSinceMs, 'C6: a loss has one beginning')
        }
      }
    }),
    3_000,
  )
})
