// What a conflated reader that is not live has not been sent of quotes and books, and how much of it the next burst
// has. Knows no wire and writes nothing. Used by feed-reader.ts.

import type { Frame } from '../classes/frame.ts'
import type { MergedBooks } from '../classes/merged-books.ts'
import type { PublishedEvent } from '../log/published-event.ts'
import type { LadderStep } from '../measures/feed-measures.ts'
import { BurstSize } from './burst-size.ts'
import { LagLadder } from './lag-ladder.ts'
import { RatedUpdates } from './rated-updates.ts'

const BURST_BYTES = { least: 1_024, most: 1_048_576 }

/** What the reader is to be notified of when a step begins. */
export interface LagNotice {
  /** The oldest event that it was not sent; undefined when it was sent all. */
  readonly firstSeq: number | undefined
  /** Quotes and books that it was not sent alone since the step before. */
  readonly folded: number
  readonly maxHz: number
}

export class ConflatedBacklog {
  readonly #updates: RatedUpdates
  readonly #size = new BurstSize(BURST_BYTES)
  readonly #ladder: LagLadder
  /** What is never conflated, of the pages since the last burst. */
  #unconflated: Frame[] = []
  #unconflatedBytes = 0
  #added = 0
  #sent = 0
  #notice: LagNotice | undefined

  /** @param maxHz that the reader is served at. */
  constructor(mergedBooks: MergedBooks, maxHz: number, nowMs: number) {
    this.#ladder = new LagLadder(maxHz, nowMs)
    this.#updates = new RatedUpdates(mergedBooks, this.#ladder.rates, nowMs)
  }

  get step(): LadderStep {
    return this.#ladder.step
  }

  /** False while the peer is spared something. */
  get isAtTop(): boolean {
    return this.#ladder.isAtTop
  }

  add(event: PublishedEvent): void {
    this.#added++
    this.#updates.add(event)
  }

  /** The peer has taken everything. */
  take(nowMs: number): void {
    this.#size.take(nowMs)
  }

  /** Keeps what is never conflated, of one page, for the next burst. @returns false once it is as much as a burst. */
  gather(frames: readonly Frame[]): boolean {
    this.#unconflated.push(...frames)
    this.#unconflatedBytes += bytesOf(frames)
    return this.#unconflatedBytes < this.#size.max
  }

  /** Everything that waits, each quote and book as it is now. */
  flushAll(): Frame[] {
    return [...this.#takeUnconflated(), ...this.#updates.flushDue()]
  }

  /**
   * What the peer takes in a short time: what was gathered, then the quotes and books that are due, those first that
   * wait longest.
   * @param isAtHead the log has been read to its end: quotes and books are as they are now.
   */
  nextBurst(isAtHead: boolean, nowMs: number): Frame[] {
    const leftBytes = this.#size.max - this.#unconflatedBytes
    const updates = isAtHead ? this.#updates.flushDue(nowMs, leftBytes) : []
    this.#sent += updates.length
    this.#size.write(this.#unconflatedBytes + bytesOf(updates), nowMs)
    this.#judge(isAtHead && !this.#updates.hasDue(nowMs), nowMs)
    return [...this.#takeUnconflated(), ...updates]
  }

  #takeUnconflated(): Frame[] {
    const frames = this.#unconflated
    this.#unconflated = []
    this.#unconflatedBytes = 0
    return frames
  }

  /** Of a step that has begun; once for each. */
  takeNotice(): LagNotice | undefined {
    const notice = this.#notice
    this.#notice = undefined
    return notice
  }

  #judge(fits: boolean, nowMs: number): void {
    const way = this.#ladder.judge(fits, nowMs)
    if (way === undefined) return
    const { rates } = this.#ladder
    this.#updates.setRates(rates)
    if (way === 'up') return
    const folded = this.#added - this.#sent
    this.#notice = { firstSeq: this.#updates.firstSeq, folded, maxHz: rates.quoteHz }
    this.#added = 0
    this.#sent = 0
  }
}

function bytesOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, { data }) => sum + data.length, 0)
}
