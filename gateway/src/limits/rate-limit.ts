// A token bucket, and a count of violations within a window. The time is handed in; knows nothing of sockets.

import type { RateLimitState } from '@papertape/protocol'

export class RateLimit {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #atMs: number

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#atMs = nowMs
  }

  /** 0 when the command may pass, else the milliseconds until one may. */
  take(nowMs: number): number {
    this.#refill(nowMs)
    if (this.#tokens >= 1) {
      this.#tokens -= 1
      return 0
    }
    return this.#msUntil(1)
  }

  /** So many have passed elsewhere, maybe more than may: then none passes here until the rate has made up for them. */
  passedElsewhere(count: number, nowMs: number): void {
    this.#refill(nowMs)
    this.#tokens -= count
  }

  state(nowMs: number): RateLimitState {
    this.#refill(nowMs)
    return { limit: this.#burst, remaining: Math.max(0, Math.floor(this.#tokens)), resetMs: this.#msUntil(this.#burst) }
  }

  /** Everything has come back: it is as a new one. */
  isFull(nowMs: number): boolean {
    this.#refill(nowMs)
    return this.#tokens === this.#burst
  }

  #refill(nowMs: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#atMs) / 1_000) * this.#perSecond)
    this.#atMs = nowMs
  }

  #msUntil(tokens: number): number {
    return Math.ceil(((tokens - this.#tokens) / this.#perSecond) * 1_000)
  }
}

/** Counts violations within a sliding window, in constant time. */
export class ViolationWindow {
  readonly #windowMs: number
  /** When the last `max` violations were, as a ring. */
  readonly #atMs: Float64Array
  #oldest = 0

  constructor(max: number, windowMs: number) {
    this.#windowMs = windowMs
    this.#atMs = new Float64Array(max).fill(Number.NEGATIVE_INFINITY)
  }

  /** Counts one; true when there are more than `max` within the window. */
  add(nowMs: number): boolean {
    const isTooMany = nowMs - this.#atMs[this.#oldest]! < this.#windowMs
    this.#atMs[this.#oldest] = nowMs
    this.#oldest = (this.#oldest + 1) % this.#atMs.length
    return isTooMany
  }
}
