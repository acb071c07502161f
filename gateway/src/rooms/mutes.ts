// Accounts whose messages a room refuses for a time, by the operator. In memory: a mute ends with the server.

import type { Clock } from '@papertape/protocol'

export class Mutes {
  readonly #clock: Clock
  readonly #untilMs = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Replaces the mute that there was. @param durationMs 0: ends it. */
  set(room: string, accountId: string, durationMs: number): void {
    const nowMs = this.#clock.nowMs()
    for (const [key, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(key)
    this.#untilMs.set(keyOf(room, accountId), nowMs + durationMs)
  }

  /** 0 when the account may speak. */
  remainingMs(room: string, accountId: string): number {
    return Math.max(0, Math.ceil((this.#untilMs.get(keyOf(room, accountId)) ?? 0) - this.#clock.nowMs()))
  }
}

function keyOf(room: string, accountId: string): string {
  return `${room} ${accountId}`
}
