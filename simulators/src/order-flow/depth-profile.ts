// How much rests at the first ten levels of a book, and how far apart they are, on the average of many looks. Looks are made
// at equal steps of time, so that the mean is over time. The flow recorder and the reader of LOBSTER days look.

import { type BookReader, SIDE } from '@papertape/engine'

export const DEPTH_LEVELS = 10
const SIDES = [SIDE.buy, SIDE.sell] as const

export class DepthProfile {
  /** Looks at a side that had all ten levels. */
  #looks = 0
  readonly #lots = new Float64Array(DEPTH_LEVELS)
  readonly #gapsTicks = new Float64Array(DEPTH_LEVELS - 1)
  /** Of the look at work. */
  readonly #seenTicks = new Int32Array(DEPTH_LEVELS)

  /** Both sides of one symbol's book. */
  look(book: BookReader, symbol: number): void {
    for (const side of SIDES) this.#lookAt(book, symbol, side)
  }

  /** Mean lots at each level, best first; undefined when no look found ten levels. */
  meanLots(): number[] | undefined {
    return this.#looks === 0 ? undefined : Array.from(this.#lots, sum => sum / this.#looks)
  }

  /** Mean ticks from each level to the next. */
  meanGapsTicks(): number[] | undefined {
    return this.#looks === 0 ? undefined : Array.from(this.#gapsTicks, sum => sum / this.#looks)
  }

  #lookAt(book: BookReader, symbol: number, side: number): void {
    const seen = this.#seenTicks
    let ticks = side === SIDE.buy ? book.bestBid(symbol) : book.bestAsk(symbol)
    for (let level = 0; level < DEPTH_LEVELS; level++) {
      if (ticks === 0) return
      seen[level] = ticks
      ticks = side === SIDE.buy ? book.nextBidBelow(symbol, ticks) : book.nextAskAbove(symbol, ticks)
    }
    this.#looks++
    for (let level = 0; level < DEPTH_LEVELS; level++) {
      this.#lots[level]! += book.levelLots(symbol, seen[level]!)
      if (level > 0) this.#gapsTicks[level - 1]! += Math.abs(seen[level]! - seen[level - 1]!)
    }
  }
}

/** Calls `look` once for each step of time that has begun since the last call. */
export function everyStep(stepMs: number, look: () => void): (timeMs: number) => void {
  let dueMs: number | undefined
  return timeMs => {
    dueMs ??= timeMs + stepMs
    for (; dueMs <= timeMs; dueMs += stepMs) look()
  }
}
