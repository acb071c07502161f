// The order channel as a pure state machine: next(state, event, at) → {state, effects}. No clock, no timer, no socket;
// order-channel.ts runs it. SPEC.md has the table in words, channel-machine.test.ts has it as types.
//
//   idle ─start─▶ connecting ─opened─▶ loggingOn ─loggedOn─▶ ready
//                   ▲                      │                   │
//                   └──timeout── waiting ◀─┴──────lost─────────┘      any ─close, a code that says never─▶ closed

import { CLOSE_CODES, type CloseCode, ERRORS, type ErrorCode, retryAfterClose } from '@papertape/protocol'
import { backoffMs, CHANNEL_BACKOFF, toldMs } from './backoff.ts'
import type { At, Reason } from './environment.ts'

export const CHANNEL_KINDS = ['idle', 'connecting', 'loggingOn', 'ready', 'waiting', 'closed'] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

export const OPEN_MS = 10_000
export const LOGON_MS = 5_000
/** How long a ping that checks a doubtful connection may take. */
export const PONG_MS = 5_000
/** A connection that was ready for less proves nothing. */
export const SHORT_CHANNEL_MS = 5_000

export interface ChannelMachine {
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
  readonly lastArrivalMs: number | undefined
  /** What the server's notice said about coming back, on this connection. */
  readonly noticeMs: number | undefined
  readonly reason: Reason | undefined
}

export type ChannelEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened' }
  | { readonly type: 'loggedOn' }
  | { readonly type: 'logonRejected'; readonly reason: Reason }
  | { readonly type: 'received' }
  | { readonly type: 'notice'; readonly retryMs: number; readonly reason: Reason }
  /** The socket has closed, with its close code. */
  | { readonly type: 'lost'; readonly code: number; readonly text: string }
  | { readonly type: 'timeout' }
  | { readonly type: 'doubted' }
  | { readonly type: 'reconnect' }
  | { readonly type: 'close' }
  /** The same without a logout: the session goes on over another connection. */
  | { readonly type: 'leave' }
export type ChannelEventType = ChannelEvent['type']

export type ChannelEffect = { readonly type: 'connect' | 'disconnect' | 'logon' | 'logout' | 'ping' }
export interface ChannelStep {
  readonly state: ChannelMachine
  readonly effects: readonly ChannelEffect[]
}
export function startChannel(logsOn: boolean, heartbeatMs: number, nowMs: number): ChannelMachine {
  return {
    kind: 'idle',
    sinceMs: nowMs,
    deadlineMs: undefined,
    logsOn,
    heartbeatMs,
    attempts: 0,
    doubtful: false,
    lastArrivalMs: undefined,
    noticeMs: undefined,
    reason: undefined,
  }
}

export function next(state: ChannelMachine, event: ChannelEvent, at: At): ChannelStep {
  const cell = TABLE[state.kind][event.type] as Cell<ChannelEventType>
  return cell(state, event, at)
}

type Cell<E extends ChannelEventType> = (
  state: ChannelMachine,
  event: Extract<ChannelEvent, { type: E }>,
  at: At,
) => ChannelStep
type Row = { readonly [E in ChannelEventType]: Cell<E> }

const stay = (state: ChannelMachine): ChannelStep => ({ state, effects: [] })

function enter(state: ChannelMachine, kind: ChannelKind, { nowMs }: At, forMs: number): ChannelMachine {
  return { ...state, kind, sinceMs: nowMs, deadlineMs: nowMs + forMs, doubtful: false }
}

const connect = (state: ChannelMachine, at: At): ChannelStep => ({
  state: { ...enter(state, 'connecting', at, OPEN_MS), noticeMs: undefined },
  effects: [{ type: 'connect' }],
})

const becomeReady = (state: ChannelMachine, at: At): ChannelStep =>
  stay({ ...enter(state, 'ready', at, state.heartbeatMs * 1.5), lastArrivalMs: at.nowMs, reason: undefined })

/** Every way from an open connection to waiting goes through here. `retryMs` is the server's word, if it gave one. */
function wait(
  state: ChannelMachine,
  at: At,
  reason: Reason,
  retryMs?: number,
  effects: readonly ChannelEffect[] = [],
): ChannelStep {
  const proven = state.kind === 'ready' && at.nowMs - state.sinceMs >= SHORT_CHANNEL_MS
  const attempts = proven ? 0 : state.attempts
  const delayMs = retryMs === undefined ? backoffMs(attempts, at.chance, CHANNEL_BACKOFF) : toldMs(retryMs)
  return { state: { ...enter(state, 'waiting', at, delayMs), attempts: attempts + 1, reason }, effects }
}

