// How a lost connection is opened again, as a line of time: five attempts with growing waits, as the channel's backoff
// has them. Pure. ui/RetryTimeline.tsx draws it.

import { backoffCeilingMs, CHANNEL_BACKOFF } from '@papertape/client'
import type { ConnectionFacts } from './connection.ts'

/** After so many a person may decide; the page tries on by itself. */
export const ATTEMPTS_DRAWN = 5

export interface RetryStep {
  /** From 1. */
  readonly attempt: number
  readonly state: 'failed' | 'trying' | 'waiting' | 'planned'
  /** Before the attempt; the longest that it may be unless `isKnown`. */
  readonly waitMs: number
  readonly isKnown: boolean
  /** Of the wait, from 0 to 1. */
  readonly elapsed: number
}

type RetryFacts = Pick<ConnectionFacts, 'state' | 'retries' | 'retryAtMs'>
/** The waits that were seen, by attempt. */
export type SeenWaits = ReadonlyMap<number, number>

/** Whether there is anything to draw: the connection was lost, or has never been opened. */
export function isRetrying({ state, retries }: RetryFacts): boolean {
  return retries > 0 && (state === 'waiting' || state === 'connecting')
}

export const NONE_SEEN: SeenWaits = new Map()

/** With the wait that has just begun; a connection forgets those of the loss before. */
export function withWait(seen: SeenWaits, facts: RetryFacts, nowMs: number): SeenWaits {
  if (!isRetrying(facts)) return NONE_SEEN
  const { state, retries, retryAtMs } = facts
  if (state !== 'waiting' || retryAtMs === null || seen.has(retries)) return seen
  return new Map([...seen, [retries, Math.max(0, retryAtMs - nowMs)]])
}

export function retrySteps({ state, retries, retryAtMs }: RetryFacts, seen: SeenWaits, nowMs: number): RetryStep[] {
  return Array.from({ length: ATTEMPTS_DRAWN }, (_, index) => {
    const attempt = index + 1
    const known = attempt <= retries ? seen.get(attempt) : undefined
    const waitMs = known ?? backoffCeilingMs(index, CHANNEL_BACKOFF)
    const common = { attempt, waitMs, isKnown: known !== undefined }
    if (attempt < retries) return { ...common, state: 'failed', elapsed: 1 }
    if (attempt > retries) return { ...common, state: 'planned', elapsed: 0 }
    if (state !== 'waiting') return { ...common, state: 'trying', elapsed: 1 }
    const leftMs = Math.max(0, (retryAtMs ?? nowMs) - nowMs)
    return { ...common, state: 'waiting', elapsed: waitMs === 0 ? 1 : Math.max(0, 1 - leftMs / waitMs) }
  })
}

/** One sentence. */
export function retryText({ state, retries, retryAtMs }: RetryFacts, nowMs: number): string {
  const attempt = retries > ATTEMPTS_DRAWN ? `attempt ${retries}` : `attempt ${retries} of ${ATTEMPTS_DRAWN}`
  const when = state === 'waiting' ? `in ${Math.max(1, Math.ceil(((retryAtMs ?? nowMs) - nowMs) / 1_000))} s` : 'now'
  return `Connection lost: ${attempt} ${when}.`
}
