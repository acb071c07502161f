// The changes that the feed session's transitions are made of: connecting, losing and closing a connection, becoming
// live or stale, taking data, judging a probe. Pure; session-machine.ts says in which state at which event each
// happens.

import { backoffMs, FEED_BACKOFF, serverRetryMs } from '../platform/backoff.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import type { StepContext } from '../platform/state-machine.ts'
import { NO_ARRIVALS, recordArrival, unusualSilenceFromMs } from './arrival-interval.ts'
import { forgetPosition, requestResume } from './resume-position.ts'
import {
  CHANGE_MS,
  type ClosedSession,
  type ConnectingSession,
  type DataStatus,
  freshness,
  HEARTBEAT_GRACE_MS,
  HELLO_MS,
  type LiveSession,
  type OpenSession,
  type SessionCommon,
  type SessionEffect,
  type SessionEventOf,
  type SessionState,
  type SessionStep,
  SHORT_STREAM_MS,
  type StaleSession,
  type WaitingSession,
} from './session-state.ts'
import {
  changeTransport,
  hasFallenBack,
  needsPollProbe,
  postponeStreamTrial,
  SHORT_STREAMS_MAX,
  selectStream,
} from './transport-selection.ts'

/** An event of the log that is less than this before a mark shows that the market is not quiet. */
const QUIET_MS = 1_000
export const NO_HELLO: StatusReason = { code: 'mute', text: `No hello within ${HELLO_MS / 1_000} s` }
const UNUSUAL_SILENCE: StatusReason = { code: 'quiet', text: 'No events arrive, although they usually do' }
export const SILENT: StatusReason = { code: 'silent', text: 'No heartbeat arrived' }
export const LAGGING: StatusReason = {
  code: 'lagging',
  text: 'The server ended the stream, because this reader did not keep up with it',
}
export const FOREIGN: StatusReason = {
  code: 'foreign-position',
  text: 'An event of another log arrived without a reset',
}
export const GAP: StatusReason = { code: 'gap', text: 'A new snapshot was asked for' }

export const DISCONNECT: readonly SessionEffect[] = [{ type: 'disconnect' }]

export const stay = (state: SessionState): SessionStep => ({ state, effects: [] })
export const earlier = (a: number | undefined, b: number | undefined) => Math.min(a ?? Infinity, b ?? Infinity)

/** A timer may fire early, and a deadline may have moved since it was set. */
export const isDue = ({ deadlineMs }: OpenSession | WaitingSession, { nowMs }: StepContext) => nowMs >= deadlineMs
export const hasLasted = (state: OpenSession, { nowMs }: StepContext) =>
  state.kind !== 'connecting' && nowMs - state.helloMs >= SHORT_STREAM_MS
export const heartbeatDueMs = ({ lastArrivalMs, heartbeatMs }: LiveSession | StaleSession, { nowMs }: StepContext) =>
  (lastArrivalMs ?? nowMs) + heartbeatMs

/** The fields that every state has, and no others. */
function commonOf({
  sinceMs,
  position,
  transports,
  data,
  attempts,
  lastArrivalMs,
  reason,
}: SessionCommon): SessionCommon {
  return { sinceMs, position, transports, data, attempts, lastArrivalMs, reason }
}

/** From now on the delivered data may be out of date. The first loss counts, however many follow. */
export const markStale = (data: DataStatus, { nowMs }: StepContext): DataStatus => ({
  ...data,
  staleSinceMs: data.received ? (data.staleSinceMs ?? nowMs) : undefined,
})

export const withForgottenPosition = <State extends SessionState>(state: State): State => ({
  ...state,
  position: forgetPosition(state.position),
})

/**
 * @param why after a `change`, which is a connection that the session replaces by itself, data stays live for a moment
 */
export function connect(
  state: Exclude<SessionState, ClosedSession>,
  at: StepContext,
  why: 'loss' | 'change',
): SessionStep {
  const { nowMs } = at
  const position = requestResume(state.position)
  const staysLive = why === 'change' && freshness(state, nowMs) === 'live'
  const liveUntilMs = staysLive && 'liveUntilMs' in state ? earlier(state.liveUntilMs, nowMs + CHANGE_MS) : undefined
  const { transport } = state.transports
  const probes = needsPollProbe(state.transports)
  const connecting: ConnectingSession = {
    ...commonOf(state),
    kind: 'connecting',
    sinceMs: nowMs,
    deadlineMs: earlier(nowMs + HELLO_MS, liveUntilMs),
    liveUntilMs,
    retryMinMs: 'retryMinMs' in state ? state.retryMinMs : 0,
    position,
    transports: probes ? { ...state.transports, probe: 'longPoll', pollPassed: false } : state.transports,
    data: { ...(staysLive ? state.data : markStale(state.data, at)), lagging: false },
  }
  const effects: SessionEffect[] = [
    { type: 'connect', transport, last: position.last, snapshot: position.snapshotOwed },
  ]
  if (probes) effects.push({ type: 'probe', transport: 'longPoll' })
  return { state: connecting, effects }
}

export function replaceConnection(state: OpenSession, at: StepContext, why: 'loss' | 'change' = 'loss'): SessionStep {
  const { state: connecting, effects } = connect(state, at, why)
  return { state: connecting, effects: [...DISCONNECT, ...effects] }
}

interface Loss {
  readonly reason: StatusReason
  /** The wait that the server asked for; backoff if it did not. */
  readonly retryMs?: number | undefined
  /** The stream was short or silent, which counts against streams. */
  readonly countsAsShort?: boolean
  readonly effects?: readonly SessionEffect[]
}

