// The single timer of a session: calls back when the deadline of its state machine is due. A deadline that moves later
// does not reset the timer; it fires early once, the machine ignores that, and it is set again. Arrivals are frequent,
// timers are not free.

import type { Clock } from '@papertape/protocol'

export class Deadline {
  readonly #clock: Clock
  readonly #onDue: () => void
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  /** @param deadlineMs by `Clock.nowMs`; undefined: nothing is due */
  set(deadlineMs: number | undefined): void {
    if (this.#timer !== undefined && (deadlineMs === undefined || deadlineMs < this.#timer.atMs)) {
      this.#timer.cancel()
      this.#timer = undefined
    }
    if (deadlineMs === undefined || this.#timer !== undefined) return
    const fire = () => {
      this.#timer = undefined
      this.#onDue()
    }
    const delayMs = Math.max(0, deadlineMs - this.#clock.nowMs())
    this.#timer = { atMs: deadlineMs, cancel: this.#clock.setTimer(fire, delayMs) }
  }
}
