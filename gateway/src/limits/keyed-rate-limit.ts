// Token buckets by key: commands by account, new accounts by address. Keeps a bounded number of them: those that are
// full again are forgotten as others are used, and beyond the bound the one that was used least recently.

import type { ErrorCode, RateLimitState } from '@papertape/protocol'
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
/** Two for each that is added: the idle ones are gone before as many others have come. */
const FORGOTTEN_PER_USE = 2
const HOUR_S = 3_600

export class KeyedRateLimit {
  readonly rule: RateLimitRule
  /** Called with the key of each that passes. */
  onPass = (_key: string) => {}
  readonly #nowMs: () => number
  readonly #keysMax: number
  /** In the order of their last use. */
  readonly #buckets = new Map<string, RateLimit>()

  constructor(rule: RateLimitRule, nowMs: () => number, keysMax = KEYS_MAX) {
    this.rule = rule
    this.#nowMs = nowMs
    this.#keysMax = keysMax
  }

  /** The number of keys. */
  get size(): number {
    return this.#buckets.size
  }

  /** @throws {CodedError} the rule's code, with the time until the next one passes. */
  take(key: string): void {
    const refusal = this.tryTake(key)
    if (refusal !== undefined) throw refusal
  }

  /** As take(); returns the error. */
  tryTake(key: string): CodedError | undefined {
    const { burst, code = 'rate-limited' } = this.rule
    const nowMs = this.#nowMs()
    const retryMs = this.#use(key, nowMs).take(nowMs)
    if (retryMs === 0) {
      this.onPass(key)
      return undefined
    }
    return new CodedError(code, `${describe(this.rule)}, ${burst} at once`, retryMs)
  }

  /** So many of the key have passed at another gateway. */
  passedElsewhere(key: string, count: number): void {
    const nowMs = this.#nowMs()
    this.#use(key, nowMs).passedElsewhere(count, nowMs)
  }

  /** What the key has left. */
  state(key: string): RateLimitState {
    const { burst } = this.rule
    return this.#buckets.get(key)?.state(this.#nowMs()) ?? { limit: burst, remaining: burst, resetMs: 0 }
  }

  #use(key: string, nowMs: number): RateLimit {
    const { perSecond, burst } = this.rule
    const bucket = this.#buckets.get(key) ?? new RateLimit(perSecond, burst, nowMs)
    this.#buckets.delete(key)
    this.#forgetIdle(nowMs)
    this.#buckets.set(key, bucket)
    return bucket
  }

  /** Makes room for one more. */
  #forgetIdle(nowMs: number): void {
    let looked = 0
    for (const [key, bucket] of this.#buckets) {
      if (this.#buckets.size < this.#keysMax && (looked++ === FORGOTTEN_PER_USE || !bucket.isFull(nowMs))) return
      this.#buckets.delete(key)
    }
  }
}

function describe({ perSecond, what }: RateLimitRule): string {
  return perSecond >= 1
    ? `at most ${perSecond} ${what} a second`
    : `at most ${Math.round(perSecond * HOUR_S)} ${what} an hour`
}
