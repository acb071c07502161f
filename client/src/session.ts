// The feed session as a pure state machine: next(state, event, at) → {state, effects}. No clock, no timer, no socket, no
// chance of its own; feed-session.ts runs it. SPEC.md has the table in words, session.test.ts has it as types.
//
//   idle ─start─▶ connecting ─hello─▶ live ─timeout─▶ stale ─hello─▶ live
//                   │  ▲                │               │
//                   ▼  └──timeout── waiting ◀─ended─────┘        any ─close, refused─▶ closed

import { backoffMs, FEED_BACKOFF, toldMs } from './backoff.ts'
import type { At, Reason } from './environment.ts'
import { type FrameKind, forget, type Reading, read, request, startReading } from './reading.ts'

export const SESSION_KINDS = ['idle', 'connecting', 'live', 'stale', 'waiting', 'closed'] as const
export type SessionKind = (typeof SESSION_KINDS)[number]

export type FeedTransport = 'sse' | 'longPoll'
export type TransportChoice = 'auto' | FeedTransport

/** A connection that has not said hello by then is mute. */
export const HELLO_MS = 5_000
/** A stream that ended sooner after its hello proves nothing: it neither clears the attempts nor counts as passing. */
export const SHORT_STREAM_MS = 5_000
/** So many streams in a row that were short or mute, and the other transport is tried. */
export const SHORT_STREAMS_MAX = 3
/** When there is reason to doubt a connection, how long past its due heartbeat it still has. */
export const DOUBT_MS = 2_000

export interface SessionState {
  readonly kind: SessionKind
  /** When this kind began. */
  readonly sinceMs: number
  /** When a `timeout` is due; undefined when none is. The runner keeps one timer for it. */
  readonly deadlineMs: number | undefined
  readonly choice: TransportChoice
  readonly transport: FeedTransport
  readonly reading: Reading
  /** Failures since a stream last held. */
  readonly attempts: number
  readonly shortStreams: number
  /** How long this connection may be silent before it counts as dead, and how long it is silent when all is well. */
  readonly silenceMaxMs: number
  readonly heartbeatMs: number
  readonly lastArrivalMs: number | undefined
  /** The server's `retry`: no wait after its stream ends is shorter. */
  readonly retryToldMs: number
  /** Why there is no live connection, or why it is not the transport that was wished for. */
  readonly reason: Reason | undefined
}

export type SessionEvent =
  | { readonly type: 'start' }
  /** The connection works. */
  | { readonly type: 'hello'; readonly heartbeatMs: number; readonly silenceMaxMs: number }
  | { readonly type: 'frame'; readonly kind: FrameKind; readonly id: string | undefined }
  /** Bytes of any sort: a comment is a sign of life too. */
  | { readonly type: 'received' }
  | { readonly type: 'retryTold'; readonly retryMs: number }
  /** `busy` or `drain`: come back after that long. */
  | { readonly type: 'notice'; readonly retryMs: number; readonly reason: Reason }
  /** A stream that had been opened is over. */
  | { readonly type: 'ended'; readonly reason: Reason }
  /** The request came to nothing, but the next one may not: network, 5xx, 429. */
  | { readonly type: 'failed'; readonly reason: Reason; readonly retryMs: number | undefined }
  /** The request is wrong and will stay so. */
  | { readonly type: 'refused'; readonly reason: Reason }
  | { readonly type: 'timeout' }
  /** The page was away, or the network changed. */
  | { readonly type: 'doubted'; readonly why: 'online' | 'visible' }
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
    retryToldMs: 0,
    reason: undefined,
  }
}

export function next(state: SessionState, event: SessionEvent, at: At): Step {
  const cell = TABLE[state.kind][event.type] as Cell<SessionEventType>
  return cell(state, event, at)
}

const DISCONNECT: readonly SessionEffect[] = [{ type: 'disconnect' }]
const stay = (state: SessionState): Step => ({ state, effects: [] })

