// The feed session as a pure state machine: next(state, event, at) → {state, effects}. No clock, no timer, no socket, no
// chance of its own; feed-session.ts runs it. SPEC.md has the table in words, session.test.ts has it as types.
//
//   idle ─start─▶ connecting ─hello─▶ live ─silence─▶ stale      any ─close, refused─▶ closed
//                   │  ▲  ▲           │  ▲──a frame────┘ │
//                   │  │  └───────────┼────timeout───────┘
//                   ▼  └──timeout── waiting ◀─ended

import { backoffMs, FEED_BACKOFF, streamTryMs, toldMs } from './backoff.ts'
import { overdueFirst } from './deadline.ts'
import type { At, Doubt, Freshness, Reason } from './environment.ts'
import { type FrameKind, forget, type Reading, read, request, startReading } from './reading.ts'
import { beat, NO_RHYTHM, oddFromMs, type Rhythm } from './rhythm.ts'

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
  readonly reading: Reading
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
  readonly freshUntilMs: number | undefined
  readonly rhythm: Rhythm
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
  readonly retryToldMs: number
  /** Why there is no live connection, or why it is not the transport that was wished for. */
  readonly reason: Reason | undefined
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
  | { readonly type: 'retryTold'; readonly retryMs: number }
  /** `busy` or `drain`: come back after that long. */
  | { readonly type: 'notice'; readonly retryMs: number; readonly reason: Reason }
  /** This reader does not keep up; the stream may end now. */
  | { readonly type: 'lagging' }
  /** A stream that had been opened is over. */
  | { readonly type: 'ended'; readonly reason: Reason }
  /** The request came to nothing, but the next one may not: network, 5xx, 429. */
  | { readonly type: 'failed'; readonly reason: Reason; readonly retryMs: number | undefined }
  /** The request is wrong and will stay so. */
  | { readonly type: 'refused'; readonly reason: Reason }
  /** What came of the probe. */
  | { readonly type: 'probed'; readonly passes: boolean }
  | { readonly type: 'timeout' }
  /** The page was away, or the network changed. */
  | { readonly type: 'doubted'; readonly why: Doubt }
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
    freshUntilMs: undefined,
    rhythm: NO_RHYTHM,
    lagging: false,
    probe: undefined,
    pollPassed: false,
    streamTries: 0,
    streamTryAtMs: undefined,
    retryToldMs: 0,
    reason: undefined,
  }
}

export function next(state: SessionState, event: SessionEvent, at: At): Step {
  const cell = TABLE[state.kind][event.type] as Cell<SessionEventType>
  return cell(state, event, at)
}

/** What the machine is to be given instead of the event alone. */
export function inOrder(state: SessionState, event: SessionEvent, nowMs: number): readonly SessionEvent[] {
  return overdueFirst(state.deadlineMs, event, nowMs)
}

/** As of now: after a sleep the timers are late, and what is overdue is not live. */
export function freshness(state: SessionState, nowMs: number): Freshness {
  if (!state.hasData) return 'none'
  const { doubtfulSinceMs, freshUntilMs } = state
  return doubtfulSinceMs === undefined && freshUntilMs !== undefined && nowMs < freshUntilMs ? 'live' : 'doubtful'
}

const DISCONNECT: readonly SessionEffect[] = [{ type: 'disconnect' }]
const DELIVER: readonly SessionEffect[] = [{ type: 'deliver' }]
const stay = (state: SessionState): Step => ({ state, effects: [] })
const earlier = (a: number | undefined, b: number | undefined) => Math.min(a ?? Infinity, b ?? Infinity)

/** From now on what was delivered may be out of date. The first doubt counts, however many follow. */
const doubt = (state: SessionState, { nowMs }: At): SessionState => ({
  ...state,
  doubtfulSinceMs: state.hasData ? (state.doubtfulSinceMs ?? nowMs) : undefined,
  freshUntilMs: undefined,
})

