// The order channel as a pure state machine: next(state, event, at) → {state, effects}. No clock, no timer, no socket;
// order-channel.ts runs it. SPEC.md has the table in words, channel-machine.test.ts has it as types.
//
//   idle ─start─▶ connecting ─opened─▶ loggingOn ─loggedOn─▶ ready
//                   ▲                      │                   │
//                   └──timeout── waiting ◀─┴──────lost─────────┘      any ─close, a code that says never─▶ closed

import { CLOSE_CODES, type CloseCode, ERRORS, type ErrorCode, retryAfterClose } from '@papertape/protocol'
import { backoffMs, CHANNEL_BACKOFF, serverRetryMs } from '../platform/backoff.ts'
import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import type { PageEvent } from '../platform/page-events.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { withOverdueTimeout } from '../platform/state-machine.ts'

export const CHANNEL_KINDS = ['idle', 'connecting', 'loggingOn', 'ready', 'waiting', 'closed'] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

export const OPEN_MS = 10_000
export const LOGON_MS = 5_000
/** How long the account, or what was missed of it, may take after the logon. */
export const CATCH_UP_MS = 10_000
/** How long a ping that checks a doubtful connection may take. */
export const PONG_MS = 5_000
/** Silence of so many heartbeats makes a connection doubtful. */
const SILENT_HEARTBEATS = 1.5
/** A connection that was ready for less proves nothing. */
export const SHORT_CHANNEL_MS = 5_000

export interface ChannelMachineState {
  readonly kind: ChannelKind
  readonly sinceMs: number
  /** When a `timeout` is due. */
  readonly deadlineMs: number | undefined
  /** false: the connection is ready as soon as it is open, for the public feed alone. */
  readonly logsOn: boolean
  /** How often the server speaks when it has nothing to say. */
  readonly heartbeatMs: number
  readonly attempts: number
  /** Nothing came when a heartbeat was due; a ping is out, and if that brings nothing the connection is dead. */
  readonly doubtful: boolean
  /** The account is known up to where it was at the logon: commands may be sent. */
  readonly caughtUp: boolean
  /** The account has been known, on whichever connection. */
  readonly hasData: boolean
  /** Since when what is known of the account may be out of date; kept over all retries. */
  readonly doubtfulSinceMs: number | undefined
  readonly lastArrivalMs: number | undefined
  /** What the server's notice said about coming back, on this connection. */
  readonly noticeMs: number | undefined
  readonly reason: StatusReason | undefined
}

export type ChannelEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened' }
  | { readonly type: 'loggedOn' }
  /** The private stream has been seen up to where it was at the logon. */
  | { readonly type: 'caughtUp' }
  | { readonly type: 'logonRejected'; readonly reason: StatusReason; readonly retryMs?: number | undefined }
  | { readonly type: 'received' }
  | { readonly type: 'notice'; readonly retryMs: number; readonly reason: StatusReason }
  /** The socket has closed, with its close code. */
  | { readonly type: 'lost'; readonly code: number; readonly text: string }
  | { readonly type: 'timeout' }
  | { readonly type: 'suspected'; readonly why: PageEvent | 'unanswered' }
  | { readonly type: 'reconnect' }
  | { readonly type: 'close' }
  /** The same without a logout: the session goes on over another connection. */
  | { readonly type: 'leave' }
export type ChannelEventType = ChannelEvent['type']

export type ChannelEffect = { readonly type: 'connect' | 'disconnect' | 'logon' | 'logout' | 'ping' }
export interface ChannelStep {
  readonly state: ChannelMachineState
  readonly effects: readonly ChannelEffect[]
}
export function startChannel(logsOn: boolean, heartbeatMs: number, nowMs: number): ChannelMachineState {
  return {
    kind: 'idle',
    sinceMs: nowMs,
    deadlineMs: undefined,
    logsOn,
    heartbeatMs,
    attempts: 0,
    doubtful: false,
    caughtUp: false,
    hasData: false,
    doubtfulSinceMs: undefined,
    lastArrivalMs: undefined,
    noticeMs: undefined,
    reason: undefined,
  }
}

export function next(state: ChannelMachineState, event: ChannelEvent, at: StepContext): ChannelStep {
  const cell = TABLE[state.kind][event.type] as Cell<ChannelEventType>
  return cell(state, event, at)
}

