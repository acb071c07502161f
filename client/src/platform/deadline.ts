// The one timer of a runner: rings when the machine's deadline has come. Never later than that; after a deadline has been
// put off it rings early once, which the machine ignores, and is set again: arrivals are many, timers are not free. The
// deadline is by Environment.precise: a wall clock that jumps moves nothing.

import type { Environment } from './environment.ts'

/**
 * After a sleep, or a long task, what arrives comes before the timer that should have rung: the silence counts first.
 */
export function overdueFirst<Event extends { readonly type: string }>(
  deadlineMs: number | undefined,
  event: Event,
  nowMs: number,
): readonly (Event | { readonly type: 'timeout' })[] {
  const isOverdue = deadlineMs !== undefined && nowMs >= deadlineMs
  return isOverdue && event.type !== 'timeout' ? [{ type: 'timeout' }, event] : [event]
}

export class Deadline {
  readonly #environment: Environment
  readonly #ring: () => void
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined

  constructor(environment: Environment, ring: () => void) {
    this.#environment = environment
    this.#ring = ring
  }

  /** Undefined: nothing is due. */
  set(deadlineMs: number | undefined): void {
    if (this.#timer !== undefined && (deadlineMs === undefined || deadlineMs < this.#timer.atMs)) {
      this.#timer.cancel()
      this.#timer = undefined
    }
    if (deadlineMs === undefined || this.#timer !== undefined) return
    const ring = () => {
      this.#timer = undefined
      this.#ring()
    }
    const delayMs = Math.max(0, deadlineMs - this.#environment.precise())
    this.#timer = { atMs: deadlineMs, cancel: this.#environment.setTimer(ring, delayMs) }
  }
}
