// What the kernel has not yet got rid of, by connection: a peer that reads slowly, or whose link is slow, has bytes in
// the kernel's send buffer, which may hold minutes of a feed. Looks at Linux's tables of connections now and then, for
// all at once, while there are any that are written to; without tables none is ever late. Decides nothing of what is
// written.

import type { Clock } from '@papertape/protocol'
import { DeliveryProgress } from './delivery-progress.ts'
import { connectionKey, type Endpoints, sendQueues } from './tcp-table.ts'

const READ_EVERY_MS = 250
/** While nothing was in flight at the last look. */
const QUIET_EVERY_MS = 1_000
/** The tables have a line for each connection: with many they are read less often. */
const READ_MS_PER_CONNECTION = 0.25
/** A connection that was written nothing for so long, has taken all and is not late, is looked at no more. */
const IDLE_MS = 5_000

export interface KernelQueuesDeps {
  readonly clock: Clock
  /** The tables as text, absent ones left out. */
  readonly readTables: () => Promise<readonly string[]>
}

/** A connection that is written to. Is asked at each look at its queue alone: writing is to cost nothing. */
export interface WatchedConnection {
  readonly endpoints: Endpoints
  /** How many bytes the kernel has been given since the beginning. */
  readonly givenBytes: number
  /** How many more were written, and wait in the process. */
  readonly waitingBytes: number
  /** Whether the peer is late has changed. */
  onLate(isLate: boolean): void
  /** Its queue knows nothing that matters, and is looked at no more: with the next bytes there is to be another. */
  onIdle(): void
}

export class KernelQueues {
  readonly #clock: Clock
  readonly #readTables: () => Promise<readonly string[]>
  readonly #watched = new Set<KernelQueue>()
  #cancelTimer: (() => void) | undefined
  #hasTables = false
  #isQuiet = false
  #isClosed = false

  constructor({ clock, readTables }: KernelQueuesDeps) {
    this.#clock = clock
    this.#readTables = readTables
  }

  watch(connection: WatchedConnection): KernelQueue {
    const queue = new KernelQueue(connection, this.#clock.nowMs())
    this.#watched.add(queue)
    this.#arm()
    return queue
  }

  unwatch(queue: KernelQueue): void {
    this.#watched.delete(queue)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer?.()
  }

  #arm(): void {
    if (this.#cancelTimer !== undefined || this.#isClosed || this.#watched.size === 0) return
    const leastMs = this.#isQuiet ? QUIET_EVERY_MS : READ_EVERY_MS
    const waitMs = Math.max(leastMs, READ_MS_PER_CONNECTION * this.#watched.size)
    this.#cancelTimer = this.#clock.setTimer(() => void this.#read(), waitMs)
  }

  async #read(): Promise<void> {
    const before = [...this.#watched].map(queue => ({ queue, given: queue.givenBytes }))
    const tables = await this.#readTables()
    this.#hasTables ||= tables.length > 0
    // Not on Linux.
    if (!this.#hasTables) return
    const queues = sendQueues(tables)
    const nowMs = this.#clock.nowMs()
    // A read that has failed says nothing.
    if (tables.length > 0) {
      this.#isQuiet = before.length > 0
      for (const { queue, given } of before) {
        const inFlight = queues.get(queue.key) ?? 0
        if (inFlight > 0 || queue.isLate) this.#isQuiet = false
        queue.take(given - inFlight, nowMs)
        if (queue.isIdle(nowMs) && this.#watched.delete(queue)) queue.onIdle()
      }
    }
    this.#cancelTimer = undefined
    this.#arm()
  }
}

/** What is in flight on one connection. */
export class KernelQueue {
  readonly key: string
  readonly #connection: WatchedConnection
  readonly #progress = new DeliveryProgress()
  /** What had been written at the look before, and when that was last seen to be less. */
  #writtenBefore: number
  #busyMs: number
  /** Its peer was late, and has not kept up for long enough since. */
  isLate = false
  #onRoom: (() => void) | undefined

  constructor(connection: WatchedConnection, nowMs: number) {
    this.key = connectionKey(connection.endpoints)
    this.#connection = connection
    this.#writtenBefore = this.#written
    this.#busyMs = nowMs
  }

  get givenBytes(): number {
    return this.#connection.givenBytes
  }

  get #written(): number {
    return this.#connection.givenBytes + this.#connection.waitingBytes
  }

  get #isBusy(): boolean {
    this.#progress.write(this.#written)
    return this.#progress.isBusy
  }

  /** False while a peer that was late has not taken everything. */
  get hasRoom(): boolean {
    return !this.isLate || !this.#isBusy
  }

  isIdle(nowMs: number): boolean {
    const written = this.#written
    if (written > this.#writtenBefore || this.#isBusy) this.#busyMs = nowMs
    this.#writtenBefore = written
    return !this.isLate && nowMs - this.#busyMs >= IDLE_MS
  }

  onIdle(): void {
    this.#connection.onIdle()
  }

  /** The peer is written less than there is for it. */
  stayLate(nowMs: number): void {
    this.#progress.prolongProbation(nowMs)
  }

  /** Calls back once when there is room. */
  onRoom(callback: () => void): void {
    this.#onRoom = callback
  }

  /** The kernel has got rid of what was written up to here, at least. */
  take(total: number, nowMs: number): void {
    this.#progress.write(this.#written)
    this.#progress.take(total, nowMs)
    this.#progress.mark(nowMs)
    const isLate = this.#progress.isOnProbation(nowMs)
    if (isLate !== this.isLate) {
      this.isLate = isLate
      this.#connection.onLate(isLate)
    }
    if (this.#onRoom === undefined || !this.hasRoom) return
    const callback = this.#onRoom
    this.#onRoom = undefined
    callback()
  }
}
