// The connections that the exhibit has asked for, and what became of each: a pure table of states. Six at once is the
// browser's limit for one host over HTTP/1.1; this counts who waits because of it.

export const STREAMS_MAX = 12
/** Of a browser, for one host over HTTP/1.1. */
export const BROWSER_LIMIT = 6
/** An answer that takes longer than this has waited in the browser. */
const WAITING_MS = 500

export type AttemptKind = 'stream' | 'fetch'

/** `waiting`: no answer yet; `open`: the stream runs; `done`: the fetch was answered; `closed` by the user. */
export type AttemptState = 'waiting' | 'open' | 'done' | 'closed' | 'failed'

export type AttemptEvent = 'answered' | 'closed' | 'failed'

const NEXT: Readonly<Record<AttemptState, Partial<Record<AttemptEvent, AttemptState>>>> = {
  waiting: { answered: 'open', closed: 'closed', failed: 'failed' },
  open: { closed: 'closed', failed: 'failed' },
  done: {},
  closed: {},
  failed: {},
}

export interface ConnectionAttempt {
  readonly number: number
  readonly kind: AttemptKind
  readonly state: AttemptState
  readonly askedMs: number
  /** The head of the answer arrived. */
  readonly answeredMs?: number
  /** The first event of a stream arrived. */
  readonly firstEventMs?: number
  readonly endedMs?: number
}

/** What does not apply in a state changes nothing: an answer may cross with the user's close. */
export function nextAttempt(attempt: ConnectionAttempt, event: AttemptEvent, nowMs: number): ConnectionAttempt {
  const state = NEXT[attempt.state][event]
  if (state === undefined) return attempt
  if (event !== 'answered') return { ...attempt, state, endedMs: nowMs }
  if (attempt.kind === 'fetch') return { ...attempt, state: 'done', answeredMs: nowMs, endedMs: nowMs }
  return { ...attempt, state, answeredMs: nowMs }
}

export function isActive({ state }: ConnectionAttempt): boolean {
  return state === 'waiting' || state === 'open'
}

export function activeStreams(attempts: readonly ConnectionAttempt[]): number {
  return attempts.filter(attempt => attempt.kind === 'stream' && isActive(attempt)).length
}

export function waitedMs({ askedMs, answeredMs, endedMs }: ConnectionAttempt, nowMs: number): number {
  return (answeredMs ?? endedMs ?? nowMs) - askedMs
}

/** Has had no answer for longer than an answer takes. */
export function isQueued(attempt: ConnectionAttempt, nowMs: number): boolean {
  return attempt.state === 'waiting' && waitedMs(attempt, nowMs) > WAITING_MS
}

/** Why no further stream is opened; undefined when one may be. */
export function refusalOf(attempts: readonly ConnectionAttempt[]): string | undefined {
  if (activeStreams(attempts) < STREAMS_MAX) return undefined
  return `${STREAMS_MAX} streams are asked for already, which is all that this exhibit opens. Close one, then open another.`
}
