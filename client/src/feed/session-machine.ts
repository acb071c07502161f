// The feed session as a pure state machine: next(state, event, at) → {state, effects}. No clock, no timer, no socket, no
// chance of its own; feed-session.ts runs it. SPEC.md has the table in words, session-machine.test.ts has it as types.
//
//   idle ─start─▶ connecting ─hello─▶ live ─silence─▶ stale      any ─close, refused─▶ closed
//                   │  ▲  ▲           │  ▲──a frame────┘ │
//                   │  │  └───────────┼────timeout───────┘
//                   ▼  └──timeout── waiting ◀─ended

import { backoffMs, FEED_BACKOFF, serverRetryMs, streamTrialMs } from '../platform/backoff.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { withOverdueTimeout } from '../platform/state-machine.ts'
import { NO_ARRIVALS, recordArrival, unusualSilenceFromMs } from './arrival-interval.ts'
import { afresh, changeTransport, FELL_BACK, fellBack } from './fallback.ts'
import { type FrameKind, forget, read, request } from './resume-position.ts'
import {
  CHANGE_MS,
  DOUBT_MS,
  freshness,
  HELLO_MS,
  type SessionEffect,
  type SessionEvent,
  type SessionEventType,
  type SessionKind,
  type SessionState,
  SHORT_STREAM_MS,
  SHORT_STREAMS_MAX,
  type Step,
} from './session-state.ts'

export function next(state: SessionState, event: SessionEvent, at: StepContext): Step {
  const cell = TABLE[state.kind][event.type] as Cell<SessionEventType>
  return cell(state, event, at)
}

/** What the machine is to be given instead of the event alone. */
export function inOrder(state: SessionState, event: SessionEvent, nowMs: number): readonly SessionEvent[] {
  return withOverdueTimeout(state.deadlineMs, event, nowMs)
}

const DISCONNECT: readonly SessionEffect[] = [{ type: 'disconnect' }]
const DELIVER: readonly SessionEffect[] = [{ type: 'deliver' }]
const stay = (state: SessionState): Step => ({ state, effects: [] })
const earlier = (a: number | undefined, b: number | undefined) => Math.min(a ?? Infinity, b ?? Infinity)

/** From now on what was delivered may be out of date. The first doubt counts, however many follow. */
const doubt = (state: SessionState, { nowMs }: StepContext): SessionState => ({
  ...state,
  doubtfulSinceMs: state.hasData ? (state.doubtfulSinceMs ?? nowMs) : undefined,
  liveUntilMs: undefined,
})

/** @param why `change` is a connection that we replace ourselves, of which what was delivered stays live for a moment. */
function connect(state: SessionState, at: StepContext, why: 'loss' | 'change' = 'loss'): Step {
  const { nowMs } = at
  const reading = request(state.reading)
  const staysLive = why === 'change' && freshness(state, nowMs) === 'live'
  const before = staysLive ? { ...state, liveUntilMs: earlier(state.liveUntilMs, nowMs + CHANGE_MS) } : doubt(state, at)
  const { choice, transport, shortStreams } = state
  // Whether polls pass while streams do not can only be seen by trying both at once: a server that stalls passes neither.
  const probe = choice === 'auto' && transport === 'sse' && shortStreams >= SHORT_STREAMS_MAX - 1
  const connecting: SessionState = {
    ...before,
    kind: 'connecting',
    sinceMs: nowMs,
    deadlineMs: earlier(nowMs + HELLO_MS, before.liveUntilMs),
    reading,
    helloMs: undefined,
    lagging: false,
    arrivals: NO_ARRIVALS,
    ...(probe ? { probe: 'longPoll', pollPassed: false } : {}),
  }
  const effects: SessionEffect[] = [{ type: 'connect', transport, last: reading.last, snapshot: reading.snapshotOwed }]
  if (probe) effects.push({ type: 'probe', transport: 'longPoll' })
  return { state: connecting, effects }
}

function replaceConnection(state: SessionState, at: StepContext, why: 'loss' | 'change' = 'loss'): Step {
  const { state: after, effects } = connect(state, at, why)
  return { state: after, effects: [...DISCONNECT, ...effects] }
}

const held = ({ helloMs }: SessionState, { nowMs }: StepContext) =>
  helloMs !== undefined && nowMs - helloMs >= SHORT_STREAM_MS

interface Loss {
  readonly reason: StatusReason
  /** The server's word on when to come back; our own reckoning when it said nothing. */
  readonly retryMs?: number | undefined
  readonly short?: boolean
  readonly effects?: readonly SessionEffect[]
}

