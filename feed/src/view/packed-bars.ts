// The bars of one instrument in columns of numbers, 44 bytes each, oldest first. Bars are added at the end. Used by
// bar-history.ts.

import { type Bar, type InstrumentSpec, toPrice, UNITS_PER_CURRENCY } from '@papertape/protocol'

/** In ticks; the average price lies between two ticks. */
const PRICES = ['open', 'high', 'low', 'close'] as const

export class PackedBars {
  readonly #spec: InstrumentSpec
  readonly #times: Float64Array
  readonly #ticks: Uint32Array
  readonly #volumes: Float64Array
  readonly #vwaps: Float64Array
  readonly #trades: Uint32Array
  #count = 0

  constructor(spec: InstrumentSpec, capacity: number) {
    this.#spec = spec
    this.#times = new Float64Array(capacity)
    this.#ticks = new Uint32Array(capacity * PRICES.length)
    this.#volumes = new Float64Array(capacity)
    this.#vwaps = new Float64Array(capacity)
    this.#trades = new Uint32Array(capacity)
  }

  get count(): number {
    return this.#count
  }

  get isFull(): boolean {
    return this.#count === this.#times.length
  }

  timeOf(index: number): number {
    return this.#times[index]!
  }

  add(bar: Bar): void {
    const index = this.#count++
    this.#times[index] = bar.time
    PRICES.forEach((name, i) => {
      this.#ticks[index * PRICES.length + i] = Math.round((bar[name] * UNITS_PER_CURRENCY) / this.#spec.tickUnits)
    })
    this.#volumes[index] = bar.volume
    this.#vwaps[index] = bar.vwap
    this.#trades[index] = bar.trades
  }

  at(index: number): Bar {
    const price = (i: number) => toPrice(this.#spec, this.#ticks[index * PRICES.length + i]!)
    return {
      time: this.#times[index]!,
      open: price(0),
      high: price(1),
      low: price(2),
      close: price(3),
      volume: this.#volumes[index]!,
      vwap: this.#vwaps[index]!,
      trades: this.#trades[index]!,
    }
  }
}
