// What a conflated reader is spared while its peer does not keep up, one step after the other: its quotes and books
// leave less often, then the books less often than the quotes. Goes a step down when what was due does not fit into
// bursts, and up again when it did for a while. Pure: times are handed in.

import { MAX_HZ } from '@papertape/protocol'
import type { LadderStep } from '../measures/feed-measures.ts'
import type { UpdateRates } from './rated-updates.ts'

interface Rung {
  readonly step: LadderStep
  /** Of the rate that was asked for. */
  readonly quoteShare: number
  readonly bookShare: number
}

const RUNGS: readonly Rung[] = [
  { step: 'conflate', quoteShare: 1, bookShare: 1 },
  { step: 'rate', quoteShare: 1 / 2, bookShare: 1 / 2 },
  { step: 'rate', quoteShare: 1 / 4, bookShare: 1 / 4 },
  { step: 'book', quoteShare: 1 / 4, bookShare: 1 / 16 },
  { step: 'book', quoteShare: 1 / 4, bookShare: 1 / 64 },
  { step: 'lagging', quoteShare: 1 / 8, bookShare: 1 / 64 },
]
/** What was due has not fitted for so long. */
const DOWN_AFTER_MS = 1_000
/** It has fitted for so long, and longer when the step before had to be taken again soon after. */
const UP_AFTER_MS = { least: 10_000, most: 640_000, growth: 4 }

export class LagLadder {
  readonly #maxHz: number
  #rung = 0
  /** Since when each burst had what was due, or none had. */
  #sinceMs: number
  #fits = true
  #upAfterMs = UP_AFTER_MS.least
  #lastUpMs = Number.NEGATIVE_INFINITY

  /** @param maxHz as asked for. */
  constructor(maxHz: number, nowMs: number) {
    this.#maxHz = maxHz
    this.#sinceMs = nowMs
  }

  get step(): LadderStep {
    return RUNGS[this.#rung]!.step
  }

  /** True while the reader gets what it asked for, as far as is known. */
  get isAtTop(): boolean {
    return this.#rung === 0 && this.#fits
  }

  get rates(): UpdateRates {
    const { quoteShare, bookShare } = RUNGS[this.#rung]!
    const hz = (share: number) => Math.max(Math.min(MAX_HZ.least, this.#maxHz), this.#maxHz * share)
    return { quoteHz: hz(quoteShare), bookHz: hz(bookShare) }
  }

  /**
   * A burst was made.
   * @param fits whether it had everything that was due.
   * @returns the way that the reader goes now, if any.
   */
  judge(fits: boolean, nowMs: number): 'down' | 'up' | undefined {
    if (fits !== this.#fits) {
      this.#fits = fits
      this.#sinceMs = nowMs
    }
    const forMs = nowMs - this.#sinceMs
    if (fits) return this.#rung > 0 && forMs >= this.#upAfterMs ? this.#goUp(nowMs) : undefined
    return this.#rung < RUNGS.length - 1 && forMs >= DOWN_AFTER_MS ? this.#goDown(nowMs) : undefined
  }

  #goUp(nowMs: number): 'up' {
    this.#rung--
    this.#sinceMs = nowMs
    this.#lastUpMs = nowMs
    return 'up'
  }

  #goDown(nowMs: number): 'down' {
    const { least, most, growth } = UP_AFTER_MS
    const isSoonAgain = nowMs - this.#lastUpMs < this.#upAfterMs
    this.#upAfterMs = isSoonAgain ? Math.min(this.#upAfterMs * growth, most) : least
    this.#rung++
    this.#sinceMs = nowMs
    return 'down'
  }
}
