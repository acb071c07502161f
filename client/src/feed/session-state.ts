// What the feed session knows, is told and does: the state, the events and the effects of the machine in session-machine.ts, and
// what the state says of the data. Pure; session-machine.ts moves from state to state.

import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import type { PageEvent } from '../platform/page-events.ts'
import { type ArrivalInterval, NO_ARRIVALS } from './arrival-interval.ts'
import { type FrameKind, type ResumePosition, startReading } from './resume-position.ts'

export const SESSION_KINDS = ['idle', 'connecting', 'live', 'stale', 'waiting', 'closed'] as const
export type SessionKind = (typeof SESSION_KINDS)[number]

export type FeedTransport = 'sse' | 'longPoll'
export type TransportChoice = 'auto' | FeedTransport

/** A connection that has not said hello by then is mute. */
export const HELLO_MS = 5_000
/** A stream that ended sooner after its hello proves nothing: it neither clears the attempts nor counts as passing. */
export const SHORT_STREAM_MS = 5_000
/** So many streams in a row that were short or mute while a poll passed, and the feed is polled. */
export const SHORT_STREAMS_MAX = 3
/** When there is reason to doubt a connection, how long past its due heartbeat it still has. */
export const DOUBT_MS = 2_000
/** How long a change of the connection that we make ourselves leaves what was live live. */
export const CHANGE_MS = 3_000

export interface SessionState {
  readonly kind: SessionKind
  /** When this kind began. All times of a state are by the clock that only goes forward. */
  readonly sinceMs: number
  /** When a `timeout` is due; undefined when none is. The runner keeps one timer for it. */
  readonly deadlineMs: number | undefined
  readonly choice: TransportChoice
  readonly transport: FeedTransport
  readonly reading: ResumePosition
  /** Failures since a stream last held. */
  readonly attempts: number
  readonly shortStreams: number
  /** How long this connection may be silent before it counts as dead, and how long it is silent when all is well. */
  readonly silenceMaxMs: number
  readonly heartbeatMs: number
  readonly lastArrivalMs: number | undefined
  /** When this connection said hello; undefined before. */
  readonly helloMs: number | undefined
  /** Data has come, on whichever connection. */
  readonly hasData: boolean
  /** Since when what was delivered may be out of date; kept over all retries, until data comes. */
  readonly doubtfulSinceMs: number | undefined
  /** Until when what was delivered is live if nothing more comes; undefined while it is not. */
  readonly liveUntilMs: number | undefined
  readonly arrivals: ArrivalInterval
  /** The server has said that this reader does not keep up, and nothing has come since. */
  readonly lagging: boolean
  /** The transport that is being tried next to the one in use. */
  readonly probe: FeedTransport | undefined
  /** A poll was answered while streams did not pass. */
  readonly pollPassed: boolean
  /** Streams that were tried in vain since the feed is polled, and when the next one is tried. */
  readonly streamTries: number
  readonly streamTryAtMs: number | undefined
  /** The server's `retry`: no wait after its stream ends is shorter. */
  readonly retryMinMs: number
  /** Why there is no live connection, or why it is not the transport that was wished for. */
  readonly reason: StatusReason | undefined
}

export type SessionEvent =
  | { readonly type: 'start' }
  /** The connection works. */
  | { readonly type: 'hello'; readonly heartbeatMs: number; readonly silenceMaxMs: number }
  | {
      readonly type: 'frame'
      readonly kind: FrameKind
      readonly id: string | undefined
      /** The trading phase changed with it: how often events come is to be learnt anew. */
      readonly phaseChange?: boolean
    }
  /** Bytes of any sort: a comment is a sign of life too. */
  | { readonly type: 'received' }
  | { readonly type: 'retryReceived'; readonly retryMs: number }
  /** `busy` or `drain`: come back after that long. */
  | { readonly type: 'notice'; readonly retryMs: number; readonly reason: StatusReason }
  /** This reader does not keep up; the stream may end now. */
  | { readonly type: 'lagging' }
  /** A stream that had been opened is over. */
  | { readonly type: 'ended'; readonly reason: StatusReason }
  /** The request came to nothing, but the next one may not: network, 5xx, 429. */
  | { readonly type: 'failed'; readonly reason: StatusReason; readonly retryMs: number | undefined }
  /** The request is wrong and will stay so. */
  | { readonly type: 'refused'; readonly reason: StatusReason }
  /** What came of the probe. */
  | { readonly type: 'probed'; readonly passes: boolean }
  | { readonly type: 'timeout' }
  /** The page was away, or the network changed. */
  | { readonly type: 'suspected'; readonly why: PageEvent }
  /** Another subscription from here on: the connection has to be opened anew. */
  | { readonly type: 'resubscribed' }
  | { readonly type: 'reconnect' }
  | { readonly type: 'resnapshot' }
  | { readonly type: 'close' }
export type SessionEventType = SessionEvent['type']

export type SessionEffect =
  | {
      readonly type: 'connect'
      readonly transport: FeedTransport
      readonly last: string | undefined
      /** A snapshot must come, whatever the options say. */
      readonly snapshot: boolean
    }
  | { readonly type: 'disconnect' }
  /** Try this transport next to the one in use; takes the place of an earlier probe. */
  | { readonly type: 'probe'; readonly transport: FeedTransport }
  | { readonly type: 'endProbe' }
  /** Hand the frame at hand to the application. */
  | { readonly type: 'deliver' }

export interface Step {
  readonly state: SessionState
  readonly effects: readonly SessionEffect[]
}

export function startSession(choice: TransportChoice, nowMs: number, last?: string): SessionState {
  return {
    kind: 'idle',
    sinceMs: nowMs,
    deadlineMs: undefined,
    choice,
    transport: choice === 'longPoll' ? 'longPoll' : 'sse',
    reading: startReading(last),
    attempts: 0,
    shortStreams: 0,
    silenceMaxMs: HELLO_MS,
    heartbeatMs: HELLO_MS,
    lastArrivalMs: undefined,
    helloMs: undefined,
    hasData: false,
    doubtfulSinceMs: undefined,
    liveUntilMs: undefined,
    arrivals: NO_ARRIVALS,
    lagging: false,
    probe: undefined,
    pollPassed: false,
    streamTries: 0,
    streamTryAtMs: undefined,
    retryMinMs: 0,
    reason: undefined,
  }
}

/** As of now: after a sleep the timers are late, and what is overdue is not live. */
export function freshness(state: SessionState, nowMs: number): Freshness {
  if (!state.hasData) return 'none'
  const { doubtfulSinceMs, liveUntilMs } = state
  return doubtfulSinceMs === undefined && liveUntilMs !== undefined && nowMs < liveUntilMs ? 'live' : 'doubtful'
}
