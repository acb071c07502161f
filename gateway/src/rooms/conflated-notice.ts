// A notice about something that changes often: sent soon after the first change, and at most once in each interval.
// Knows not what is sent.

import type { Clock } from '@papertape/protocol'

export class ConflatedNotice {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #send: () => void
  #sentAtMs = Number.NEGATIVE_INFINITY
  #cancelTimer: (() => void) | undefined

  constructor(clock: Clock, intervalMs: number, send: () => void) {
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#send = send
  }

  /** Something has changed. */
  request(): void {
    if (this.#cancelTimer !== undefined) return
    const nowMs = this.#clock.nowMs()
    const waitMs = Math.max(0, this.#sentAtMs + this.#intervalMs - nowMs)
    this.#cancelTimer = this.#clock.setTimer(() => {
      this.#cancelTimer = undefined
      this.#sentAtMs = this.#clock.nowMs()
      this.#send()
    }, waitMs)
  }

  cancel(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}
