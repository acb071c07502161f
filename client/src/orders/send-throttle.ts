// Keeps the messages of one connection below the server's limits: a token bucket smaller and slower than the server's,
// so that a delayed message followed by an early one does not exceed the rate. Pure; called by command-sender.ts.

import type { ChannelLimits } from '@papertape/protocol'

export type SendLimits = Pick<ChannelLimits, 'commandsPerSecond' | 'burst'>
/** Those of the contract, until the server has sent its own. */
export const DEFAULT_LIMITS: SendLimits = { commandsPerSecond: 50, burst: 100 }

const RATE_SHARE = 0.9
const BURST_SHARE = 0.5

export class SendThrottle {
  #perMs = 0
  #burst = 0
  #tokens = 0
  #atMs = 0
  #pausedUntilMs = 0

  constructor(limits: SendLimits, nowMs: number) {
    this.#atMs = nowMs
    this.setLimits(limits)
    this.#tokens = this.#burst
  }

  /** Spent tokens stay spent. */
  setLimits({ commandsPerSecond, burst }: SendLimits): void {
    const spent = this.#burst - this.#tokens
    this.#perMs = (Math.max(1, commandsPerSecond) * RATE_SHARE) / 1_000
    this.#burst = Math.max(1, Math.floor(burst * BURST_SHARE))
    this.#tokens = this.#burst - spent
  }

  /** Counts a message that is sent without waiting: a logon, a ping that checks the connection. */
  spend(nowMs: number): void {
    this.#refill(nowMs)
    this.#tokens -= 1
  }

  /** 0 when a message may be sent now, which is counted; else the milliseconds until one may. */
  take(nowMs: number): number {
    if (nowMs < this.#pausedUntilMs) return Math.ceil(this.#pausedUntilMs - nowMs)
    this.#refill(nowMs)
    // The tolerance is for rounding: the wait that was returned has to be enough.
    if (this.#tokens < 1 - 1e-9) return Math.ceil((1 - this.#tokens) / this.#perMs)
    this.#tokens -= 1
    return 0
  }

  /** The server refused a message for the rate: nothing is sent for `forMs`, and no burst after it. */
  pause(forMs: number, nowMs: number): void {
    this.#refill(nowMs)
    this.#tokens = Math.min(this.#tokens, 1)
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + forMs)
  }

  #refill(nowMs: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs)
    this.#atMs = nowMs
  }
}
