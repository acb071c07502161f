// The connections that tokens have opened, so that they end with their token: when it is revoked, and when it expires.
// Knows no transport; used by accounts.ts.

import type { Clock } from '@papertape/protocol'

/** Timers are not set for longer: an engine of JavaScript fires them at once beyond 24 days. */
const WAIT_MS_MAX = 86_400_000

export class TokenHolders {
  readonly #clock: Clock
  readonly #holders = new Map<string, Set<() => void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * @param expiresMs by the wall clock; null: the token does not expire.
   * @param onEnd called once, in a later turn.
   * @returns the connection has ended by itself.
   */
  add(tokenId: string, expiresMs: number | null, onEnd: () => void): () => void {
    const holders = this.#holders.get(tokenId) ?? new Set()
    this.#holders.set(tokenId, holders)
    let cancelTimer = () => {}
    const leave = () => {
      cancelTimer()
      holders.delete(end)
      if (holders.size === 0 && this.#holders.get(tokenId) === holders) this.#holders.delete(tokenId)
    }
    const end = () => {
      leave()
      onEnd()
    }
    const wait = (dueMs: number) => {
      const leftMs = dueMs - this.#clock.wallMs()
      const look = leftMs > WAIT_MS_MAX ? () => wait(dueMs) : end
      cancelTimer = this.#clock.setTimer(look, Math.max(0, Math.min(leftMs, WAIT_MS_MAX)))
    }
    holders.add(end)
    if (expiresMs !== null) wait(expiresMs)
    return leave
  }

  /** The token was revoked. */
  end(tokenId: string): void {
    for (const end of [...(this.#holders.get(tokenId) ?? [])]) end()
  }
}
