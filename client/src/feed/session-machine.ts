// The feed session as a pure state machine: next(state, event, at) → {state, effects}. It has no clock, timer, socket
// or random numbers; feed-session.ts runs it. SPEC.md has the same table, checked by session-machine.test.ts.
//
//   idle ─start─▶ connecting ─hello─▶ live ─silence─▶ stale      any ─close, refused─▶ closed
//                   │  ▲  ▲           │  ▲──a frame────┘ │
//                   │  │  └───────────┼────timeout───────┘
//                   ▼  └──timeout── waiting ◀─ended

import { serverRetryMs } from '../platform/backoff.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { NO_ARRIVALS } from './arrival-interval.ts'
import type { FrameKind } from './frame-kind.ts'
import { decideFrame } from './resume-position.ts'
import {
  type ConnectingSession,
  HEARTBEAT_GRACE_MS,
  HELLO_MS,
  type IdleSession,
  type LiveSession,
  type OpenSession,
  type SessionEffect,
  type SessionEvent,
  type SessionEventOf,
  type SessionEventType,
  type SessionKind,
  type SessionOfKind,
  type SessionState,
  type SessionStep,
  type StaleSession,
  type WaitingSession,
} from './session-state.ts'
import {
  connect,
  DISCONNECT,
  earlier,
  FOREIGN,
  finish,
  GAP,
  goLive,
  goStale,
  hasLasted,
  heartbeatDueMs,
  isDue,
  judgeProbe,
  LAGGING,
  markStale,
  NO_HELLO,
  replaceConnection,
  SILENT,
  stay,
  takeData,
  wait,
  withForgottenPosition,
} from './session-steps.ts'
import { FELL_BACK, hasFallenBack, resetSelection } from './transport-selection.ts'

type SessionTransition<State, Type extends SessionEventType> = (
  state: State,
  event: SessionEventOf<Type>,
  at: StepContext,
) => SessionStep
type SessionTransitions<State> = { readonly [Type in SessionEventType]: SessionTransition<State, Type> }

export function next(state: SessionState, event: SessionEvent, at: StepContext): SessionStep {
  const transition = TABLE[state.kind][event.type] as SessionTransition<SessionState, SessionEventType>
  return transition(state, event, at)
}

/** Frames that show the current state of the market: not greetings, resets and notices. */
const IS_DATA: Readonly<Record<FrameKind, boolean>> = {
  durable: true,
  snapshot: true,
  mark: true,
  hello: false,
  reset: false,
  control: false,
}

const DELIVER: readonly SessionEffect[] = [{ type: 'deliver' }]

const isFresh = ({ liveUntilMs }: LiveSession, { nowMs }: StepContext) =>
  liveUntilMs !== undefined && nowMs < liveUntilMs

/** Silent for too long: dead if a heartbeat is overdue, else only unusual. */
function fallSilent(state: LiveSession, at: StepContext): SessionStep {
  if (at.nowMs < heartbeatDueMs(state, at) + HEARTBEAT_GRACE_MS) return stay(goStale(state, at))
  return replaceConnection({ ...state, reason: SILENT }, at)
}

/** While no connection is open: messages of earlier connections are ignored. */
const NOT_CONNECTED = {
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
} satisfies SessionTransitions<SessionState>

function takeFrame(state: OpenSession, { kind, id }: SessionEventOf<'frame'>, at: StepContext): SessionStep {
  const { position, verdict } = decideFrame(state.position, kind, id)
  if (verdict === 'foreign') return wait(state, at, { reason: FOREIGN, effects: DISCONNECT })
  return {
    state: position === state.position ? state : { ...state, position },
    effects: verdict === 'take' ? DELIVER : [],
  }
}

/** While a connection is open, before its hello and after it. `hello` and `timeout` differ by state. */
const CONNECTED = {
  start: stay,
  frame: takeFrame,
  received: (state, _, { nowMs }) => stay({ ...state, lastArrivalMs: nowMs }),
  retryReceived: (state, { retryMs }) => stay({ ...state, retryMinMs: serverRetryMs(retryMs) }),
  notice: (state, { reason, retryMs }, at) => wait(state, at, { reason, retryMs, effects: DISCONNECT }),
  lagging: (state, { ends }, at) => {
    if (!ends) return stay({ ...state, data: { ...state.data, lagging: true } })
    const data = { ...markStale(state.data, at), lagging: true }
    return stay(state.kind === 'stale' ? { ...state, data } : { ...state, data, liveUntilMs: undefined })
  },
  // A stream that ended because of lag shows that streams pass.
  ended: (state, { reason }, at) =>
    state.data.lagging ? wait(state, at, { reason: LAGGING }) : wait(state, at, { reason, countsAsShort: true }),
  failed: (state, { reason, retryMs }, at) => wait(state, at, { reason, retryMs }),
  refused: (state, { reason }, at) => finish(state, at, reason),
  probed: (state, { passes }, at) => judgeProbe(state, passes, at),
  suspected: (state, { why }, at) => (why === 'resumed' ? replaceConnection(state, at) : stay(state)),
  resubscribed: (state, _, at) => replaceConnection(state, at, 'change'),
  reconnect: (state, _, at) => replaceConnection({ ...state, transports: resetSelection(state.transports) }, at),
  resnapshot: (state, _, at) =>
    state.position.snapshotOwed ? stay(state) : replaceConnection(withForgottenPosition(state), at),
  close: (state, _, at) => finish(state, at, undefined, DISCONNECT),
} satisfies Omit<SessionTransitions<OpenSession>, 'hello' | 'timeout'>

const IDLE: SessionTransitions<IdleSession> = {
  ...NOT_CONNECTED,
  start: (state, _, at) => connect(state, at, 'loss'),
  reconnect: (state, _, at) => connect(state, at, 'loss'),
  resnapshot: state => stay(withForgottenPosition(state)),
  close: (state, _, at) => finish(state, at, undefined),
}

