// Accounts whose messages a room refuses for a time, by the operator. Kept in the store of the rooms.

import type { Clock } from '@papertape/protocol'
import type { RoomStore } from './room-store.ts'

export class Mutes {
  readonly #store: RoomStore
  readonly #clock: Clock
  /** By the wall clock, which a restart does not begin anew. */
  readonly #untilMs: Map<string, number>

  constructor(store: RoomStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
    this.#untilMs = new Map(store.mutes().map(({ room, accountId, untilMs }) => [keyOf(room, accountId), untilMs]))
  }

  /** Replaces the mute that there was. @param durationMs 0: ends it. */
  set(room: string, accountId: string, durationMs: number): void {
    const nowMs = this.#clock.wallMs()
    for (const [key, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(key)
    const untilMs = Math.ceil(nowMs + durationMs)
    this.#store.mute({ room, accountId, untilMs }, nowMs)
    this.#untilMs.set(keyOf(room, accountId), untilMs)
  }

  /** 0 when the account may speak. */
  remainingMs(room: string, accountId: string): number {
    const untilMs = this.#untilMs.get(keyOf(room, accountId)) ?? 0
    return Math.max(0, Math.ceil(untilMs - this.#clock.wallMs()))
  }
}

function keyOf(room: string, accountId: string): string {
  return `${room} ${accountId}`
}