function connect(state: SessionState, at: At, kind: 'connecting' | 'stale' = 'connecting'): Step {
  const reading = request(state.reading)
  return {
    state: { ...state, kind, sinceMs: at.nowMs, deadlineMs: at.nowMs + HELLO_MS, reading },
    effects: [{ type: 'connect', transport: state.transport, last: reading.last, snapshot: reading.snapshotOwed }],
  }
}

const replaceConnection = (state: SessionState, at: At, kind: 'connecting' | 'stale' = 'connecting'): Step => {
  const { state: after, effects } = connect(state, at, kind)
  return { state: after, effects: [...DISCONNECT, ...effects] }
}

const held = (state: SessionState, at: At) => state.kind === 'live' && at.nowMs - state.sinceMs >= SHORT_STREAM_MS

interface Loss {
  readonly reason: Reason
  /** The server's word on when to come back; our own reckoning when it said nothing. */
  readonly retryMs?: number | undefined
  readonly short?: boolean
  readonly effects?: readonly SessionEffect[]
}

/** The connection is lost: every way from an open connection to waiting goes through here. */
function wait(state: SessionState, at: At, { reason, retryMs, short = false, effects = [] }: Loss): Step {
  const proven = held(state, at)
  const attempts = proven ? 0 : state.attempts
  const delayMs =
    retryMs === undefined ? Math.max(state.retryToldMs, backoffMs(attempts, at.chance, FEED_BACKOFF)) : toldMs(retryMs)
  const shortStreams = proven ? 0 : state.shortStreams + (short ? 1 : 0)
  const waiting: SessionState = {
    ...state,
    kind: 'waiting',
    sinceMs: at.nowMs,
    deadlineMs: at.nowMs + delayMs,
    attempts: attempts + 1,
    shortStreams,
    retryToldMs: 0,
    reason,
  }
  return { state: shortStreams >= SHORT_STREAMS_MAX ? changeTransport(waiting) : waiting, effects }
}

const FELL_BACK: Reason = {
  code: 'stream-does-not-pass',
  text: 'Streams end at once or stay mute: something on the way holds them back. Polling instead',
}
const FELL_FORWARD: Reason = { code: 'poll-does-not-pass', text: 'Polls get no answer: streaming is tried again' }

/** Polling, though a stream was wished for. */
export function fellBack({ choice, transport }: SessionState): boolean {
  return choice === 'auto' && transport === 'longPoll'
}

function changeTransport(state: SessionState): SessionState {
  if (state.choice !== 'auto') return state
  return state.transport === 'sse'
    ? { ...state, transport: 'longPoll', shortStreams: 0, reason: FELL_BACK }
    : { ...state, transport: 'sse', shortStreams: 0, reason: FELL_FORWARD }
}

/** A person's wish, or a new network: what did not pass before may pass now. */
const afresh = (state: SessionState): SessionState =>
  state.choice === 'auto' ? { ...state, transport: 'sse', shortStreams: 0 } : state

function finish(state: SessionState, at: At, reason: Reason | undefined, effects: readonly SessionEffect[] = []): Step {
  return { state: { ...state, kind: 'closed', sinceMs: at.nowMs, deadlineMs: undefined, reason }, effects }
}

type Cell<E extends SessionEventType> = (state: SessionState, event: Extract<SessionEvent, { type: E }>, at: At) => Step
type Row = { readonly [E in SessionEventType]: Cell<E> }

const MUTE: Reason = { code: 'mute', text: `No hello within ${HELLO_MS / 1_000} s` }
const SILENT: Reason = { code: 'silent', text: 'Nothing has arrived for 2.5 heartbeats' }
const FOREIGN: Reason = { code: 'foreign-position', text: 'An event of another log arrived without a reset' }

