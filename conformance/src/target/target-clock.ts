// The time of the target: real time, or time that is advanced while somebody waits. No check has a timer of its own.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@papertape/protocol'
import type { Target } from './target.ts'

export type TargetClock = Pick<Clock, 'nowMs' | 'setTimer'>

/** A clock that is advanced is advanced by so much at a time, and then waits for what the target sends. */
const STEP_MS = 50
const PAUSE_MS = 4

/** @param advance of a target whose clock is set by hand. */
export function createTargetClock(advance: Target['advance']): TargetClock {
  return advance === undefined ? realClock : new AdvancedClock(advance)
}

const realClock: TargetClock = {
  nowMs: () => performance.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Time passes while there is a timer, for all checks together. */
class AdvancedClock implements TargetClock {
  readonly #advance: NonNullable<Target['advance']>
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>()
  #nowMs = 0
  #isRunning = false

  constructor(advance: NonNullable<Target['advance']>) {
    this.#advance = advance
  }

  nowMs(): number {
    return this.#nowMs
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback }
    this.#timers.add(timer)
    if (!this.#isRunning) void this.#run()
    return () => void this.#timers.delete(timer)
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#timers.size > 0) {
      await this.#advance(STEP_MS)
      await sleep(PAUSE_MS)
      this.#nowMs += STEP_MS
      for (const timer of [...this.#timers]) {
        if (timer.atMs > this.#nowMs || !this.#timers.delete(timer)) continue
        timer.callback()
      }
    }
    this.#isRunning = false
  }
}
