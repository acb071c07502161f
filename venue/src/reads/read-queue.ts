// Queue of reads that anyone may ask for, on the thread that matches orders. Reads are answered at once while they take
// a small share of its time, and later when they take more, so that no number of readers delays an order.

import type { Clock } from '@papertape/protocol'

/** Of the time that passes. */
const SHARE = 0.25
/** May be spent at once after a quiet time, milliseconds: enough for several pages. */
const BUDGET_MAX_MS = 20

export interface ReadQueueOptions<Read> {
  readonly answer: (read: Read) => void
  readonly clock: Pick<Clock, 'nowMs' | 'setTimer'>
}

export class ReadQueue<Read> {
  readonly #options: ReadQueueOptions<Read>
  readonly #waiting: Read[] = []
  /** Negative while more was spent than the share. */
  #budgetMs = BUDGET_MAX_MS
  #lastMs: number

  constructor(options: ReadQueueOptions<Read>) {
    this.#options = options
    this.#lastMs = options.clock.nowMs()
  }

  add(read: Read): void {
    this.#waiting.push(read)
    if (this.#waiting.length === 1) this.#run()
  }

  #run(): void {
    const { answer, clock } = this.#options
    for (;;) {
      const startMs = clock.nowMs()
      this.#budgetMs = Math.min(BUDGET_MAX_MS, this.#budgetMs + (startMs - this.#lastMs) * SHARE)
      this.#lastMs = startMs
      const [read] = this.#waiting
      if (read === undefined) return
      if (this.#budgetMs < 0) {
        clock.setTimer(() => this.#run(), -this.#budgetMs / SHARE)
        return
      }
      answer(read)
      this.#waiting.shift()
      this.#budgetMs -= clock.nowMs() - startMs
    }
  }
}
