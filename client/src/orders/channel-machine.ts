// The order channel as a pure state machine: next(state, event, at) → {state, effects}. It has no clock, timer or
// socket; order-channel.ts runs it. SPEC.md has the same table, checked by channel-machine.test.ts.
//
//   idle ─start─▶ connecting ─opened─▶ loggingOn ─loggedOn─▶ ready
//                   ▲                      │                   │
//                   └──timeout── waiting ◀─┴──────lost─────────┘      any ─close, a final close code─▶ closed

import { CLOSE_CODES, type CloseCode, retryAfterClose, retryAfterError } from '@papertape/protocol'
import { backoffMs, CHANNEL_BACKOFF, serverRetryMs } from '../platform/backoff.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import type { StepContext } from '../platform/state-machine.ts'
import type {
  AccountStatus,
  ChannelCommon,
  ChannelEffect,
  ChannelEvent,
  ChannelEventOf,
  ChannelEventType,
  ChannelKind,
  ChannelMachineState,
  ChannelOfKind,
  ChannelStep,
  ClosedChannel,
  ConnectingChannel,
  IdleChannel,
  LoggingOnChannel,
  OpenChannel,
  ReadyChannel,
  WaitingChannel,
} from './channel-machine-state.ts'

const OPEN_MS = 10_000
const LOGON_MS = 5_000
/** How late a logon may be carried out whose connection was given up: its server was suspended, or waited. */
const LATE_LOGON_MS = 60_000
/** How long the account, or the missed events, may take after the logon. */
const CATCH_UP_MS = 10_000
/** How long the answer to a ping may take that checks a silent connection. */
export const PONG_MS = 5_000
const TAKEN_OVER = 4409 satisfies CloseCode
/** After so many heartbeats of silence a connection is checked with a ping. */
const SILENT_HEARTBEATS = 1.5
/** A connection that was ready for less does not reset the attempts. */
const SHORT_CHANNEL_MS = 5_000

type ChannelTransition<State, Type extends ChannelEventType> = (
  state: State,
  event: ChannelEventOf<Type>,
  at: StepContext,
) => ChannelStep
type ChannelTransitions<State> = { readonly [Type in ChannelEventType]: ChannelTransition<State, Type> }

export function next(state: ChannelMachineState, event: ChannelEvent, at: StepContext): ChannelStep {
  const transition = TABLE[state.kind][event.type] as ChannelTransition<ChannelMachineState, ChannelEventType>
  return transition(state, event, at)
}

const SILENT: StatusReason = { code: 'silent', text: 'No answer to a ping' }
const NO_OPEN: StatusReason = { code: 'mute', text: 'The socket did not open' }
const NO_LOGON: StatusReason = { code: 'mute', text: 'The logon was not answered' }
const NO_ACCOUNT: StatusReason = { code: 'mute', text: 'The account did not arrive' }
const DISCONNECT: readonly ChannelEffect[] = [{ type: 'disconnect' }]

const stay = (state: ChannelMachineState): ChannelStep => ({ state, effects: [] })

/** A timer may fire early, and a deadline may have moved since it was set. */
const isDue = ({ deadlineMs }: OpenChannel | WaitingChannel, { nowMs }: StepContext) => nowMs >= deadlineMs

/** The fields that every state has, as of a state that begins now. */
function begin(state: IdleChannel | OpenChannel | WaitingChannel, at: StepContext) {
  const { kind, logsOn, heartbeatMs, lateLogonUntilMs, attempts, lastArrivalMs, reason, account } = state
  return {
    sinceMs: at.nowMs,
    logsOn,
    heartbeatMs,
    lateLogonUntilMs: kind === 'loggingOn' ? at.nowMs + LATE_LOGON_MS : lateLogonUntilMs,
    attempts,
    lastArrivalMs,
    reason,
    account: markStale(account, at),
  } satisfies ChannelCommon
}

/** From now on the account may be out of date. The first loss counts, however many follow. */
const markStale = (account: AccountStatus, { nowMs }: StepContext): AccountStatus => ({
  ...account,
  staleSinceMs: account.received ? (account.staleSinceMs ?? nowMs) : undefined,
})

