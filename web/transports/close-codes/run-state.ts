// What is known of one run: the frames that a page saw, how the connection was closed, and the attempts that followed.
// A pure reducer; close-run.ts feeds it from a real channel.

import { backoffCeilingMs, CHANNEL_BACKOFF } from '@papertape/client'
import { retryAfterClose } from '@papertape/protocol'

/** Kinds of frames that are kept; the newest. */
const FRAMES_MAX = 8

export interface SeenFrame {
  readonly direction: 'sent' | 'received'
  /** What frames have in common that are shown as one: `error rate-limited`. */
  readonly kind: string
  readonly text: string
  readonly times: number
  /** When the first of them was seen. */
  readonly atMs: number
}

export interface SeenClose {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
  readonly atMs: number
}

/** A wait and the connection after it. */
export interface Attempt {
  readonly lostAtMs: number
  readonly waitMs: number
  /** What the wait was drawn from; undefined when the server said how long. */
  readonly drawnFrom: { readonly leastMs: number; readonly ceilingMs: number } | undefined
  /** How it ended: the close code of a failed one. Undefined while it waits or connects. */
  readonly result: 'connected' | number | undefined
}

/** `reconnected` and `ended` are the client's own doing. */
export type RunOutcome = 'running' | 'reconnected' | 'ended' | 'stopped' | 'failed'

export interface CloseRunState {
  readonly outcome: RunOutcome
  /** Why it could not be made to happen. */
  readonly problem: string
  readonly startedAtMs: number
  readonly frames: readonly SeenFrame[]
  /** Of the first connection. */
  readonly close: SeenClose | undefined
  readonly attempts: readonly Attempt[]
  /** How long the server asked to wait, on the connection that was open last. */
  readonly askedMs: number | undefined
}

export type RunEvent =
  | { readonly type: 'sent'; readonly kind: string; readonly text: string; readonly atMs: number }
  | {
      readonly type: 'received'
      readonly kind: string
      readonly text: string
      readonly retryMs: number | undefined
      readonly atMs: number
    }
  | ({ readonly type: 'closed' } & SeenClose)
  | { readonly type: 'waiting'; readonly waitMs: number; readonly failures: number; readonly atMs: number }
  | { readonly type: 'reconnected' | 'ended' | 'stopped' }
  | { readonly type: 'failed'; readonly text: string }

export function startRun(startedAtMs: number): CloseRunState {
  return {
    outcome: 'running',
    problem: '',
    startedAtMs,
    frames: [],
    close: undefined,
    attempts: [],
    askedMs: undefined,
  }
}

export function reduceRun(state: CloseRunState, event: RunEvent): CloseRunState {
  if (state.outcome !== 'running') return state
  switch (event.type) {
    case 'sent':
      return { ...state, frames: addFrame(state.frames, { ...event, direction: 'sent', times: 1 }) }
    case 'received': {
      const frames = addFrame(state.frames, { ...event, direction: 'received', times: 1 })
      return { ...state, frames, askedMs: event.retryMs ?? state.askedMs }
    }
    case 'closed':
      return state.close === undefined
        ? { ...state, close: event }
        : { ...state, attempts: settleLast(state.attempts, event.code) }
    case 'waiting':
      return { ...state, attempts: [...state.attempts, newAttempt(state, event)], askedMs: undefined }
    case 'reconnected':
      return { ...state, outcome: 'reconnected', attempts: settleLast(state.attempts, 'connected') }
    case 'failed':
      return { ...state, outcome: 'failed', problem: event.text }
    case 'ended':
    case 'stopped':
      return { ...state, outcome: event.type }
  }
}

/**
 * Frames of one kind are counted in the line of the first, with the newest text. A flood and its answers alternate: a
 * line for each turn would push out what was sent.
 */
function addFrame(frames: readonly SeenFrame[], frame: SeenFrame): readonly SeenFrame[] {
  const isAlike = ({ direction, kind }: SeenFrame) => direction === frame.direction && kind === frame.kind
  if (!frames.some(isAlike)) return [...frames, frame].slice(-FRAMES_MAX)
  return frames.map(line => (isAlike(line) ? { ...line, text: frame.text, times: line.times + 1 } : line))
}

function newAttempt({ close, attempts, askedMs }: CloseRunState, event: RunEvent & { type: 'waiting' }): Attempt {
  const lastResult = attempts.at(-1)?.result
  const code = typeof lastResult === 'number' ? lastResult : (close?.code ?? 1006)
  const isAsked = retryAfterClose(code) === 'retryAfter' && askedMs !== undefined
  const { leastMs } = CHANNEL_BACKOFF
  const drawnFrom = { leastMs, ceilingMs: backoffCeilingMs(event.failures - 1, CHANNEL_BACKOFF) }
  return {
    lostAtMs: event.atMs,
    waitMs: event.waitMs,
    drawnFrom: isAsked ? undefined : drawnFrom,
    result: undefined,
  }
}

function settleLast(attempts: readonly Attempt[], result: Attempt['result']): readonly Attempt[] {
  return attempts.map((attempt, index) => (index === attempts.length - 1 ? { ...attempt, result } : attempt))
}
