// How fast one connection is written to whose owner asks for a slow link: not at all for a time, or so many bytes a
// second, after a latency. Otherwise as fast as its peer reads. Bounds what waits by having no room; writes nothing
// itself and reads no clock that is not handed in. Used by connection-pace.ts.

import type { Clock } from '@papertape/protocol'

/** What a link takes: 0 bytes a second is a stall. */
export interface LinkSpeed {
  readonly bytesPerSecond: number
  /** How long what was sent is under way. */
  readonly latencyMs: number
  /** And how much longer each write is, counted from 1 on; none overtakes another. */
  readonly jitterMs?: (write: number) => number
  /** Of a WebSocket: answers and heartbeats pass the link too. */
  readonly isWhole?: boolean
}

export const STALLED: LinkSpeed = { bytesPerSecond: 0, latencyMs: 0 }
/** What waits to be sent takes so long at most, and the write that was one too many: a reader reads the log later. */
const WAITING_MS_MAX = 250

interface DelayedWrite {
  readonly owner: unknown
  readonly bytes: number
  readonly write: () => void
  /** When it arrives at the other end of the link. */
  dueMs: number
}

export class PacedLink {
  readonly #clock: Clock
  /** Undefined at full speed. */
  #speed: LinkSpeed | undefined
  #waiting: DelayedWrite[] = []
  #waitingBytes = 0
  /** When all that waits has been sent. */
  #sentMs = 0
  /** Since the speed was set. */
  #writes = 0
  #roomCallbacks: { readonly lastAdd: number; readonly callback: () => void }[] = []
  #adds = 0
  #cancelTimer = () => {}
  #cancelEnd = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** False at full speed: nothing waits, and writes need not pass here. */
  get isPaced(): boolean {
    return this.#speed !== undefined
  }

  /** Whether answers and heartbeats of a WebSocket wait too. */
  get isWhole(): boolean {
    return this.#speed?.isWhole === true
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  get hasRoom(): boolean {
    return this.#speed === undefined || this.#sentMs - this.#clock.nowMs() <= WAITING_MS_MAX
  }

  /** Replaces the speed that there was, for so long; what waits goes on at the new one. */
  set(speed: LinkSpeed, durationMs: number): void {
    this.#cancelEnd()
    this.#cancelEnd = this.#clock.setTimer(() => this.restore(), durationMs)
    this.#speed = speed
    this.#sentMs = speed.bytesPerSecond === 0 ? Number.POSITIVE_INFINITY : this.#clock.nowMs()
    this.#writes = 0
    for (const waiting of this.#waiting) waiting.dueMs = this.#schedule(waiting.bytes, speed)
    this.#arm()
  }

  /** Back to full speed: what waits is written now. */
  restore(): void {
    this.close()
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    for (const { write } of waiting) write()
    this.#callBack()
  }

  /** The connection has gone: no timer runs any more. */
  close(): void {
    this.#cancelEnd()
    this.#cancelTimer()
    this.#speed = undefined
    this.#sentMs = 0
  }

  /**
   * Writes it when a link of this speed would have carried it, after everything that was added before.
   * @returns the number of this call.
   */
  add(owner: unknown, bytes: number, write: () => void): number {
    if (this.#speed === undefined) write()
    else {
      this.#waiting.push({ owner, bytes, write, dueMs: this.#schedule(bytes, this.#speed) })
      this.#waitingBytes += bytes
      this.#arm()
    }
    return ++this.#adds
  }

  /** What the owner has added is not written any more. */
  drop(owner: unknown): void {
    this.#waiting = this.#waiting.filter(waiting => waiting.owner !== owner)
    this.#waitingBytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /**
   * Calls back once when there is room; never in this turn.
   * @param lastAdd what add() returned last: who added longest ago is called first, otherwise one reader of a
   *   connection could use all the room.
   */
  onRoom(lastAdd: number, callback: () => void): void {
    this.#roomCallbacks.push({ lastAdd, callback })
    this.#arm()
  }

  #schedule(bytes: number, { bytesPerSecond, latencyMs, jitterMs }: LinkSpeed): number {
    this.#sentMs = Math.max(this.#sentMs, this.#clock.nowMs()) + (bytes / bytesPerSecond) * 1_000
    // One that would arrive before the one in front of it waits for that: see #writeDue().
    return this.#sentMs + latencyMs + (jitterMs?.(++this.#writes) ?? 0)
  }

  #arm(): void {
    this.#cancelTimer()
    const roomMs = this.#roomCallbacks.length > 0 ? this.#sentMs - WAITING_MS_MAX : Number.POSITIVE_INFINITY
    const nextMs = Math.min(this.#waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY, roomMs)
    if (nextMs === Number.POSITIVE_INFINITY) return
    this.#cancelTimer = this.#clock.setTimer(() => this.#writeDue(), Math.max(1, nextMs - this.#clock.nowMs()))
  }

  #writeDue(): void {
    const nowMs = this.#clock.nowMs()
    while (this.#waiting.length > 0 && this.#waiting[0]!.dueMs <= nowMs) {
      const { bytes, write } = this.#waiting.shift()!
      this.#waitingBytes -= bytes
      write()
    }
    if (this.hasRoom) this.#callBack()
    this.#arm()
  }

  #callBack(): void {
    const called = this.#roomCallbacks.sort((a, b) => a.lastAdd - b.lastAdd)
    this.#roomCallbacks = []
    for (const { callback } of called) callback()
  }
}
