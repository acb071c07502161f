// Reads of the log by whoever asks, on the thread that matches orders: answered at once while they take a small share of its
// time, in turn when there are more, so that no number of readers holds up an order. The venue's alone.

/** Of the time that passes. */
const SHARE = 0.25
/** What may be spent at once after a quiet time, milliseconds: a read of a page or several. */
const SAVED_MS_MAX = 20

export interface ReadQueueOptions<Read> {
  readonly answer: (read: Read) => void
  /** Monotone. */
  readonly nowMs: () => number
  readonly setTimer: (callback: () => void, delayMs: number) => void
}

export class ReadQueue<Read> {
  readonly #options: ReadQueueOptions<Read>
  readonly #waiting: Read[] = []
  /** Below nothing while more was spent than the share. */
  #savedMs = SAVED_MS_MAX
  #lastMs: number

  constructor(options: ReadQueueOptions<Read>) {
    this.#options = options
    this.#lastMs = options.nowMs()
  }

  ask(read: Read): void {
    this.#waiting.push(read)
    if (this.#waiting.length === 1) this.#run()
  }

  #run(): void {
    const { answer, nowMs } = this.#options
    for (;;) {
      const startMs = nowMs()
      this.#savedMs = Math.min(SAVED_MS_MAX, this.#savedMs + (startMs - this.#lastMs) * SHARE)
      this.#lastMs = startMs
      const [read] = this.#waiting
      if (read === undefined) return
      if (this.#savedMs < 0) {
        this.#options.setTimer(() => this.#run(), -this.#savedMs / SHARE)
        return
      }
      answer(read)
      this.#waiting.shift()
      this.#savedMs -= nowMs() - startMs
    }
  }
}