function connect(state: IdleChannel | OpenChannel | WaitingChannel, at: StepContext): ChannelStep {
  const connecting: ConnectingChannel = {
    ...begin(state, at),
    kind: 'connecting',
    deadlineMs: at.nowMs + OPEN_MS,
    noticeMs: undefined,
  }
  return { state: connecting, effects: [{ type: 'connect' }] }
}

function reopen(state: OpenChannel, at: StepContext): ChannelStep {
  const { state: connecting, effects } = connect(state, at)
  return { state: connecting, effects: [...DISCONNECT, ...effects] }
}

function logOn(state: ConnectingChannel, at: StepContext): ChannelStep {
  const loggingOn: LoggingOnChannel = {
    ...begin(state, at),
    kind: 'loggingOn',
    deadlineMs: at.nowMs + LOGON_MS,
    noticeMs: state.noticeMs,
  }
  return { state: loggingOn, effects: [{ type: 'logon' }] }
}

function becomeReady(state: ConnectingChannel | LoggingOnChannel, at: StepContext): ChannelStep {
  const ready: ReadyChannel = {
    ...begin(state, at),
    kind: 'ready',
    deadlineMs: at.nowMs + CATCH_UP_MS,
    noticeMs: state.noticeMs,
    caughtUp: false,
    pinged: false,
    lastArrivalMs: at.nowMs,
    reason: undefined,
    lateLogonUntilMs: state.lateLogonUntilMs,
  }
  // Without a logon there is no account to receive.
  return stay(state.logsOn ? ready : catchUp(ready, at))
}

const catchUp = (state: ReadyChannel, { nowMs }: StepContext): ReadyChannel => ({
  ...state,
  caughtUp: true,
  pinged: false,
  account: { received: true, staleSinceMs: undefined },
  deadlineMs: nowMs + state.heartbeatMs * SILENT_HEARTBEATS,
})

function ping(state: ReadyChannel, at: StepContext): ChannelStep {
  const pinged = { ...state, pinged: true, account: markStale(state.account, at), deadlineMs: at.nowMs + PONG_MS }
  return { state: pinged, effects: [{ type: 'ping' }] }
}

/** The only way from an open connection to waiting. @param retryMs the wait that the server asked for, if any */
function wait(
  state: OpenChannel,
  at: StepContext,
  reason: StatusReason,
  retryMs?: number,
  effects: readonly ChannelEffect[] = [],
): ChannelStep {
  const lasted = state.kind === 'ready' && at.nowMs - state.sinceMs >= SHORT_CHANNEL_MS
  const attempts = lasted ? 0 : state.attempts
  const delayMs = retryMs === undefined ? backoffMs(attempts, at.chance, CHANNEL_BACKOFF) : serverRetryMs(retryMs)
  const waiting: WaitingChannel = {
    ...begin(state, at),
    kind: 'waiting',
    deadlineMs: at.nowMs + delayMs,
    attempts: attempts + 1,
    reason,
  }
  return { state: waiting, effects }
}

function finish(
  state: IdleChannel | OpenChannel | WaitingChannel,
  at: StepContext,
  reason: StatusReason | undefined,
  effects: readonly ChannelEffect[] = [],
): ChannelStep {
  const closed: ClosedChannel = { ...begin(state, at), kind: 'closed', deadlineMs: undefined, reason }
  return { state: closed, effects }
}

function lose(state: OpenChannel, { code, text }: ChannelEventOf<'lost'>, at: StepContext): ChannelStep {
  const meaning = code in CLOSE_CODES ? CLOSE_CODES[code as CloseCode].meaning : 'the connection was closed'
  const reason = { code: `close-${code}`, text: text || meaning }
  // Taken over by an own logon of before, as it seems: its connection has gone.
  const rule = code === TAKEN_OVER && at.nowMs < state.lateLogonUntilMs ? 'retry' : retryAfterClose(code)
  if (rule === 'never') return finish(state, at, reason)
  return wait(state, at, reason, rule === 'retryAfter' ? state.noticeMs : undefined)
}

/** While no socket is open: messages of earlier sockets are ignored. */
const NOT_CONNECTED = {
  start: stay,
  opened: stay,
  loggedOn: stay,
  caughtUp: stay,
  logonRejected: stay,
  received: stay,
  notice: stay,
  lost: stay,
  timeout: stay,
  suspected: stay,
  reconnect: stay,
  close: stay,
  leave: stay,
} satisfies ChannelTransitions<ChannelMachineState>

