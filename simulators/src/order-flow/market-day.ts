// A day of one symbol as the facts take it: its order flow, units, and the metaorders behind it where they are known.
// Types only.

import type { DepthProfile } from './depth-profile.ts'
import type { OrderFlow } from './order-flow.ts'

/** A large order that is traded in parts (a parent order). */
export interface Metaorder {
  /** The engine's SIDE. */
  readonly side: number
  /** Lots traded. */
  readonly lots: number
  /** Just before its first trade, and just after its last, in ms since midnight. */
  readonly startMs: number
  readonly endMs: number
}

/** The fundamental value and when it changed. */
export interface ValuePath {
  readonly timesMs: readonly number[]
  readonly ticks: readonly number[]
}

export interface MarketDay {
  readonly symbol: string
  /** Ten-thousandths of the currency. */
  readonly tickUnits: number
  readonly lotSize: number
  /** Continuous trading, in ms since midnight. */
  readonly openMs: number
  readonly closeMs: number
  readonly flow: OrderFlow
  /** Absent when the source has only the best prices. */
  readonly depth?: DepthProfile | undefined
  readonly metaorders?: readonly Metaorder[]
  /** Simulated days only. */
  readonly value?: ValuePath
}