/** @param why `change` is a connection that we replace ourselves, of which what was delivered stays live for a moment. */
function connect(state: SessionState, at: At, why: 'loss' | 'change' = 'loss'): Step {
  const { nowMs } = at
  const reading = request(state.reading)
  const staysLive = why === 'change' && freshness(state, nowMs) === 'live'
  const before = staysLive
    ? { ...state, freshUntilMs: earlier(state.freshUntilMs, nowMs + CHANGE_MS) }
    : doubt(state, at)
  const { choice, transport, shortStreams } = state
  // Whether polls pass while streams do not can only be seen by trying both at once: a server that stalls passes neither.
  const probe = choice === 'auto' && transport === 'sse' && shortStreams >= SHORT_STREAMS_MAX - 1
  const connecting: SessionState = {
    ...before,
    kind: 'connecting',
    sinceMs: nowMs,
    deadlineMs: earlier(nowMs + HELLO_MS, before.freshUntilMs),
    reading,
    helloMs: undefined,
    lagging: false,
    rhythm: NO_RHYTHM,
    ...(probe ? { probe: 'longPoll', pollPassed: false } : {}),
  }
  const effects: SessionEffect[] = [{ type: 'connect', transport, last: reading.last, snapshot: reading.snapshotOwed }]
  if (probe) effects.push({ type: 'probe', transport: 'longPoll' })
  return { state: connecting, effects }
}

function replaceConnection(state: SessionState, at: At, why: 'loss' | 'change' = 'loss'): Step {
  const { state: after, effects } = connect(state, at, why)
  return { state: after, effects: [...DISCONNECT, ...effects] }
}

const held = ({ helloMs }: SessionState, { nowMs }: At) => helloMs !== undefined && nowMs - helloMs >= SHORT_STREAM_MS

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
    retryToldMs: 0,
    reason,
  }
  return { state: changeTransport(waiting, at), effects }
}

const FELL_BACK: Reason = {
  code: 'stream-does-not-pass',
  text: 'Streams end at once or stay mute while polls are answered: something on the way holds streams back',
}
const FELL_FORWARD: Reason = { code: 'poll-does-not-pass', text: 'Polls get no answer: streaming is tried again' }

/** Polling, though a stream was wished for. */
export function fellBack({ choice, transport }: SessionState): boolean {
  return choice === 'auto' && transport === 'longPoll'
}

/** For the next connection: the other transport, where this one does not pass and that one does, or may. */
function changeTransport(state: SessionState, at: At): SessionState {
  const { choice, transport, shortStreams, pollPassed } = state
  if (choice !== 'auto' || shortStreams < SHORT_STREAMS_MAX) return state
  if (transport === 'longPoll') {
    return { ...state, transport: 'sse', shortStreams: 0, streamTryAtMs: undefined, reason: FELL_FORWARD }
  }
  if (!pollPassed) return state
  const streamTryAtMs = at.nowMs + streamTryMs(state.streamTries, at.chance)
  return { ...state, transport: 'longPoll', shortStreams: 0, streamTryAtMs, reason: FELL_BACK }
}

/** A person's wish, or a new network: what did not pass before may pass now. */
const afresh = (state: SessionState): SessionState =>
  state.choice === 'auto'
    ? { ...state, transport: 'sse', shortStreams: 0, pollPassed: false, streamTries: 0, streamTryAtMs: undefined }
    : state

function finish(state: SessionState, at: At, reason: Reason | undefined, effects: readonly SessionEffect[] = []): Step {
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
  const freshUntilMs = earlier(silentFromMs, oddFromMs(state.rhythm))
  // A poll that works is not given up for the trial of a stream; the trial is made next to it.
  const tryAtMs = fellBack(state) && state.probe === undefined ? state.streamTryAtMs : undefined
  return { ...state, kind: 'live', sinceMs, freshUntilMs, deadlineMs: earlier(freshUntilMs, tryAtMs) }
}

/** Still open, but silent where events are usual. A heartbeat that stays out as well will show that it is dead. */
function goStale(state: SessionState, at: At): SessionState {
  const deadMs = Math.max(at.nowMs, (state.lastArrivalMs ?? at.nowMs) + state.heartbeatMs) + DOUBT_MS
  return { ...doubt(state, at), kind: 'stale', sinceMs: at.nowMs, deadlineMs: deadMs, reason: QUIET }
}

