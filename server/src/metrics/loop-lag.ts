// How late timers of this thread are: for so long an order that arrives may have to wait. A timer measures, ten times
// a second.

import type { Clock } from '@papertape/protocol'
import { Histogram, type HistogramCounts, SECONDS_BOUNDS } from '@papertape/venue'

const EVERY_MS = 100

export class LoopLag {
  readonly #clock: Clock
  readonly #onMeasured: (lagMs: number) => void
  readonly #seconds = new Histogram(SECONDS_BOUNDS)
  #cancel = () => {}

  /** @param onMeasured called ten times a second. */
  constructor(clock: Clock, onMeasured: (lagMs: number) => void) {
    this.#clock = clock
    this.#onMeasured = onMeasured
    this.#measure()
  }

  read(): HistogramCounts {
    return this.#seconds.read()
  }

  stop(): void {
    this.#cancel()
  }

  #measure(): void {
    const dueMs = this.#clock.nowMs() + EVERY_MS
    this.#cancel = this.#clock.setTimer(() => {
      const lagMs = Math.max(0, this.#clock.nowMs() - dueMs)
      this.#seconds.observe(lagMs / 1_000)
      this.#onMeasured(lagMs)
      this.#measure()
    }, EVERY_MS)
  }
}
