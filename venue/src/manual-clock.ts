// A clock that moves only when the test says so.

import type { Clock } from '@papertape/protocol'

interface Timer {
  readonly dueMs: number
  readonly callback: () => void
}

const RUNS_MAX = 100_000

export class ManualClock implements Clock {
  #nowMs: number
  #wallOffsetMs: number
  readonly #timers = new Set<Timer>()

  /** @param wallMs the wall clock at the start. @param startMs the monotone clock at the start. */
  constructor(wallMs: number, startMs = 0) {
    this.#nowMs = startMs
    this.#wallOffsetMs = wallMs - startMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return this.#nowMs + this.#wallOffsetMs
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Timers run in the order in which they are due, each at its time. */
  pass(ms: number): void {
    const endMs = this.#nowMs + ms
    for (let runs = 0; ; runs++) {
      if (runs > RUNS_MAX) throw new Error(`more than ${RUNS_MAX} timers ran within ${ms} ms`)
      const next = this.#next()
      if (next === undefined || next.dueMs > endMs) break
      this.#run(next)
    }
    this.#nowMs = endMs
  }

  /** Moves on to the next timer and runs it. @returns false when there is none. */
  runNext(): boolean {
    const next = this.#next()
    if (next !== undefined) this.#run(next)
    return next !== undefined
  }

  /** Time passes and no timer runs: a process that is suspended. */
  suspend(ms: number): void {
    this.#nowMs += ms
  }

  /** Sets the wall clock, forward or back. */
  setWall(byMs: number): void {
    this.#wallOffsetMs += byMs
  }

  #next(): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) if (next === undefined || timer.dueMs < next.dueMs) next = timer
    return next
  }

  #run(timer: Timer): void {
    this.#timers.delete(timer)
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs)
    timer.callback()
  }
}