/** What the frame says about the present: data, and how often it comes. */
function follow(state: SessionState, { kind, phaseChange }: Extract<SessionEvent, { type: 'frame' }>, { nowMs }: At) {
  const { lastMs } = state.rhythm
  const isQuiet = lastMs === undefined || nowMs - lastMs >= QUIET_MARK_MS
  // A heartbeat, or a poll that was answered with nothing: the market is quiet, and there is no rhythm to keep.
  const startsOver =
    kind === 'snapshot' || phaseChange === true || state.kind === 'stale' || (kind === 'mark' && isQuiet)
  const rhythm = startsOver ? NO_RHYTHM : kind === 'durable' ? beat(state.rhythm, nowMs) : state.rhythm
  const isData = !state.reading.snapshotOwed
  if (!isData) return { ...state, rhythm }
  return { ...state, rhythm, hasData: true, doubtfulSinceMs: undefined, lagging: false }
}

type Cell<E extends SessionEventType> = (state: SessionState, event: Extract<SessionEvent, { type: E }>, at: At) => Step
type Row = { readonly [E in SessionEventType]: Cell<E> }

/** A mark that comes this long after the last event stands alone. */
const QUIET_MARK_MS = 1_000
const MUTE: Reason = { code: 'mute', text: `No hello within ${HELLO_MS / 1_000} s` }
const QUIET: Reason = { code: 'quiet', text: 'Nothing arrives where events are usual' }
const SILENT: Reason = { code: 'silent', text: 'No heartbeat when one was due' }
const LAGGING: Reason = { code: 'lagging', text: 'This reader did not keep up with the stream, and was let go' }
const FOREIGN: Reason = { code: 'foreign-position', text: 'An event of another log arrived without a reset' }

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
  retryTold: (state, { retryMs }) => stay({ ...state, retryToldMs: toldMs(retryMs) }),
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
  doubted: (state, { why }, at) => (why === 'woken' ? replaceConnection(state, at) : stay(state)),
  resubscribed: (state, _, at) => replaceConnection(state, at, 'change'),
  reconnect: (state, _, at) => replaceConnection(afresh(state), at),
  resnapshot: (state, _, at) =>
    state.reading.snapshotOwed ? stay(state) : replaceConnection({ ...state, reading: forget(state.reading) }, at),
  close: (state, _, at) => finish(state, at, undefined, DISCONNECT),
} satisfies Row

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
  lagging: stay,
  ended: stay,
  failed: stay,
  refused: stay,
  probed: stay,
  timeout: stay,
  doubted: stay,
  resubscribed: stay,
  reconnect: stay,
  resnapshot: stay,
  close: stay,
} satisfies Row

/** A poll that passed counts when the streams have failed; a stream that passes takes over from the polls. */
function judgeProbe(state: SessionState, passes: boolean, at: At): Step {
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
  const tried = { ...probed, streamTries, streamTryAtMs: at.nowMs + streamTryMs(streamTries, at.chance) }
  return stay(tried.kind === 'live' ? goOn(tried, tried.sinceMs) : tried)
}

/** The connection is silent for too long: dead when a heartbeat is overdue, else only out of the ordinary. */
function fallSilent(state: SessionState, at: At): Step {
  const heartbeatDueMs = (state.lastArrivalMs ?? at.nowMs) + state.heartbeatMs
  if (at.nowMs < heartbeatDueMs + DOUBT_MS) return stay(goStale(state, at))
  return replaceConnection({ ...state, reason: SILENT }, at)
}

const isFresh = ({ freshUntilMs }: SessionState, { nowMs }: At) => freshUntilMs !== undefined && nowMs < freshUntilMs

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
    doubted: (state, { why }, at) => {
      if (why === 'woken') return replaceConnection(state, at)
      if (!isFresh(state, at)) return fallSilent(state, at)
      // A poll that works may have been the old network's need only.
      if (why === 'online' && state.transport !== afresh(state).transport) return replaceConnection(afresh(state), at)
      if (why !== 'visible') return stay(goStale(state, at))
      const dueMs = Math.max(at.nowMs, (state.lastArrivalMs ?? at.nowMs) + state.heartbeatMs) + DOUBT_MS
      const freshUntilMs = earlier(state.freshUntilMs, dueMs)
      return stay({ ...state, freshUntilMs, deadlineMs: earlier(state.deadlineMs, freshUntilMs) })
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
    doubted: (state, { why }, at) =>
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
