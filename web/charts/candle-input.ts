// What the candle chart draws, as candles.ts and its overlay take it. price-chart/ makes it of the market and the
// account.

import type { Bar, Side } from '@papertape/protocol'
import type { TimeZone } from '../format/time-zone.ts'

export interface CandleInput {
  readonly bars: readonly Bar[]
  readonly intervalMs: number
  readonly decimals: number
  readonly tickSize: number
  /** The visible part: bar number `n` takes the place from `n` to `n + 1`. */
  readonly from: number
  readonly to: number
  readonly zone: TimeZone
  readonly last: number | null
  readonly averageCost: number | undefined
  /** One value for each bar; a bar without one interrupts the curve. */
  readonly vwap: BarValues | undefined
  readonly average: BarValues | undefined
  readonly fills: readonly ChartFill[]
  readonly crosshair: Crosshair | undefined
  /** Keeps the price scale, while something is dragged along it. */
  readonly holdsScale: boolean
}

export type BarValues = readonly (number | undefined)[]

export interface ChartFill {
  /** The number of its bar. */
  readonly bar: number
  readonly price: number
  readonly side: Side
}

export interface Crosshair {
  /** The number of its bar. */
  readonly bar: number
  /** undefined while it is moved by keys from bar to bar. */
  readonly price: number | undefined
}
