// The pace of one connection: its link, once its owner has asked for a slow one. Before that, as of most connections
// for ever, nothing is kept, and everything is written at once. Used by paced-wire.ts and by the transports.

import type { Clock } from '@papertape/protocol'
import { type LinkSpeed, PacedLink } from './paced-link.ts'

export class ConnectionPace {
  readonly #clock: Clock
  #link: PacedLink | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @see PacedLink, also of what follows. */
  get isPaced(): boolean {
    return this.#link?.isPaced ?? false
  }

  get isWhole(): boolean {
    return this.#link?.isWhole ?? false
  }

  get waitingBytes(): number {
    return this.#link?.waitingBytes ?? 0
  }

  get hasRoom(): boolean {
    return this.#link?.hasRoom ?? true
  }

  set(speed: LinkSpeed, durationMs: number): void {
    this.#link ??= new PacedLink(this.#clock)
    this.#link.set(speed, durationMs)
  }

  restore(): void {
    this.#link?.restore()
  }

  close(): void {
    this.#link?.close()
  }

  add(owner: unknown, bytes: number, write: () => void): number {
    if (this.#link !== undefined) return this.#link.add(owner, bytes, write)
    write()
    return 0
  }

  drop(owner: unknown): void {
    this.#link?.drop(owner)
  }

  onRoom(lastAdd: number, callback: () => void): void {
    this.#link ??= new PacedLink(this.#clock)
    this.#link.onRoom(lastAdd, callback)
  }
}
