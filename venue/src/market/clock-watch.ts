// Notices when the wall clock and the monotone clock differ, or when the process was paused: a wall clock that was set, a
// computer that slept. Reports each once; venue.ts decides what follows.

import type { Clock } from '@papertape/protocol'

/** NTP slews small differences away without a jump; what is more than this, also little by little, is one. */
const JUMP_MIN_MS = 3_000
/** Asked at least once a second: what is more than this was no slow step. */
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
  #lookedMs: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#lookedMs = clock.nowMs()
    this.#offsetMs = clock.wallMs() - this.#lookedMs
  }

  /** What has happened since it was last asked; undefined when nothing has. */
  look(): TimeBreak | undefined {
    const nowMs = this.#clock.nowMs()
    const offsetMs = this.#clock.wallMs() - nowMs
    const jumpMs = offsetMs - this.#offsetMs
    const pausedMs = nowMs - this.#lookedMs
    this.#lookedMs = nowMs
    const hasJumped = Math.abs(jumpMs) > JUMP_MIN_MS
    if (hasJumped) this.#offsetMs = offsetMs
    const wasPaused = pausedMs > PAUSE_MIN_MS
    if (!hasJumped && !wasPaused) return undefined
    return { jumpMs: hasJumped ? jumpMs : 0, pausedMs: wasPaused ? pausedMs : 0 }
  }
}

/** One line for the operator. */
export function describeBreak({ jumpMs, pausedMs }: TimeBreak): string {
  const parts = [
    jumpMs > 0 && `the wall clock jumped forward by ${formatSpan(jumpMs)}, as after a sleep of the computer`,
    jumpMs < 0 && `the wall clock was set back by ${formatSpan(-jumpMs)}`,
    pausedMs > 0 && `the server stood still for ${formatSpan(pausedMs)}`,
  ]
  return parts.filter(part => part !== false).join(', and ')
}

function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
