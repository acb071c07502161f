// Runs tasks in order and in slices, so that no turn of the event loop is long however many readers want something at
// once. The feed has one queue for live batches and one for replays.

import type { Clock } from '@papertape/protocol'

export interface WorkQueueOptions {
  /** A slice starts no task after this. */
  readonly sliceMs: number
  /** Nor after so many tasks: each may cause work after the slice, such as sending an answer. */
  readonly tasksMax: number
  readonly clock: Pick<Clock, 'nowMs' | 'setTimer'>
}

export class WorkQueue {
  readonly #options: WorkQueueOptions
  #tasks: (() => void)[] = []
  /** The next task: shifting a long array for each would be quadratic. */
  #next = 0
  #isScheduled = false

  constructor(options: WorkQueueOptions) {
    this.#options = options
  }

  get length(): number {
    return this.#tasks.length - this.#next
  }

  add(task: () => void): void {
    this.#tasks.push(task)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#options.clock.setTimer(() => this.#runSlice(), 0)
  }

  #runSlice(): void {
    const { sliceMs, tasksMax, clock } = this.#options
    const endMs = clock.nowMs() + sliceMs
    try {
      for (let done = 0; done < tasksMax && this.length > 0; done++) {
        this.#tasks[this.#next++]!()
        if (clock.nowMs() >= endMs) break
      }
    } finally {
      this.#isScheduled = false
      this.#dropDone()
      if (this.length > 0) this.#schedule()
    }
  }

  #dropDone(): void {
    if (this.#next === this.#tasks.length) this.#tasks = []
    else if (this.#next > 1_024) this.#tasks = this.#tasks.slice(this.#next)
    else return
    this.#next = 0
  }
}
