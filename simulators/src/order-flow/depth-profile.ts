// Mean size and distance of the first ten levels of a book, sampled at equal steps of time.

import { type BookReader, SIDE } from '@papertape/engine'

export const DEPTH_LEVELS = 10
const SIDES = [SIDE.buy, SIDE.sell] as const

export class DepthProfile {
  /** Samples of a side with all ten levels. */
  #samples = 0
  readonly #lots = new Float64Array(DEPTH_LEVELS)
  readonly #gapsTicks = new Float64Array(DEPTH_LEVELS - 1)
  /** Prices of the current sample. */
  readonly #seenTicks = new Int32Array(DEPTH_LEVELS)

  /** Samples both sides of one symbol's book. */
  sample(book: BookReader, symbol: number): void {
    for (const side of SIDES) this.#sampleSide(book, symbol, side)
  }

  /** Mean lots at each level, best first; undefined without samples. */
  meanLots(): number[] | undefined {
    return this.#samples === 0 ? undefined : Array.from(this.#lots, sum => sum / this.#samples)
  }

  /** Mean ticks from each level to the next. */
  meanGapsTicks(): number[] | undefined {
    return this.#samples === 0 ? undefined : Array.from(this.#gapsTicks, sum => sum / this.#samples)
  }

  #sampleSide(book: BookReader, symbol: number, side: number): void {
    const seen = this.#seenTicks
    let ticks = side === SIDE.buy ? book.bestBid(symbol) : book.bestAsk(symbol)
    for (let level = 0; level < DEPTH_LEVELS; level++) {
      if (ticks === 0) return
      seen[level] = ticks
      ticks = side === SIDE.buy ? book.nextBidBelow(symbol, ticks) : book.nextAskAbove(symbol, ticks)
    }
    this.#samples++
    for (let level = 0; level < DEPTH_LEVELS; level++) {
      this.#lots[level]! += book.levelLots(symbol, seen[level]!)
      if (level > 0) this.#gapsTicks[level - 1]! += Math.abs(seen[level]! - seen[level - 1]!)
    }
  }
}

/** Returns a function of the time that calls `action` once for each step of time since its last call. */
export function everyStep(stepMs: number, action: () => void): (timeMs: number) => void {
  let dueMs: number | undefined
  return timeMs => {
    dueMs ??= timeMs + stepMs
    for (; dueMs <= timeMs; dueMs += stepMs) action()
  }
}
