// State, events and effects of the order channel's machine, as types, and the freshness of a state. Pure;
// channel-machine.ts has the transitions.

import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import type { PageEvent } from '../platform/page-events.ts'

export const CHANNEL_KINDS = ['idle', 'connecting', 'loggingOn', 'ready', 'waiting', 'closed'] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

/** What is known of the account. */
export interface AccountStatus {
  /** The account was received, on whichever connection. */
  readonly received: boolean
  /** Since when it may be out of date; kept over all retries, until it is up to date again. */
  readonly staleSinceMs: number | undefined
}

/** In every state. All times are monotonic. */
export interface ChannelCommon {
  readonly sinceMs: number
  /** false: the connection is ready as soon as it is open, for the public feed alone. */
  readonly logsOn: boolean
  /** How often the server sends at least. */
  readonly heartbeatMs: number
  /**
   * Until then a logon that was left without an answer may yet be carried out, and take the session over from the
   * connection after it.
   */
  readonly lateLogonUntilMs: number
  /** Failures since a connection last lasted. */
  readonly attempts: number
  readonly account: AccountStatus
  readonly lastArrivalMs: number | undefined
  /** Why it is not ready. */
  readonly reason: StatusReason | undefined
}

interface UnconnectedChannel extends ChannelCommon {
  readonly deadlineMs: undefined
}
export interface IdleChannel extends UnconnectedChannel {
  readonly kind: 'idle'
}
export interface ClosedChannel extends UnconnectedChannel {
  readonly kind: 'closed'
}

export interface WaitingChannel extends ChannelCommon {
  readonly kind: 'waiting'
  /** When the next attempt is due. */
  readonly deadlineMs: number
}

interface ConnectedChannel extends ChannelCommon {
  /** When a `timeout` is due. */
  readonly deadlineMs: number
  /** The wait that a notice on this connection asked for. */
  readonly noticeMs: number | undefined
}
export interface ConnectingChannel extends ConnectedChannel {
  readonly kind: 'connecting'
}
export interface LoggingOnChannel extends ConnectedChannel {
  readonly kind: 'loggingOn'
}
export interface ReadyChannel extends ConnectedChannel {
  readonly kind: 'ready'
  /** The account is known up to the logon: commands may be sent. */
  readonly caughtUp: boolean
  /** Nothing arrived in time, and a ping was sent; without an answer the connection is dead. */
  readonly pinged: boolean
}

export type OpenChannel = ConnectingChannel | LoggingOnChannel | ReadyChannel
export type ChannelMachineState = IdleChannel | OpenChannel | WaitingChannel | ClosedChannel
export type ChannelOfKind<Kind extends ChannelKind> = Extract<ChannelMachineState, { kind: Kind }>

export type ChannelEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened' }
  | { readonly type: 'loggedOn' }
  /** The private stream was received up to the logon. */
  | { readonly type: 'caughtUp' }
  | { readonly type: 'logonRejected'; readonly reason: StatusReason; readonly retryMs?: number | undefined }
  | { readonly type: 'received' }
  /** The server asked to come back after this time. */
  | { readonly type: 'notice'; readonly retryMs: number; readonly reason: StatusReason }
  /** The socket closed, with its close code. */
  | { readonly type: 'lost'; readonly code: number; readonly text: string }
  | { readonly type: 'timeout' }
  /** The connection may be dead. `unanswered`: a command was not answered in time. */
  | { readonly type: 'suspected'; readonly why: PageEvent | 'unanswered' }
  | { readonly type: 'reconnect' }
  | { readonly type: 'close' }
  /** As `close`, without a logout: another connection may take the session over. */
  | { readonly type: 'leave' }
export type ChannelEventType = ChannelEvent['type']
export type ChannelEventOf<Type extends ChannelEventType> = Extract<ChannelEvent, { type: Type }>

export type ChannelEffect = { readonly type: 'connect' | 'disconnect' | 'logon' | 'logout' | 'ping' }
export interface ChannelStep {
  readonly state: ChannelMachineState
  readonly effects: readonly ChannelEffect[]
}

export function startChannel(logsOn: boolean, heartbeatMs: number, nowMs: number): IdleChannel {
  return {
    kind: 'idle',
    sinceMs: nowMs,
    deadlineMs: undefined,
    logsOn,
    heartbeatMs,
    lateLogonUntilMs: 0,
    attempts: 0,
    account: { received: false, staleSinceMs: undefined },
    lastArrivalMs: undefined,
    reason: undefined,
  }
}

/** As of now: after a sleep timers fire late, and an overdue account is not live. */
export function freshness({ account, deadlineMs }: ChannelMachineState, nowMs: number): Freshness {
  if (!account.received) return 'none'
  return account.staleSinceMs === undefined && nowMs < (deadlineMs ?? 0) ? 'live' : 'stale'
}