/** While a socket is open or opening. */
const CONNECTED = {
  ...NOT_CONNECTED,
  received: (state, _, { nowMs }) => stay({ ...state, lastArrivalMs: nowMs }),
  notice: (state, { retryMs }) => stay({ ...state, noticeMs: serverRetryMs(retryMs) }),
  lost: lose,
  // After a freeze the data in the socket is old.
  suspected: (state, { why }, at) => (why === 'resumed' ? reopen(state, at) : stay(state)),
  reconnect: (state, _, at) => reopen(state, at),
  close: (state, _, at) => finish(state, at, undefined, DISCONNECT),
  leave: (state, _, at) => finish(state, at, undefined, DISCONNECT),
} satisfies ChannelTransitions<OpenChannel>

const IDLE: ChannelTransitions<IdleChannel> = {
  ...NOT_CONNECTED,
  start: (state, _, at) => connect(state, at),
  reconnect: (state, _, at) => connect(state, at),
  close: (state, _, at) => finish(state, at, undefined),
  leave: (state, _, at) => finish(state, at, undefined),
}

const CONNECTING: ChannelTransitions<ConnectingChannel> = {
  ...CONNECTED,
  opened: (state, _, at) => (state.logsOn ? logOn(state, at) : becomeReady(state, at)),
  timeout: (state, _, at) => (isDue(state, at) ? wait(state, at, NO_OPEN, undefined, DISCONNECT) : stay(state)),
}

const LOGGING_ON: ChannelTransitions<LoggingOnChannel> = {
  ...CONNECTED,
  loggedOn: (state, _, at) => becomeReady(state, at),
  logonRejected: (state, { reason, retryMs }, at) =>
    // Unknown codes are retried, with backoff.
    retryAfterError(reason.code) === 'never'
      ? finish(state, at, reason, DISCONNECT)
      : wait(state, at, reason, retryMs ?? state.noticeMs, DISCONNECT),
  timeout: (state, _, at) => (isDue(state, at) ? wait(state, at, NO_LOGON, undefined, DISCONNECT) : stay(state)),
}

const READY: ChannelTransitions<ReadyChannel> = {
  ...CONNECTED,
  caughtUp: (state, _, at) => stay(catchUp(state, at)),
  received: (state, _, at) => {
    const arrived = { ...state, lastArrivalMs: at.nowMs }
    return stay(state.caughtUp ? catchUp(arrived, at) : { ...arrived, deadlineMs: at.nowMs + CATCH_UP_MS })
  },
  timeout: (state, _, at) => {
    if (!isDue(state, at)) return stay(state)
    if (!state.caughtUp) return wait(state, at, NO_ACCOUNT, undefined, DISCONNECT)
    // After a sleep the answer to a ping would be overdue as well.
    if (at.nowMs >= state.deadlineMs + PONG_MS) return reopen({ ...state, reason: SILENT }, at)
    return state.pinged ? wait(state, at, SILENT, undefined, DISCONNECT) : ping(state, at)
  },
  suspected: (state, { why }, at) => {
    if (why === 'resumed') return reopen(state, at)
    return state.pinged || !state.caughtUp ? stay(state) : ping(state, at)
  },
  close: (state, _, at) => finish(state, at, undefined, [{ type: 'logout' }, ...DISCONNECT]),
}

const WAITING: ChannelTransitions<WaitingChannel> = {
  ...NOT_CONNECTED,
  timeout: (state, _, at) => (isDue(state, at) ? connect(state, at) : stay(state)),
  suspected: (state, { why }, at) => (why === 'offline' || why === 'unanswered' ? stay(state) : connect(state, at)),
  reconnect: (state, _, at) => connect(state, at),
  close: (state, _, at) => finish(state, at, undefined),
  leave: (state, _, at) => finish(state, at, undefined),
}

const TABLE: { readonly [Kind in ChannelKind]: ChannelTransitions<ChannelOfKind<Kind>> } = {
  idle: IDLE,
  connecting: CONNECTING,
  loggingOn: LOGGING_ON,
  ready: READY,
  waiting: WAITING,
  closed: NOT_CONNECTED,
}