/** The connection is lost. The only way from an open connection to waiting. */
export function wait(
  state: OpenSession,
  at: StepContext,
  { reason, retryMs, countsAsShort = false, effects = [] }: Loss,
): SessionStep {
  const lasted = hasLasted(state, at)
  const attempts = lasted ? 0 : state.attempts
  const delayMs =
    retryMs === undefined
      ? Math.max(state.retryMinMs, backoffMs(attempts, at.chance, FEED_BACKOFF))
      : serverRetryMs(retryMs)
  const { transports } = state
  const shortStreams = Math.min(SHORT_STREAMS_MAX, transports.shortStreams + (countsAsShort ? 1 : 0))
  const waiting: WaitingSession = {
    ...commonOf(state),
    kind: 'waiting',
    sinceMs: at.nowMs,
    deadlineMs: at.nowMs + delayMs,
    data: markStale(state.data, at),
    attempts: attempts + 1,
    transports: {
      ...transports,
      shortStreams: lasted ? 0 : shortStreams,
      streamTrials: lasted && transports.transport === 'sse' ? 0 : transports.streamTrials,
    },
    reason,
  }
  return { state: { ...waiting, ...changeTransport(waiting.transports, at) }, effects }
}

export function finish(
  state: Exclude<SessionState, ClosedSession>,
  at: StepContext,
  reason: StatusReason | undefined,
  effects: readonly SessionEffect[] = [],
): SessionStep {
  const { transports } = state
  const closed: ClosedSession = {
    ...commonOf(state),
    kind: 'closed',
    sinceMs: at.nowMs,
    deadlineMs: undefined,
    data: markStale(state.data, at),
    transports: { ...transports, probe: undefined },
    reason,
  }
  return { state: closed, effects: transports.probe === undefined ? effects : [...effects, { type: 'endProbe' }] }
}

type GreetedFields = Omit<LiveSession, 'kind' | 'deadlineMs' | 'liveUntilMs'>

/** Becomes live or stays live: sets what is due next. */
export function goLive(fields: GreetedFields): LiveSession {
  const { transports, arrivals, helloMs, heartbeatMs, silenceMaxMs, retryMinMs } = fields
  const silentFromMs = (fields.lastArrivalMs ?? fields.sinceMs) + silenceMaxMs
  const liveUntilMs = earlier(silentFromMs, unusualSilenceFromMs(arrivals))
  // Polls that work go on while a stream is tried beside them.
  const awaitsTrial = hasFallenBack(transports) && transports.probe === undefined
  return {
    ...commonOf(fields),
    kind: 'live',
    deadlineMs: earlier(liveUntilMs, awaitsTrial ? transports.streamTrialAtMs : undefined),
    liveUntilMs,
    retryMinMs,
    helloMs,
    heartbeatMs,
    silenceMaxMs,
    arrivals,
  }
}

/** Open, but silent although events usually arrive. If the next heartbeat does not arrive either, it is dead. */
export function goStale(state: LiveSession, at: StepContext): StaleSession {
  const { helloMs, heartbeatMs, silenceMaxMs, retryMinMs, arrivals } = state
  return {
    ...commonOf(state),
    kind: 'stale',
    sinceMs: at.nowMs,
    deadlineMs: Math.max(at.nowMs, heartbeatDueMs(state, at)) + HEARTBEAT_GRACE_MS,
    data: markStale(state.data, at),
    retryMinMs,
    helloMs,
    heartbeatMs,
    silenceMaxMs,
    arrivals,
    reason: UNUSUAL_SILENCE,
  }
}

/** What a frame of data changes: the data is current again, and the arrival interval is known better. */
export function takeData(
  state: LiveSession | StaleSession,
  { kind, phaseChange }: SessionEventOf<'frame'>,
  { nowMs }: StepContext,
): Pick<LiveSession, 'arrivals' | 'data'> {
  const { lastMs } = state.arrivals
  const isQuiet = lastMs === undefined || nowMs - lastMs >= QUIET_MS
  // A heartbeat, or a poll without events: the market is quiet, and the interval of before does not hold.
  const startsOver =
    kind === 'snapshot' || phaseChange === true || state.kind === 'stale' || (kind === 'mark' && isQuiet)
  const arrivals = startsOver ? NO_ARRIVALS : kind === 'durable' ? recordArrival(state.arrivals, nowMs) : state.arrivals
  if (state.position.snapshotOwed) return { arrivals, data: state.data }
  return { arrivals, data: { received: true, staleSinceMs: undefined, lagging: false } }
}

/** A poll that passed counts once the streams have failed; a stream that passes replaces the polls. */
export function judgeProbe(state: OpenSession | WaitingSession, passes: boolean, at: StepContext): SessionStep {
  const { probe } = state.transports
  const transports = { ...state.transports, probe: undefined }
  if (probe === 'longPoll') {
    const judged = { ...transports, pollPassed: passes }
    const change = state.kind === 'waiting' ? changeTransport(judged, at) : undefined
    return stay({ ...state, transports: judged, ...change })
  }
  if (probe !== 'sse' || !hasFallenBack(transports)) return stay({ ...state, transports })
  if (passes) {
    const streaming = { ...state, transports: selectStream(transports) }
    return streaming.kind === 'waiting' ? stay(streaming) : replaceConnection(streaming, at, 'change')
  }
  const postponed = { ...state, transports: postponeStreamTrial(transports, at) }
  return stay(postponed.kind === 'live' ? goLive(postponed) : postponed)
}