/** The connection is lost: every way from an open connection to waiting goes through here. */
function wait(state: SessionState, at: StepContext, { reason, retryMs, short = false, effects = [] }: Loss): Step {
  const proven = held(state, at)
  const attempts = proven ? 0 : state.attempts
  const delayMs =
    retryMs === undefined
      ? Math.max(state.retryMinMs, backoffMs(attempts, at.chance, FEED_BACKOFF))
      : serverRetryMs(retryMs)
  const shortStreams = proven ? 0 : Math.min(SHORT_STREAMS_MAX, state.shortStreams + (short ? 1 : 0))
  const waiting: SessionState = {
    ...doubt(state, at),
    kind: 'waiting',
    sinceMs: at.nowMs,
    deadlineMs: at.nowMs + delayMs,
    attempts: attempts + 1,
    shortStreams,
    streamTries: proven && state.transport === 'sse' ? 0 : state.streamTries,
    helloMs: undefined,
    retryMinMs: 0,
    reason,
  }
  return { state: changeTransport(waiting, at), effects }
}

function finish(
  state: SessionState,
  at: StepContext,
  reason: StatusReason | undefined,
  effects: readonly SessionEffect[] = [],
): Step {
  const { nowMs } = at
  const closed = { ...doubt(state, at), kind: 'closed' as const, sinceMs: nowMs, deadlineMs: undefined, reason }
  return {
    state: { ...closed, probe: undefined },
    effects: state.probe === undefined ? effects : [...effects, END_PROBE],
  }
}
const END_PROBE: SessionEffect = { type: 'endProbe' }

/** Live, or still live: sets what is due next. */
function goOn(state: SessionState, sinceMs: number): SessionState {
  const silentFromMs = (state.lastArrivalMs ?? sinceMs) + state.silenceMaxMs
  const liveUntilMs = earlier(silentFromMs, unusualSilenceFromMs(state.arrivals))
  // A poll that works is not given up for the trial of a stream; the trial is made next to it.
  const tryAtMs = fellBack(state) && state.probe === undefined ? state.streamTryAtMs : undefined
  return { ...state, kind: 'live', sinceMs, liveUntilMs, deadlineMs: earlier(liveUntilMs, tryAtMs) }
}

/** Still open, but silent where events are usual. A heartbeat that stays out as well will show that it is dead. */
function goStale(state: SessionState, at: StepContext): SessionState {
  const deadMs = Math.max(at.nowMs, (state.lastArrivalMs ?? at.nowMs) + state.heartbeatMs) + DOUBT_MS
  return { ...doubt(state, at), kind: 'stale', sinceMs: at.nowMs, deadlineMs: deadMs, reason: QUIET }
}

/** What the frame says about the present: data, and how often it comes. */
function follow(
  state: SessionState,
  { kind, phaseChange }: Extract<SessionEvent, { type: 'frame' }>,
  { nowMs }: StepContext,
) {
  const { lastMs } = state.arrivals
  const isQuiet = lastMs === undefined || nowMs - lastMs >= QUIET_MARK_MS
  // A heartbeat, or a poll that was answered with nothing: the market is quiet, and there is no arrivals to keep.
  const startsOver =
    kind === 'snapshot' || phaseChange === true || state.kind === 'stale' || (kind === 'mark' && isQuiet)
  const arrivals = startsOver ? NO_ARRIVALS : kind === 'durable' ? recordArrival(state.arrivals, nowMs) : state.arrivals
  const isData = !state.reading.snapshotOwed
  if (!isData) return { ...state, arrivals }
  return { ...state, arrivals, hasData: true, doubtfulSinceMs: undefined, lagging: false }
}

type Cell<E extends SessionEventType> = (
  state: SessionState,
  event: Extract<SessionEvent, { type: E }>,
  at: StepContext,
) => Step
type Row = { readonly [E in SessionEventType]: Cell<E> }

/** A mark that comes this long after the last event stands alone. */
const QUIET_MARK_MS = 1_000
const MUTE: StatusReason = { code: 'mute', text: `No hello within ${HELLO_MS / 1_000} s` }
const QUIET: StatusReason = { code: 'quiet', text: 'Nothing arrives where events are usual' }
const SILENT: StatusReason = { code: 'silent', text: 'No heartbeat when one was due' }
const LAGGING: StatusReason = { code: 'lagging', text: 'This reader did not keep up with the stream, and was let go' }
const FOREIGN: StatusReason = { code: 'foreign-position', text: 'An event of another log arrived without a reset' }

