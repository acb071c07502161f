// State, events and effects of the feed session's machine, as types, and the freshness of a state. Pure;
// session-machine.ts has the transitions.

import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import type { PageEvent } from '../platform/page-events.ts'
import type { ArrivalInterval } from './arrival-interval.ts'
import type { FrameKind } from './frame-kind.ts'
import { type ResumePosition, startPosition } from './resume-position.ts'
import {
  type FeedTransport,
  startSelection,
  type TransportSelection,
  type TransportSetting,
} from './transport-selection.ts'

export const SESSION_KINDS = ['idle', 'connecting', 'live', 'stale', 'waiting', 'closed'] as const
export type SessionKind = (typeof SESSION_KINDS)[number]

/** A connection without a hello after this time is given up. */
export const HELLO_MS = 5_000
/** A stream that ended sooner after its hello neither clears the attempts nor counts as passing. */
export const SHORT_STREAM_MS = 5_000
/** How long past its due heartbeat a suspected connection is kept. */
export const HEARTBEAT_GRACE_MS = 2_000
/** How long data stays live while the session replaces the connection by itself. */
export const CHANGE_MS = 3_000

/** What is known of the delivered data. */
export interface DataStatus {
  /** Data was received, on whichever connection. */
  readonly received: boolean
  /** Since when it may be out of date; kept over all retries, until data is received again. */
  readonly staleSinceMs: number | undefined
  /** The server announced that this reader does not keep up, and no data was received since. */
  readonly lagging: boolean
}

/** In every state. All times are monotonic. */
export interface SessionCommon {
  /** When this state began. */
  readonly sinceMs: number
  readonly position: ResumePosition
  readonly transports: TransportSelection
  readonly data: DataStatus
  /** Failures since a stream last lasted. */
  readonly attempts: number
  readonly lastArrivalMs: number | undefined
  /** Why there is no live connection, or why its transport is not the preferred one. */
  readonly reason: StatusReason | undefined
}

interface Unconnected extends SessionCommon {
  readonly deadlineMs: undefined
}
export interface IdleSession extends Unconnected {
  readonly kind: 'idle'
}
export interface ClosedSession extends Unconnected {
  readonly kind: 'closed'
}

export interface WaitingSession extends SessionCommon {
  readonly kind: 'waiting'
  /** When the next attempt is due. */
  readonly deadlineMs: number
}

interface Connected extends SessionCommon {
  /** When a `timeout` is due. */
  readonly deadlineMs: number
  /** The stream's `retry` field: the least wait after this stream ends. */
  readonly retryMinMs: number
}
export interface ConnectingSession extends Connected {
  readonly kind: 'connecting'
  /** Until when delivered data stays live without new data; undefined when it is not live. */
  readonly liveUntilMs: number | undefined
}

interface Greeted extends Connected {
  /** When this connection received its hello. */
  readonly helloMs: number
  /** The usual time between two arrivals in a quiet market. */
  readonly heartbeatMs: number
  /** A longer silence means that the connection is dead. */
  readonly silenceMaxMs: number
  readonly arrivals: ArrivalInterval
}
export interface LiveSession extends Greeted {
  readonly kind: 'live'
  readonly liveUntilMs: number | undefined
}
export interface StaleSession extends Greeted {
  readonly kind: 'stale'
}

export type OpenSession = ConnectingSession | LiveSession | StaleSession
export type SessionState = IdleSession | OpenSession | WaitingSession | ClosedSession
export type SessionOfKind<Kind extends SessionKind> = Extract<SessionState, { kind: Kind }>

export type SessionEvent =
  | { readonly type: 'start' }
  /** The connection works. */
  | { readonly type: 'hello'; readonly heartbeatMs: number; readonly silenceMaxMs: number }
  | {
      readonly type: 'frame'
      readonly kind: FrameKind
      readonly id: string | undefined
      /** The trading phase changed with it: the arrival interval starts over. */
      readonly phaseChange?: boolean
    }
  /** Bytes of any kind; a comment counts. */
  | { readonly type: 'received' }
  /** The stream's `retry` field. */
  | { readonly type: 'retryReceived'; readonly retryMs: number }
  /** `busy` or `drain`: reconnect after that time. */
  | { readonly type: 'notice'; readonly retryMs: number; readonly reason: StatusReason }
  /** This reader does not keep up. `ends`: the stream ends now; otherwise it goes on, and its data is as it was. */
  | { readonly type: 'lagging'; readonly ends: boolean }
  /** A stream that had been opened ended. */
  | { readonly type: 'ended'; readonly reason: StatusReason }
  /** The request failed, but the next one may succeed: network, 5xx, 429. */
  | { readonly type: 'failed'; readonly reason: StatusReason; readonly retryMs: number | undefined }
  /** The request is invalid and stays so. */
  | { readonly type: 'refused'; readonly reason: StatusReason }
  /** The result of the probe. */
  | { readonly type: 'probed'; readonly passes: boolean }
  | { readonly type: 'timeout' }
  /** The connection may be dead: the page was away, or the network changed. */
  | { readonly type: 'suspected'; readonly why: PageEvent }
  /** The subscription changed: the connection has to be replaced. */
  | { readonly type: 'resubscribed' }
  | { readonly type: 'reconnect' }
  | { readonly type: 'resnapshot' }
  | { readonly type: 'close' }
export type SessionEventType = SessionEvent['type']
export type SessionEventOf<Type extends SessionEventType> = Extract<SessionEvent, { type: Type }>

export type SessionEffect =
  | {
      readonly type: 'connect'
      readonly transport: FeedTransport
      readonly last: string | undefined
      /** A snapshot is needed, whatever the options are. */
      readonly snapshot: boolean
    }
  | { readonly type: 'disconnect' }
  /** Try this transport beside the one in use; replaces an earlier probe. */
  | { readonly type: 'probe'; readonly transport: FeedTransport }
  | { readonly type: 'endProbe' }
  /** Hand the current frame to the application. */
  | { readonly type: 'deliver' }

export interface SessionStep {
  readonly state: SessionState
  readonly effects: readonly SessionEffect[]
}

export function startSession(choice: TransportSetting, nowMs: number, last?: string): IdleSession {
  return {
    kind: 'idle',
    sinceMs: nowMs,
    deadlineMs: undefined,
    position: startPosition(last),
    transports: startSelection(choice),
    data: { received: false, staleSinceMs: undefined, lagging: false },
    attempts: 0,
    lastArrivalMs: undefined,
    reason: undefined,
  }
}

/** As of now: after a sleep timers fire late, and overdue data is not live. */
export function freshness(state: SessionState, nowMs: number): Freshness {
  const { received, staleSinceMs } = state.data
  if (!received) return 'none'
  const liveUntilMs = state.kind === 'live' || state.kind === 'connecting' ? state.liveUntilMs : undefined
  return staleSinceMs === undefined && liveUntilMs !== undefined && nowMs < liveUntilMs ? 'live' : 'stale'
}