/** What the machine is to be given instead of the event alone. */
export function inOrder(state: ChannelMachineState, event: ChannelEvent, nowMs: number): readonly ChannelEvent[] {
  return withOverdueTimeout(state.deadlineMs, event, nowMs)
}

/** As of now: after a sleep the timers are late, and what is overdue is not live. */
export function freshness(state: ChannelMachineState, nowMs: number): Freshness {
  if (!state.hasData) return 'none'
  return state.doubtfulSinceMs === undefined && nowMs < (state.deadlineMs ?? 0) ? 'live' : 'doubtful'
}

type Cell<E extends ChannelEventType> = (
  state: ChannelMachineState,
  event: Extract<ChannelEvent, { type: E }>,
  at: StepContext,
) => ChannelStep
type Row = { readonly [E in ChannelEventType]: Cell<E> }

const stay = (state: ChannelMachineState): ChannelStep => ({ state, effects: [] })

/** Into a kind in which nothing is known of the account any more, or not yet. The first doubt counts. */
function enter(
  state: ChannelMachineState,
  kind: ChannelKind,
  { nowMs }: StepContext,
  forMs: number,
): ChannelMachineState {
  const doubtfulSinceMs = state.hasData ? (state.doubtfulSinceMs ?? nowMs) : undefined
  const entered = { kind, sinceMs: nowMs, deadlineMs: nowMs + forMs, doubtful: false, caughtUp: false }
  return { ...state, ...entered, doubtfulSinceMs }
}

const connect = (state: ChannelMachineState, at: StepContext): ChannelStep => ({
  state: { ...enter(state, 'connecting', at, OPEN_MS), noticeMs: undefined },
  effects: [{ type: 'connect' }],
})

function becomeReady(state: ChannelMachineState, at: StepContext): ChannelStep {
  const ready = { ...enter(state, 'ready', at, CATCH_UP_MS), lastArrivalMs: at.nowMs, reason: undefined }
  // Without a logon there is no account to catch up with.
  return stay(state.logsOn ? ready : catchUp(ready, at))
}

const catchUp = (state: ChannelMachineState, { nowMs }: StepContext): ChannelMachineState => ({
  ...state,
  caughtUp: true,
  hasData: true,
  doubtful: false,
  doubtfulSinceMs: undefined,
  deadlineMs: nowMs + state.heartbeatMs * SILENT_HEARTBEATS,
})

/** Every way from an open connection to waiting goes through here. `retryMs` is the server's word, if it gave one. */
function wait(
  state: ChannelMachineState,
  at: StepContext,
  reason: StatusReason,
  retryMs?: number,
  effects: readonly ChannelEffect[] = [],
): ChannelStep {
  const proven = state.kind === 'ready' && at.nowMs - state.sinceMs >= SHORT_CHANNEL_MS
  const attempts = proven ? 0 : state.attempts
  const delayMs = retryMs === undefined ? backoffMs(attempts, at.chance, CHANNEL_BACKOFF) : serverRetryMs(retryMs)
  return { state: { ...enter(state, 'waiting', at, delayMs), attempts: attempts + 1, reason }, effects }
}

function finish(
  state: ChannelMachineState,
  at: StepContext,
  reason: StatusReason | undefined,
  effects: readonly ChannelEffect[] = [],
): ChannelStep {
  return { state: { ...enter(state, 'closed', at, 0), deadlineMs: undefined, reason }, effects }
}

const DISCONNECT: readonly ChannelEffect[] = [{ type: 'disconnect' }]

function lose(state: ChannelMachineState, code: number, text: string, at: StepContext): ChannelStep {
  const meaning = code in CLOSE_CODES ? CLOSE_CODES[code as CloseCode].meaning : 'the connection was closed'
  const reason = { code: `close-${code}`, text: text || meaning }
  const rule = retryAfterClose(code)
  if (rule === 'never') return finish(state, at, reason)
  return wait(state, at, reason, rule === 'retryAfter' ? state.noticeMs : undefined)
}

/** Codes that we do not know yet are given the benefit of another try, with backoff. */
const isFinal = (code: string) => Object.hasOwn(ERRORS, code) && ERRORS[code as ErrorCode].retry === 'never'

const SILENT: StatusReason = { code: 'silent', text: 'No heartbeat, and no answer to a ping' }

const due = (state: ChannelMachineState, { nowMs }: StepContext) =>
  state.deadlineMs !== undefined && nowMs >= state.deadlineMs