/** While a connection is open, whether or not it has said hello. */
const OPEN = {
  start: stay,
  hello: (state, { heartbeatMs, silenceMaxMs }, { nowMs }) =>
    stay(
      goOn(
        {
          ...state,
          helloMs: nowMs,
          lastArrivalMs: nowMs,
          heartbeatMs,
          silenceMaxMs,
          reason: fellBack(state) ? FELL_BACK : undefined,
        },
        nowMs,
      ),
    ),
  frame: (state, { kind, id }, at) => {
    const { reading, verdict } = read(state.reading, kind, id)
    if (verdict === 'foreign') return wait(state, at, { reason: FOREIGN, effects: DISCONNECT })
    return {
      state: reading === state.reading ? state : { ...state, reading },
      effects: verdict === 'take' ? DELIVER : [],
    }
  },
  received: (state, _, { nowMs }) => stay({ ...state, lastArrivalMs: nowMs }),
  retryReceived: (state, { retryMs }) => stay({ ...state, retryMinMs: serverRetryMs(retryMs) }),
  notice: (state, { reason, retryMs }, at) => wait(state, at, { reason, retryMs, effects: DISCONNECT }),
  lagging: (state, _, at) => stay({ ...doubt(state, at), lagging: true }),
  // A reader that was let go shows that streams do pass.
  ended: (state, { reason }, at) =>
    state.lagging ? wait(state, at, { reason: LAGGING }) : wait(state, at, { reason, short: true }),
  failed: (state, { reason, retryMs }, at) => wait(state, at, { reason, retryMs }),
  refused: (state, { reason }, at) => finish(state, at, reason),
  probed: (state, { passes }, at) => judgeProbe(state, passes, at),
  timeout: (state, _, at) => {
    if (!due(state, at)) return stay(state)
    const muteAtMs = state.sinceMs + HELLO_MS
    if (at.nowMs < muteAtMs) return stay({ ...doubt(state, at), deadlineMs: muteAtMs })
    return wait(state, at, { reason: MUTE, short: true, effects: DISCONNECT })
  },
  suspected: (state, { why }, at) => (why === 'resumed' ? replaceConnection(state, at) : stay(state)),
  resubscribed: (state, _, at) => replaceConnection(state, at, 'change'),
  reconnect: (state, _, at) => replaceConnection(afresh(state), at),
  resnapshot: (state, _, at) =>
    state.reading.snapshotOwed ? stay(state) : replaceConnection({ ...state, reading: forget(state.reading) }, at),
  close: (state, _, at) => finish(state, at, undefined, DISCONNECT),
} satisfies Row

/** A timer may ring early, and a deadline may have moved since it was set. */
const due = (state: SessionState, { nowMs }: StepContext) => state.deadlineMs !== undefined && nowMs >= state.deadlineMs

/** While nothing is open: whatever a connection might still say is of the past. */
const SHUT = {
  start: stay,
  hello: stay,
  frame: stay,
  received: stay,
  retryReceived: stay,
  notice: stay,
  lagging: stay,
  ended: stay,
  failed: stay,
  refused: stay,
  probed: stay,
  timeout: stay,
  suspected: stay,
  resubscribed: stay,
  reconnect: stay,
  resnapshot: stay,
  close: stay,
} satisfies Row

/** A poll that passed counts when the streams have failed; a stream that passes takes over from the polls. */
function judgeProbe(state: SessionState, passes: boolean, at: StepContext): Step {
  const probed = { ...state, probe: undefined }
  if (state.probe === 'longPoll') {
    const judged = { ...probed, pollPassed: passes }
    return stay(state.kind === 'waiting' ? changeTransport(judged, at) : judged)
  }
  if (state.probe !== 'sse' || !fellBack(state)) return stay(probed)
  if (passes) {
    // One short stream more, and it is polled again at once: that polls pass is known.
    const streaming: SessionState = {
      ...probed,
      transport: 'sse',
      shortStreams: SHORT_STREAMS_MAX - 1,
      streamTries: state.streamTries + 1,
      streamTryAtMs: undefined,
    }
    return state.kind === 'waiting' ? stay(streaming) : replaceConnection(streaming, at, 'change')
  }
  const streamTries = state.streamTries + 1
  const tried = { ...probed, streamTries, streamTryAtMs: at.nowMs + streamTrialMs(streamTries, at.chance) }
  return stay(tried.kind === 'live' ? goOn(tried, tried.sinceMs) : tried)
}

/** The connection is silent for too long: dead when a heartbeat is overdue, else only out of the ordinary. */
function fallSilent(state: SessionState, at: StepContext): Step {
  const heartbeatDueMs = (state.lastArrivalMs ?? at.nowMs) + state.heartbeatMs
  if (at.nowMs < heartbeatDueMs + DOUBT_MS) return stay(goStale(state, at))
  return replaceConnection({ ...state, reason: SILENT }, at)
}

const isFresh = ({ liveUntilMs }: SessionState, { nowMs }: StepContext) =>
  liveUntilMs !== undefined && nowMs < liveUntilMs