function finish(
  state: ChannelMachine,
  at: At,
  reason: Reason | undefined,
  effects: readonly ChannelEffect[] = [],
): ChannelStep {
  return { state: { ...enter(state, 'closed', at, 0), deadlineMs: undefined, reason }, effects }
}

const DISCONNECT: readonly ChannelEffect[] = [{ type: 'disconnect' }]

function lose(state: ChannelMachine, code: number, text: string, at: At): ChannelStep {
  const meaning = code in CLOSE_CODES ? CLOSE_CODES[code as CloseCode].meaning : 'the connection was closed'
  const reason = { code: `close-${code}`, text: text || meaning }
  const rule = retryAfterClose(code)
  if (rule === 'never') return finish(state, at, reason)
  return wait(state, at, reason, rule === 'retryAfter' ? state.noticeMs : undefined)
}

/** Codes that we do not know yet are given the benefit of another try, with backoff. */
const isFinal = (code: string) => Object.hasOwn(ERRORS, code) && ERRORS[code as ErrorCode].retry === 'never'

const due = (state: ChannelMachine, { nowMs }: At) => state.deadlineMs !== undefined && nowMs >= state.deadlineMs

const reopen = (state: ChannelMachine, at: At): ChannelStep => {
  const { state: after, effects } = connect(state, at)
  return { state: after, effects: [...DISCONNECT, ...effects] }
}

const ping = (state: ChannelMachine, { nowMs }: At): ChannelStep => ({
  state: { ...state, doubtful: true, deadlineMs: nowMs + PONG_MS },
  effects: [{ type: 'ping' }],
})

/** While nothing is open: whatever a socket might still say is of the past. */
const SHUT = {
  start: stay,
  opened: stay,
  loggedOn: stay,
  logonRejected: stay,
  received: stay,
  notice: stay,
  lost: stay,
  timeout: stay,
  doubted: stay,
  reconnect: stay,
  close: stay,
  leave: stay,
} satisfies Row

/** While a socket is there, whether or not it can carry a command yet. */
const OPEN = {
  ...SHUT,
  received: (state, _, { nowMs }) => stay({ ...state, lastArrivalMs: nowMs }),
  notice: (state, { retryMs }) => stay({ ...state, noticeMs: toldMs(retryMs) }),
  lost: (state, { code, text }, at) => lose(state, code, text, at),
  timeout: (state, _, at) => {
    if (!due(state, at)) return stay(state)
    const what = state.kind === 'connecting' ? 'The socket did not open' : 'The logon was not answered'
    return wait(state, at, { code: 'mute', text: what }, undefined, DISCONNECT)
  },
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
    logonRejected: (state, { reason }, at) =>
      isFinal(reason.code)
        ? finish(state, at, reason, DISCONNECT)
        : wait(state, at, reason, state.noticeMs, DISCONNECT),
  },
  ready: {
    ...OPEN,
    received: (state, _, { nowMs }) =>
      stay({ ...state, lastArrivalMs: nowMs, deadlineMs: nowMs + state.heartbeatMs * 1.5, doubtful: false }),
    timeout: (state, _, at) => {
      if (!due(state, at)) return stay(state)
      if (!state.doubtful) return ping(state, at)
      const reason = { code: 'silent', text: 'No heartbeat, and no answer to a ping' }
      return wait(state, at, reason, undefined, DISCONNECT)
    },
    doubted: (state, _, at) => (state.doubtful ? stay(state) : ping(state, at)),
    close: (state, _, at) => finish(state, at, undefined, [{ type: 'logout' }, ...DISCONNECT]),
  },
  waiting: {
    ...SHUT,
    timeout: (state, _, at) => (due(state, at) ? connect(state, at) : stay(state)),
    doubted: (state, _, at) => connect(state, at),
    reconnect: (state, _, at) => connect(state, at),
    close: (state, _, at) => finish(state, at, undefined),
    leave: (state, _, at) => finish(state, at, undefined),
  },
  closed: SHUT,
}
