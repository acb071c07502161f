// Token buckets by key: commands by account, new accounts by address. Keeps a bounded number of them, and forgets the
// one that was used least recently.

import type { ErrorCode } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'
import { RateLimit } from './rate-limit.ts'

export interface RateLimitRule {
  readonly perSecond: number
  readonly burst: number
  /** What is limited: `orders`, `new accounts`. */
  readonly what: string
  /** Of the refusal; rate-limited when absent. */
  readonly code?: ErrorCode
}

const KEYS_MAX = 20_000

export class KeyedRateLimit {
  readonly #rule: RateLimitRule
  readonly #nowMs: () => number
  readonly #keysMax: number
  /** In the order of their last use. */
  readonly #buckets = new Map<string, RateLimit>()

  constructor(rule: RateLimitRule, nowMs: () => number, keysMax = KEYS_MAX) {
    this.#rule = rule
    this.#nowMs = nowMs
    this.#keysMax = keysMax
  }

  /** The number of keys. */
  get size(): number {
    return this.#buckets.size
  }

  /** @throws {CodedError} the rule's code, with the time until the next one passes. */
  take(key: string): void {
    const { perSecond, burst, what, code = 'rate-limited' } = this.#rule
    const nowMs = this.#nowMs()
    const bucket = this.#buckets.get(key) ?? new RateLimit(perSecond, burst, nowMs)
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > this.#keysMax) this.#buckets.delete(this.#buckets.keys().next().value!)
    const retryMs = bucket.take(nowMs)
    if (retryMs > 0) throw new CodedError(code, `at most ${perSecond} ${what} a second, ${burst} at once`, retryMs)
  }
}