const TABLE: { readonly [K in SessionKind]: Row } = {
  idle: {
    ...SHUT,
    start: (state, _, at) => connect(state, at),
    reconnect: (state, _, at) => connect(state, at),
    resnapshot: state => stay({ ...state, reading: forget(state.reading) }),
    close: (state, _, at) => finish(state, at, undefined),
  },
  connecting: OPEN,
  live: {
    ...OPEN,
    // A second hello changes what counts as silence, not since when the stream holds.
    hello: (state, { heartbeatMs, silenceMaxMs }, { nowMs }) =>
      stay(goOn({ ...state, heartbeatMs, silenceMaxMs, lastArrivalMs: nowMs }, state.sinceMs)),
    frame: (state, event, at) => {
      const { state: after, effects } = OPEN.frame(state, event, at)
      if (after.kind !== 'live' || effects.length === 0 || !IS_DATA[event.kind]) return { state: after, effects }
      return { state: goOn(follow(after, event, at), after.sinceMs), effects }
    },
    received: (state, _, { nowMs }) => stay(goOn({ ...state, lastArrivalMs: nowMs }, state.sinceMs)),
    timeout: (state, _, at) => {
      if (!due(state, at)) return stay(state)
      if (!isFresh(state, at)) return fallSilent(state, at)
      const trying: SessionState = { ...state, probe: 'sse' }
      return { state: goOn(trying, state.sinceMs), effects: [{ type: 'probe', transport: 'sse' }] }
    },
    suspected: (state, { why }, at) => {
      if (why === 'resumed') return replaceConnection(state, at)
      if (!isFresh(state, at)) return fallSilent(state, at)
      // A poll that works may have been the old network's need only.
      if (why === 'online' && state.transport !== afresh(state).transport) return replaceConnection(afresh(state), at)
      if (why !== 'visible') return stay(goStale(state, at))
      const dueMs = Math.max(at.nowMs, (state.lastArrivalMs ?? at.nowMs) + state.heartbeatMs) + DOUBT_MS
      const liveUntilMs = earlier(state.liveUntilMs, dueMs)
      return stay({ ...state, liveUntilMs, deadlineMs: earlier(state.deadlineMs, liveUntilMs) })
    },
    // A reader that finds gap after gap must not ask for snapshot after snapshot without pause.
    resnapshot: (state, _, at) => {
      // The snapshot that was asked for is on its way.
      if (state.reading.snapshotOwed) return stay(state)
      const forgotten = { ...state, reading: forget(state.reading) }
      if (held(state, at)) return replaceConnection(forgotten, at)
      return wait(forgotten, at, { reason: { code: 'gap', text: 'A new snapshot was asked for' }, effects: DISCONNECT })
    },
  },
  stale: {
    ...OPEN,
    hello: (state, { heartbeatMs, silenceMaxMs }, { nowMs }) =>
      stay({ ...state, heartbeatMs, silenceMaxMs, lastArrivalMs: nowMs, deadlineMs: nowMs + heartbeatMs + DOUBT_MS }),
    frame: (state, event, at) => {
      const { state: after, effects } = OPEN.frame(state, event, at)
      if (after.kind !== 'stale' || effects.length === 0 || !IS_DATA[event.kind]) return { state: after, effects }
      const followed = follow(after, event, at)
      if (followed.doubtfulSinceMs !== undefined) return { state: followed, effects }
      return { state: goOn({ ...followed, reason: fellBack(state) ? FELL_BACK : undefined }, at.nowMs), effects }
    },
    received: (state, _, { nowMs }) =>
      stay({ ...state, lastArrivalMs: nowMs, deadlineMs: nowMs + state.heartbeatMs + DOUBT_MS }),
    timeout: (state, _, at) => (due(state, at) ? replaceConnection({ ...state, reason: SILENT }, at) : stay(state)),
  },
  waiting: {
    ...SHUT,
    probed: (state, { passes }, at) => judgeProbe(state, passes, at),
    timeout: (state, _, at) => (due(state, at) ? connect(state, at) : stay(state)),
    suspected: (state, { why }, at) =>
      why === 'offline' ? stay(state) : connect(why === 'online' ? afresh(state) : state, at),
    reconnect: (state, _, at) => connect(afresh(state), at),
    resnapshot: state => stay({ ...state, reading: forget(state.reading) }),
    close: (state, _, at) => finish(state, at, undefined),
  },
  closed: SHUT,
}

/** Frames that show the present: not greetings, resets and notices. */
const IS_DATA: Readonly<Record<FrameKind, boolean>> = {
  durable: true,
  snapshot: true,
  mark: true,
  hello: false,
  reset: false,
  control: false,
}
