// Who types in a room: a name stays until it is removed, or until nothing has come of it for three seconds. Sends
// nothing.

import { type Clock, ROOM_TYPING_MS } from '@papertape/protocol'

export class TypingList {
  readonly #clock: Clock
  readonly #onChange: () => void
  /** When each name leaves, the next one first. */
  readonly #untilMs = new Map<string, number>()
  #cancelTimer = () => {}

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock
    this.#onChange = onChange
  }

  get users(): readonly string[] {
    return [...this.#untilMs.keys()]
  }

  add(user: string): void {
    const isNew = !this.#untilMs.delete(user)
    this.#untilMs.set(user, this.#clock.nowMs() + ROOM_TYPING_MS)
    this.#schedule()
    if (isNew) this.#onChange()
  }

  remove(user: string): void {
    if (!this.#untilMs.delete(user)) return
    this.#schedule()
    this.#onChange()
  }

  #schedule(): void {
    this.#cancelTimer()
    const [next] = this.#untilMs.values()
    if (next === undefined) return
    this.#cancelTimer = this.#clock.setTimer(() => this.#expire(), next - this.#clock.nowMs())
  }

  #expire(): void {
    const nowMs = this.#clock.nowMs()
    const expired = [...this.#untilMs].filter(([, untilMs]) => untilMs <= nowMs)
    for (const [user] of expired) this.#untilMs.delete(user)
    this.#schedule()
    if (expired.length > 0) this.#onChange()
  }
}