const reopen = (state: ChannelMachineState, at: StepContext): ChannelStep => {
  const { state: after, effects } = connect(state, at)
  return { state: after, effects: [...DISCONNECT, ...effects] }
}

const ping = (state: ChannelMachineState, { nowMs }: StepContext): ChannelStep => ({
  state: {
    ...state,
    doubtful: true,
    doubtfulSinceMs: state.hasData ? (state.doubtfulSinceMs ?? nowMs) : undefined,
    deadlineMs: nowMs + PONG_MS,
  },
  effects: [{ type: 'ping' }],
})

/** While nothing is open: whatever a socket might still say is of the past. */
const SHUT = {
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
} satisfies Row

/** While a socket is there, whether or not it can carry a command yet. */
const OPEN = {
  ...SHUT,
  received: (state, _, { nowMs }) => stay({ ...state, lastArrivalMs: nowMs }),
  notice: (state, { retryMs }) => stay({ ...state, noticeMs: serverRetryMs(retryMs) }),
  lost: (state, { code, text }, at) => lose(state, code, text, at),
  timeout: (state, _, at) => {
    if (!due(state, at)) return stay(state)
    const what = state.kind === 'connecting' ? 'The socket did not open' : 'The logon was not answered'
    return wait(state, at, { code: 'mute', text: what }, undefined, DISCONNECT)
  },
  // What a frozen socket still holds is of the past.
  suspected: (state, { why }, at) => (why === 'resumed' ? reopen(state, at) : stay(state)),
  reconnect: (state, _, at) => reopen(state, at),
  close: (state, _, at) => finish(state, at, undefined, DISCONNECT),
  leave: (state, _, at) => finish(state, at, undefined, DISCONNECT),
} satisfies Row

const TABLE: { readonly [K in ChannelKind]: Row } = {
  idle: {
    ...SHUT,
    start: (state, _, at) => connect(state, at),
    reconnect: (state, _, at) => connect(state, at),
    close: (state, _, at) => finish(state, at, undefined),
    leave: (state, _, at) => finish(state, at, undefined),
  },
  connecting: {
    ...OPEN,
    opened: (state, _, at) =>
      state.logsOn
        ? { state: enter(state, 'loggingOn', at, LOGON_MS), effects: [{ type: 'logon' }] }
        : becomeReady(state, at),
  },
  loggingOn: {
    ...OPEN,
    loggedOn: (state, _, at) => becomeReady(state, at),
    logonRejected: (state, { reason, retryMs }, at) =>
      isFinal(reason.code)
        ? finish(state, at, reason, DISCONNECT)
        : wait(state, at, reason, retryMs ?? state.noticeMs, DISCONNECT),
  },
  ready: {
    ...OPEN,
    caughtUp: (state, _, at) => stay(catchUp(state, at)),
    received: (state, _, at) => {
      const arrived = { ...state, lastArrivalMs: at.nowMs }
      return stay(state.caughtUp ? catchUp(arrived, at) : { ...arrived, deadlineMs: at.nowMs + CATCH_UP_MS })
    },
    timeout: (state, _, at) => {
      if (!due(state, at)) return stay(state)
      if (!state.caughtUp) {
        const reason = { code: 'mute', text: 'The account did not come after the logon' }
        return wait(state, at, reason, undefined, DISCONNECT)
      }
      // After a sleep a ping would have been overdue as well.
      if (at.nowMs >= (state.deadlineMs ?? 0) + PONG_MS) return reopen({ ...state, reason: SILENT }, at)
      if (!state.doubtful) return ping(state, at)
      return wait(state, at, SILENT, undefined, DISCONNECT)
    },
    suspected: (state, { why }, at) => {
      if (why === 'resumed') return reopen(state, at)
      return state.doubtful || !state.caughtUp ? stay(state) : ping(state, at)
    },
    close: (state, _, at) => finish(state, at, undefined, [{ type: 'logout' }, ...DISCONNECT]),
  },
  waiting: {
    ...SHUT,
    timeout: (state, _, at) => (due(state, at) ? connect(state, at) : stay(state)),
    suspected: (state, { why }, at) => (why === 'offline' || why === 'unanswered' ? stay(state) : connect(state, at)),
    reconnect: (state, _, at) => connect(state, at),
    close: (state, _, at) => finish(state, at, undefined),
    leave: (state, _, at) => finish(state, at, undefined),
  },
  closed: SHUT,
}
