// What the kernel has not yet got rid of, by connection: a peer that reads slowly, or whose link is slow, has bytes in
// the kernel's send buffer, which may hold minutes of a feed. Looks at Linux's tables of connections now and then, for
// all at once, while there are any that are written to; without tables none is ever late. Decides nothing of what is
// written.

import type { Clock } from '@papertape/protocol'
import { DeliveryProgress } from './delivery-progress.ts'
import { connectionKey, type Endpoints, sendQueues } from './tcp-table.ts'

const READ_EVERY_MS = 250
/** The tables have a line for each connection: with many they are read less often. */
const READ_MS_PER_CONNECTION = 0.25
/** A connection that was written nothing for so long, has taken all and is not late, is looked at no more. */
const IDLE_MS = 5_000

export interface KernelQueuesDeps {
  readonly clock: Clock
  /** The tables as text, absent ones left out. */
  readonly readTables: () => Promise<readonly string[]>
}

export class KernelQueues {
  readonly #clock: Clock
  readonly #readTables: () => Promise<readonly string[]>
  readonly #watched = new Set<KernelQueue>()
  #cancelTimer: (() => void) | undefined
  #hasTables = false
  #isClosed = false

  constructor({ clock, readTables }: KernelQueuesDeps) {
    this.#clock = clock
    this.#readTables = readTables
  }

  /**
   * @param endpoints of the connection, as its socket has them.
   * @param waiting how many of the bytes that were written to it wait in the process.
   * @param onIdle the queue knows nothing that matters, and is not looked at any more: with the next bytes there is to
   *   be another one.
   */
  watch(endpoints: Endpoints, waiting: () => number, onIdle: () => void): KernelQueue {
    const queue = new KernelQueue(connectionKey(endpoints), { waiting, onIdle, nowMs: this.#clock.nowMs() })
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
    const waitMs = Math.max(READ_EVERY_MS, READ_MS_PER_CONNECTION * this.#watched.size)
    this.#cancelTimer = this.#clock.setTimer(() => void this.#read(), waitMs)
  }

  async #read(): Promise<void> {
    const before = [...this.#watched].map(queue => ({ queue, given: queue.given }))
    const tables = await this.#readTables()
    this.#hasTables ||= tables.length > 0
    // Not on Linux.
    if (!this.#hasTables) return
    const queues = sendQueues(tables)
    const nowMs = this.#clock.nowMs()
    // A read that has failed says nothing.
    if (tables.length > 0) {
      for (const { queue, given } of before) {
        queue.take(given - (queues.get(queue.key) ?? 0), nowMs)
        if (queue.isIdle(nowMs) && this.#watched.delete(queue)) queue.onIdle()
      }
    }
    this.#cancelTimer = undefined
    this.#arm()
  }
}

interface QueueOptions {
  readonly waiting: () => number
  readonly onIdle: () => void
  readonly nowMs: number
}

/** What is in flight on one connection. */
export class KernelQueue {
  readonly key: string
  readonly #waiting: () => number
  readonly onIdle: () => void
  readonly #progress = new DeliveryProgress()
  #written = 0
  /** What had been written at the look before, and when that was last seen to be less. */
  #writtenBefore = 0
  #busyMs: number
  /** Its peer was late, and has not kept up for long enough since. */
  isLate = false
  #onRoom: (() => void) | undefined

  constructor(key: string, { waiting, onIdle, nowMs }: QueueOptions) {
    this.key = key
    this.#waiting = waiting
    this.onIdle = onIdle
    this.#busyMs = nowMs
  }

  /** How many of the bytes that were written the kernel has been given. */
  get given(): number {
    return this.#written - this.#waiting()
  }

  get hasRoom(): boolean {
    return !this.isLate || !this.#progress.isBusy
  }

  isIdle(nowMs: number): boolean {
    if (this.#written > this.#writtenBefore || this.#progress.isBusy) this.#busyMs = nowMs
    this.#writtenBefore = this.#written
    return !this.isLate && nowMs - this.#busyMs >= IDLE_MS
  }

  write(bytes: number): void {
    this.#written += bytes
    this.#progress.write(this.#written)
  }

  /** Calls back once when there is room. */
  onRoom(callback: () => void): void {
    this.#onRoom = callback
  }

  /** The kernel has got rid of what was written up to here, at least. */
  take(total: number, nowMs: number): void {
    this.#progress.take(total, nowMs)
    this.#progress.mark(nowMs)
    this.isLate = this.#progress.isOnProbation(nowMs)
    if (this.#onRoom === undefined || !this.hasRoom) return
    const callback = this.#onRoom
    this.#onRoom = undefined
    callback()
  }
}
