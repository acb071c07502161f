// A day of one market as the facts take it: the flow, what the numbers in it mean, and the large intentions behind it where
// they are known (of a real day they never are). Data alone.

import type { DepthProfile } from './depth-profile.ts'
import type { OrderFlow } from './order-flow.ts'

/** One large intention, traded in parts: what the square-root law is about. */
export interface Metaorder {
  /** The engine's SIDE. */
  readonly side: number
  /** What was traded of it. */
  readonly lots: number
  /** Just before its first part, and just after its last, in ms since midnight. */
  readonly startMs: number
  readonly endMs: number
}

/** What a share was worth and from when on: a step that no order causes. */
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
  /** Absent where the source shows the best prices alone. */
  readonly depth?: DepthProfile | undefined
  readonly metaorders?: readonly Metaorder[]
  /** Of simulated days. */
  readonly value?: ValuePath
}
