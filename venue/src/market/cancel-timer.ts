// Calls back when cancels are due by the wall clock: of cancelAllAfter and of lost sessions. The wall clock may be set:
// it looks at least once a second. Cancels nothing itself. Used by venue.ts.

import type { Clock } from '@papertape/protocol'

const LOOK_MS = 1_000

export class CancelTimer {
  readonly #clock: Clock
  readonly #onDue: () => void
  #dueUs = Number.POSITIVE_INFINITY
  #cancel = () => {}

  /** @param onDue calls arm() again. */
  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  /** @param dueUs wall clock in microseconds since 1970; Infinity for never. */
  arm(dueUs: number): void {
    if (dueUs === this.#dueUs) return
    this.#cancel()
    this.#dueUs = dueUs
    if (dueUs < Number.POSITIVE_INFINITY) this.#wait()
  }

  stop(): void {
    this.#cancel()
  }

  #wait(): void {
    const leftMs = Math.ceil(this.#dueUs / 1_000 - this.#clock.wallMs())
    this.#cancel = this.#clock.setTimer(() => this.#look(), Math.min(LOOK_MS, Math.max(1, leftMs)))
  }

  #look(): void {
    if (this.#clock.wallMs() * 1_000 < this.#dueUs) {
      this.#wait()
      return
    }
    this.#dueUs = Number.POSITIVE_INFINITY
    this.#onDue()
  }
}