/** While a connection is open, whether or not it has said hello. */
const OPEN = {
  start: stay,
  hello: (state, { heartbeatMs, silenceMaxMs }, { nowMs }) => ({
    state: {
      ...state,
      kind: 'live',
      sinceMs: nowMs,
      deadlineMs: nowMs + silenceMaxMs,
      lastArrivalMs: nowMs,
      heartbeatMs,
      silenceMaxMs,
      reason: fellBack(state) ? FELL_BACK : undefined,
    },
    effects: [],
  }),
  frame: (state, { kind, id }, at) => {
    const { reading, verdict } = read(state.reading, kind, id)
    if (verdict === 'foreign') return wait(state, at, { reason: FOREIGN, effects: DISCONNECT })
    return {
      state: reading === state.reading ? state : { ...state, reading },
      effects: verdict === 'take' ? DELIVER : [],
    }
  },
  received: (state, _, { nowMs }) => stay({ ...state, lastArrivalMs: nowMs }),
  retryTold: (state, { retryMs }) => stay({ ...state, retryToldMs: toldMs(retryMs) }),
  notice: (state, { reason, retryMs }, at) => wait(state, at, { reason, retryMs, effects: DISCONNECT }),
  ended: (state, { reason }, at) => wait(state, at, { reason, short: true }),
  failed: (state, { reason, retryMs }, at) => wait(state, at, { reason, retryMs }),
  refused: (state, { reason }, at) => finish(state, at, reason),
  timeout: (state, _, at) =>
    due(state, at) ? wait(state, at, { reason: MUTE, short: true, effects: DISCONNECT }) : stay(state),
  doubted: stay,
  reconnect: (state, _, at) => replaceConnection(afresh(state), at),
  resnapshot: (state, _, at) =>
    state.reading.snapshotOwed ? stay(state) : replaceConnection({ ...state, reading: forget(state.reading) }, at),
  close: (state, _, at) => finish(state, at, undefined, DISCONNECT),
} satisfies Row
const DELIVER: readonly SessionEffect[] = [{ type: 'deliver' }]

/** A timer may ring early, and a deadline may have moved since it was set. */
const due = (state: SessionState, { nowMs }: At) => state.deadlineMs !== undefined && nowMs >= state.deadlineMs

/** While nothing is open: whatever a connection might still say is of the past. */
const SHUT = {
  start: stay,
  hello: stay,
  frame: stay,
  received: stay,
  retryTold: stay,
  notice: stay,
  ended: stay,
  failed: stay,
  refused: stay,
  timeout: stay,
  doubted: stay,
  reconnect: stay,
  resnapshot: stay,
  close: stay,
} satisfies Row

const goStale = (state: SessionState, at: At) => replaceConnection({ ...state, reason: SILENT }, at, 'stale')

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
      stay({ ...state, heartbeatMs, silenceMaxMs, lastArrivalMs: nowMs, deadlineMs: nowMs + silenceMaxMs }),
    received: (state, _, { nowMs }) => stay({ ...state, lastArrivalMs: nowMs, deadlineMs: nowMs + state.silenceMaxMs }),
    timeout: (state, _, at) => (due(state, at) ? goStale(state, at) : stay(state)),
    doubted: (state, { why }, at) => {
      if (due(state, at)) return goStale(state, at)
      // A poll that works may have been the old network's need only.
      if (why === 'online' && state.transport !== afresh(state).transport) return replaceConnection(afresh(state), at)
      const dueMs = Math.max(at.nowMs, (state.lastArrivalMs ?? at.nowMs) + state.heartbeatMs) + DOUBT_MS
      return stay({ ...state, deadlineMs: Math.min(state.deadlineMs ?? dueMs, dueMs) })
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
  stale: OPEN,
  waiting: {
    ...SHUT,
    timeout: (state, _, at) => (due(state, at) ? connect(state, at) : stay(state)),
    doubted: (state, { why }, at) => connect(why === 'online' ? afresh(state) : state, at),
    reconnect: (state, _, at) => connect(afresh(state), at),
    resnapshot: state => stay({ ...state, reading: forget(state.reading) }),
    close: (state, _, at) => finish(state, at, undefined),
  },
  closed: SHUT,
}
