// One symbol's price bands: the mean of its trades over the last minutes, the reference price that follows it in
// steps, and the bands around the reference. Each trade costs a few additions. It has no phases: limit-state.ts
// decides what happens at a band.

import type { InstrumentSpec } from '@papertape/protocol'
import type { BandRules } from './rules.ts'

/** The window is divided into this many parts; a trade leaves it at most one part too late. */
const WINDOW_PARTS = 300
const BPS = 10_000

/** The trades of one part of the window; parts are numbered from the start of the clock. */
type Part = [number: number, trades: number, sumTicks: number]

export interface BandState {
  readonly referenceTicks: number
  readonly sinceTime: number
  readonly factor: number
  /** Of all parts. Saved because the sum of doubles depends on the order of addition. */
  readonly sumTicks: number
  readonly parts: readonly (readonly [number: number, trades: number, sumTicks: number])[]
}

export class PriceBands {
  lowTicks = 0
  highTicks = 0
  readonly #rules: BandRules
  readonly #spec: InstrumentSpec
  readonly #partMs: number
  #referenceTicks: number
  /** When the reference was set. */
  #sinceTime = 0
  #factor = 1
  #parts: Part[] = []
  #trades = 0
  #sumTicks = 0

  constructor(rules: BandRules, spec: InstrumentSpec) {
    this.#rules = rules
    this.#spec = spec
    this.#partMs = rules.windowMs / WINDOW_PARTS
    this.#referenceTicks = spec.previousCloseTicks
    this.#updateBands()
  }

  get referenceTicks(): number {
    return this.#referenceTicks
  }

  /** Adds a trade. @param follows false: the reference stays. @returns whether the bands have moved. */
  trade(time: number, ticks: number, follows: boolean): boolean {
    const number = Math.floor(time / this.#partMs)
    this.#removeParts(number - WINDOW_PARTS)
    const last = this.#parts.at(-1)
    if (last?.[0] === number) {
      last[1]++
      last[2] += ticks
    } else this.#parts.push([number, 1, ticks])
    this.#trades++
    this.#sumTicks += ticks
    return follows && this.#updateReference(time)
  }

  /** Starts again at an auction's price. @returns whether the bands have moved. */
  restart(time: number, referenceTicks: number): boolean {
    this.#parts = []
    this.#trades = 0
    this.#sumTicks = 0
    return this.#setReference(time, referenceTicks)
  }

  /** @param factor 2: twice as wide as usual. @returns whether the bands have moved. */
  widen(factor: number): boolean {
    if (factor === this.#factor) return false
    this.#factor = factor
    return this.#updateBands()
  }

  state(): BandState {
    const parts = this.#parts.map(part => [...part] as const)
    const sumTicks = this.#sumTicks
    return { referenceTicks: this.#referenceTicks, sinceTime: this.#sinceTime, factor: this.#factor, sumTicks, parts }
  }

  restore({ referenceTicks, sinceTime, factor, sumTicks, parts }: BandState): void {
    this.#referenceTicks = referenceTicks
    this.#sinceTime = sinceTime
    this.#factor = factor
    this.#parts = parts.map(part => [...part])
    this.#sumTicks = sumTicks
    for (const [, trades] of parts) this.#trades += trades
    this.#updateBands()
  }

  #updateReference(time: number): boolean {
    const { holdMs, updateBps } = this.#rules
    if (time < this.#sinceTime + holdMs) return false
    const mean = this.#sumTicks / this.#trades
    if (Math.abs(mean - this.#referenceTicks) * BPS < this.#referenceTicks * updateBps) return false
    return this.#setReference(time, Math.round(mean))
  }

  #setReference(time: number, referenceTicks: number): boolean {
    // Printed trades may be off the ladder; a reference must be on it.
    this.#referenceTicks = Math.max(1, Math.min(referenceTicks, this.#spec.priceTicksMax))
    this.#sinceTime = time
    return this.#updateBands()
  }

  /** Removes the parts up to this number. */
  #removeParts(number: number): void {
    const kept = this.#parts.findIndex(part => part[0] > number)
    if (kept === 0) return
    for (const [, trades, sumTicks] of this.#parts.splice(0, kept < 0 ? this.#parts.length : kept)) {
      this.#trades -= trades
      this.#sumTicks -= sumTicks
    }
  }

  #updateBands(): boolean {
    const { lowTicks, highTicks } = this
    const width = Math.max(1, Math.round(this.#widthTicks()))
    this.lowTicks = Math.max(1, this.#referenceTicks - width)
    this.highTicks = Math.min(this.#spec.priceTicksMax, this.#referenceTicks + width)
    return lowTicks !== this.lowTicks || highTicks !== this.highTicks
  }

  #widthTicks(): number {
    const { tickUnits, previousCloseTicks, symbol } = this.#spec
    const { widths, tierTwo } = this.#rules
    const width = widths.find(({ fromUnits }) => previousCloseTicks * tickUnits >= fromUnits) ?? widths.at(-1)!
    const bps = tierTwo.includes(symbol) ? width.tierTwoBps : width.tierOneBps
    return this.#factor * Math.min((this.#referenceTicks * bps) / BPS, width.mostUnits / tickUnits)
  }
}
