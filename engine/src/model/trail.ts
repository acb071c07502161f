// Where the stop price of a trailing stop is: so far behind the best trade since the order was placed, the highest of a
// sell, the lowest of a buy. Pure, in ticks. order-checks.ts starts a trail, trailing-stops.ts moves it.

import { type Order, type Side, toBasisPoints, toTicks } from '@papertape/protocol'
import type { TradedInstrument } from './instrument.ts'

/** Basis points. */
const WHOLE = 10_000

export interface TrailTerms {
  readonly side: Side
  readonly trailAmount?: Order['trailAmount'] | undefined
  readonly trailPercent?: Order['trailPercent'] | undefined
  readonly limitOffset?: Order['limitOffset'] | undefined
}

/** @param extremeTicks the best trade since the order was placed. @returns may be off the ladder. */
export function trailedStopTicks({ spec }: TradedInstrument, terms: TrailTerms, extremeTicks: number): number {
  const { side, trailAmount, trailPercent } = terms
  const distance =
    trailAmount === undefined
      ? Math.max(1, Math.round((extremeTicks * toBasisPoints(trailPercent!)!) / WHOLE))
      : toTicks(spec, trailAmount)!
  return side === 'sell' ? extremeTicks - distance : extremeTicks + distance
}

/** The limit that the order has when it triggers; 0: it becomes a market order. */
export function trailedLimitTicks({ spec }: TradedInstrument, terms: TrailTerms, stopTicks: number): number {
  const { side, limitOffset } = terms
  if (limitOffset === undefined) return 0
  const offset = toTicks(spec, limitOffset)!
  return side === 'sell' ? Math.max(1, stopTicks - offset) : Math.min(spec.priceTicksMax, stopTicks + offset)
}