const CONNECTING: SessionTransitions<ConnectingSession> = {
  ...CONNECTED,
  hello: (state, { heartbeatMs, silenceMaxMs }, { nowMs }) =>
    stay(
      goLive({
        ...state,
        sinceMs: nowMs,
        helloMs: nowMs,
        lastArrivalMs: nowMs,
        heartbeatMs,
        silenceMaxMs,
        arrivals: NO_ARRIVALS,
        reason: hasFallenBack(state.transports) ? FELL_BACK : undefined,
      }),
    ),
  timeout: (state, _, at) => {
    if (!isDue(state, at)) return stay(state)
    const helloDueMs = state.sinceMs + HELLO_MS
    if (at.nowMs < helloDueMs) {
      return stay({ ...state, data: markStale(state.data, at), liveUntilMs: undefined, deadlineMs: helloDueMs })
    }
    return wait(state, at, { reason: NO_HELLO, countsAsShort: true, effects: DISCONNECT })
  },
}

const LIVE: SessionTransitions<LiveSession> = {
  ...CONNECTED,
  // A second hello changes what counts as silence, not since when the stream lasts.
  hello: (state, { heartbeatMs, silenceMaxMs }, { nowMs }) =>
    stay(goLive({ ...state, heartbeatMs, silenceMaxMs, lastArrivalMs: nowMs })),
  frame: (state, event, at) => {
    const { state: after, effects } = takeFrame(state, event, at)
    if (after.kind !== 'live' || effects.length === 0 || !IS_DATA[event.kind]) return { state: after, effects }
    return { state: goLive({ ...after, ...takeData(after, event, at) }), effects }
  },
  received: (state, _, { nowMs }) => stay(goLive({ ...state, lastArrivalMs: nowMs })),
  timeout: (state, _, at) => {
    if (!isDue(state, at)) return stay(state)
    if (!isFresh(state, at)) return fallSilent(state, at)
    const transports = { ...state.transports, probe: 'sse' as const }
    return { state: goLive({ ...state, transports }), effects: [{ type: 'probe', transport: 'sse' }] }
  },
  suspected: (state, { why }, at) => {
    if (why === 'resumed') return replaceConnection(state, at)
    if (!isFresh(state, at)) return fallSilent(state, at)
    // Polling may have been necessary on the network of before only.
    const transports = resetSelection(state.transports)
    if (why === 'online' && state.transports.transport !== transports.transport) {
      return replaceConnection({ ...state, transports }, at)
    }
    if (why !== 'visible') return stay(goStale(state, at))
    const dueMs = Math.max(at.nowMs, heartbeatDueMs(state, at)) + HEARTBEAT_GRACE_MS
    const liveUntilMs = earlier(state.liveUntilMs, dueMs)
    return stay({ ...state, liveUntilMs, deadlineMs: earlier(state.deadlineMs, liveUntilMs) })
  },
  resnapshot: (state, _, at) => {
    // The snapshot of an earlier request has not arrived yet.
    if (state.position.snapshotOwed) return stay(state)
    const forgotten = withForgottenPosition(state)
    // A reader that finds gap after gap must not ask for snapshots without pause.
    return hasLasted(state, at)
      ? replaceConnection(forgotten, at)
      : wait(forgotten, at, { reason: GAP, effects: DISCONNECT })
  },
}

const STALE: SessionTransitions<StaleSession> = {
  ...CONNECTED,
  hello: (state, { heartbeatMs, silenceMaxMs }, { nowMs }) => {
    const deadlineMs = nowMs + heartbeatMs + HEARTBEAT_GRACE_MS
    return stay({ ...state, heartbeatMs, silenceMaxMs, lastArrivalMs: nowMs, deadlineMs })
  },
  frame: (state, event, at) => {
    const { state: after, effects } = takeFrame(state, event, at)
    if (after.kind !== 'stale' || effects.length === 0 || !IS_DATA[event.kind]) return { state: after, effects }
    const taken = { ...after, ...takeData(after, event, at) }
    if (taken.data.staleSinceMs !== undefined) return { state: taken, effects }
    const reason = hasFallenBack(state.transports) ? FELL_BACK : undefined
    return { state: goLive({ ...taken, sinceMs: at.nowMs, reason }), effects }
  },
  received: (state, _, { nowMs }) =>
    stay({ ...state, lastArrivalMs: nowMs, deadlineMs: nowMs + state.heartbeatMs + HEARTBEAT_GRACE_MS }),
  timeout: (state, _, at) => (isDue(state, at) ? replaceConnection({ ...state, reason: SILENT }, at) : stay(state)),
}

const WAITING: SessionTransitions<WaitingSession> = {
  ...NOT_CONNECTED,
  probed: (state, { passes }, at) => judgeProbe(state, passes, at),
  timeout: (state, _, at) => (isDue(state, at) ? connect(state, at, 'loss') : stay(state)),
  suspected: (state, { why }, at) => {
    if (why === 'offline') return stay(state)
    const transports = why === 'online' ? resetSelection(state.transports) : state.transports
    return connect({ ...state, transports }, at, 'loss')
  },
  reconnect: (state, _, at) => connect({ ...state, transports: resetSelection(state.transports) }, at, 'loss'),
  resnapshot: state => stay(withForgottenPosition(state)),
  close: (state, _, at) => finish(state, at, undefined),
}

const TABLE: { readonly [Kind in SessionKind]: SessionTransitions<SessionOfKind<Kind>> } = {
  idle: IDLE,
  connecting: CONNECTING,
  live: LIVE,
  stale: STALE,
  waiting: WAITING,
  closed: NOT_CONNECTED,
}
