// Detects a wall clock that was set, and a process or computer that was suspended, by comparing the wall clock with the
// monotone clock. Reports each once; venue.ts decides what follows.

import type { Clock } from '@papertape/protocol'

/** NTP corrects small differences without a jump. A larger difference is a jump, also when it has added up. */
const JUMP_MIN_MS = 3_000
/** check() is called at least once a second: a longer time between two calls than this is a pause. */
const PAUSE_MIN_MS = 10_000

export interface TimeBreak {
  /** How far the wall clock was set, against the monotone one; 0 when it was not. */
  readonly jumpMs: number
  /** How long nothing ran, by the monotone clock; 0 when it was no longer than usual. */
  readonly pausedMs: number
}

export class ClockWatch {
  readonly #clock: Clock
  #offsetMs: number
  #lastCheckMs: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#lastCheckMs = clock.nowMs()
    this.#offsetMs = clock.wallMs() - this.#lastCheckMs
  }

  /** What has happened since the last call; undefined when nothing has. */
  check(): TimeBreak | undefined {
    const nowMs = this.#clock.nowMs()
    const offsetMs = this.#clock.wallMs() - nowMs
    const jumpMs = offsetMs - this.#offsetMs
    const pausedMs = nowMs - this.#lastCheckMs
    this.#lastCheckMs = nowMs
    const hasJumped = Math.abs(jumpMs) > JUMP_MIN_MS
    if (hasJumped) this.#offsetMs = offsetMs
    const wasPaused = pausedMs > PAUSE_MIN_MS
    if (!hasJumped && !wasPaused) return undefined
    return { jumpMs: hasJumped ? jumpMs : 0, pausedMs: wasPaused ? pausedMs : 0 }
  }
}

/** A text for the operator. */
export function describeBreak({ jumpMs, pausedMs }: TimeBreak): string {
  const parts = [
    jumpMs > 0 && `the wall clock jumped forward by ${formatDuration(jumpMs)}, as after a sleep of the computer`,
    jumpMs < 0 && `the wall clock was set back by ${formatDuration(-jumpMs)}`,
    pausedMs > 0 && `the server was suspended for ${formatDuration(pausedMs)}`,
  ]
  return parts.filter(part => part !== false).join(', and ')
}

function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
