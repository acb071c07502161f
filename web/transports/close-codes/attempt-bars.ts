// The attempts of a run as bars on one axis of time since the loss. Pure.

import { CHANNEL_BACKOFF } from '@papertape/client'
import type { Attempt } from './run-state.ts'

export interface AttemptBar {
  readonly number: number
  readonly state: 'waiting' | 'connecting' | 'connected' | 'failed'
  /** Shares of the axis, 0 to 1. */
  readonly elapsed: number
  readonly due: number
  /** The range that the wait was drawn from. */
  readonly range: { readonly from: number; readonly to: number } | undefined
  readonly attempt: Attempt
}

export interface AttemptAxis {
  readonly lengthMs: number
  readonly ticksMs: readonly number[]
  readonly bars: readonly AttemptBar[]
}

const TICKS = 4

export function attemptAxis(attempts: readonly Attempt[], nowMs: number): AttemptAxis {
  const longestMs = Math.max(...attempts.map(({ waitMs, drawnFrom }) => Math.max(waitMs, drawnFrom?.ceilingMs ?? 0)), 0)
  const lengthMs = axisLength(longestMs)
  const bars = attempts.map((attempt, index) => {
    const { lostAtMs, waitMs, drawnFrom, result } = attempt
    const elapsedMs = Math.min(waitMs, result === undefined ? nowMs - lostAtMs : waitMs)
    return {
      number: index + 1,
      state: stateOf(attempt, elapsedMs),
      elapsed: Math.max(0, elapsedMs) / lengthMs,
      due: waitMs / lengthMs,
      range: drawnFrom && { from: drawnFrom.leastMs / lengthMs, to: drawnFrom.ceilingMs / lengthMs },
      attempt,
    }
  })
  return { lengthMs, ticksMs: Array.from({ length: TICKS + 1 }, (_, tick) => (tick * lengthMs) / TICKS), bars }
}

/** Doubles as the waits do, so that the axis changes seldom. */
function axisLength(longestMs: number): number {
  let lengthMs = CHANNEL_BACKOFF.leastMs * 4
  while (lengthMs < longestMs) lengthMs *= 2
  return lengthMs
}

function stateOf({ result, waitMs }: Attempt, elapsedMs: number): AttemptBar['state'] {
  if (result === undefined) return elapsedMs < waitMs ? 'waiting' : 'connecting'
  return result === 'connected' ? 'connected' : 'failed'
}
