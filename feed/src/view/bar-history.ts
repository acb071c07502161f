// The closed minutes of one instrument: the newest ones in memory, older ones read when a chart is scrolled back to
// them and then kept, up to a month. What is older than that is not shown. Called by feed-view.ts; older-bars.ts has
// the older ones.

import { type Bar, INTERVALS, type InstrumentSpec, type Interval, joinBars } from '@papertape/protocol'
import { PackedBars } from './packed-bars.ts'

/** A block is a day of minutes, and so many of them are kept: a month and the day that has begun. */
const BLOCK_BARS = 1_440
const BLOCKS_MAX = 32

export interface BarQuery {
  /** Bars that open at or after this time. */
  readonly from: number
  /** Bars that open before this time. */
  readonly to: number
  /** The newest ones, at most. */
  readonly limit: number
}

export interface BarsAnswer {
  /** Oldest first. */
  readonly bars: Bar[]
  /** When the first bar of the interval opens; undefined while older ones have not been read. */
  readonly beginning: number | undefined
}

/** A minute in the blocks; the one after the last is the place of the next. */
interface Place {
  readonly block: number
  readonly index: number
}

/** Blocks of bars, the newest block first, each block's oldest bar first. */
export type OlderBars = AsyncIterator<readonly Bar[], void>

export class BarHistory {
  readonly #spec: InstrumentSpec
  /** Oldest first. */
  readonly #blocks: PackedBars[] = []
  /** Undefined when there are no bars before the first block. */
  #older: OlderBars | undefined

  constructor(spec: InstrumentSpec) {
    this.#spec = spec
  }

  /** @param older the bars before those that are added. */
  readFrom(older: OlderBars): void {
    this.#older = older
  }

  /** A minute that has closed. */
  add(bar: Bar): void {
    let newest = this.#blocks.at(-1)
    if (newest === undefined || newest.isFull) {
      newest = new PackedBars(this.#spec, BLOCK_BARS)
      this.#blocks.push(newest)
      this.#forgetOldest()
    }
    newest.add(bar)
  }

  /** @param forming the minute that is not closed yet. */
  async read(interval: Interval, range: BarQuery, forming: () => Bar | undefined): Promise<BarsAnswer> {
    const intervalMs = INTERVALS[interval]
    for (;;) {
      const oldest = this.#oldestIn(range, intervalMs, forming())
      if (oldest === undefined && this.#older !== undefined) {
        await this.#readOlder(this.#older)
        continue
      }
      const minutes = this.#minutesFrom(oldest ?? { block: 0, index: 0 }, range, intervalMs, forming())
      const beginning = this.#older === undefined ? this.#firstTime(forming()) : undefined
      return { bars: joinBars(minutes, intervalMs), beginning: beginning && openingOf(beginning, intervalMs) }
    }
  }

  /** The first minute of a range, found from its end; undefined when minutes before the blocks may belong to it. */
  #oldestIn({ from, to, limit }: BarQuery, intervalMs: number, forming: Bar | undefined): Place | undefined {
    let bars = 0
    let lastOpening = Number.NaN
    if (forming !== undefined && openingOf(forming.time, intervalMs) < to) {
      lastOpening = openingOf(forming.time, intervalMs)
      bars = 1
    }
    for (let block = this.#blocks.length - 1; block >= 0; block--) {
      const minutes = this.#blocks[block]!
      if (minutes.timeOf(0) >= to) continue
      for (let index = minutes.count - 1; index >= 0; index--) {
        const opening = openingOf(minutes.timeOf(index), intervalMs)
        if (opening >= to) continue
        const isNext = opening !== lastOpening
        if (opening < from || (isNext && bars === limit)) return { block, index: index + 1 }
        if (isNext) bars++
        lastOpening = opening
      }
    }
    return undefined
  }

  #minutesFrom(oldest: Place, { from, to }: BarQuery, intervalMs: number, forming: Bar | undefined): Bar[] {
    const minutes: Bar[] = []
    const isWanted = (time: number) => openingOf(time, intervalMs) >= from && openingOf(time, intervalMs) < to
    for (let at = oldest.block; at < this.#blocks.length; at++) {
      const block = this.#blocks[at]!
      const first = at === oldest.block ? oldest.index : 0
      for (let index = first; index < block.count && isWanted(block.timeOf(index)); index++)
        minutes.push(block.at(index))
    }
    if (forming !== undefined && isWanted(forming.time)) minutes.push(forming)
    return minutes
  }

  #firstTime(forming: Bar | undefined): number | undefined {
    return this.#blocks[0]?.timeOf(0) ?? forming?.time
  }

  async #readOlder(older: OlderBars): Promise<void> {
    const { value, done } = await older.next()
    if (done === true) this.#older = undefined
    // Meanwhile the month may have become full.
    if (value === undefined || value.length === 0 || this.#older === undefined) return
    const block = new PackedBars(this.#spec, value.length)
    for (const bar of value) block.add(bar)
    this.#blocks.unshift(block)
    this.#forgetOldest()
  }

  #forgetOldest(): void {
    if (this.#blocks.length <= BLOCKS_MAX) return
    this.#blocks.shift()
    this.#older = undefined
  }
}

function openingOf(time: number, intervalMs: number): number {
  return time - (time % intervalMs)
}
