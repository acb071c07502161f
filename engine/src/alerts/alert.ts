// An alert as the exchange keeps it, and the ticks at which a trade triggers it. alert-watch.ts decides when it
// triggers.

import { type AlertState, toBasisPoints, toTicks } from '@papertape/protocol'
import type { Account } from '../model/account.ts'
import type { TradedInstrument } from '../model/instrument.ts'

export interface Alert {
  readonly account: Account
  /** Undefined: it waits for fills. */
  readonly instrument: TradedInstrument | undefined
  /** As its owner sees it; replaced when it ends. */
  state: AlertState
}

/** undefined: no trade in that direction triggers it. */
interface AlertLevels {
  readonly upTicks?: number
  readonly downTicks?: number
}

/** Computed from what its owner sees, so that a checkpoint needs no more. They need not be whole. */
export function levelsOf(
  { spec }: TradedInstrument,
  { price, direction, percent, referencePrice }: AlertState,
): AlertLevels {
  if (price !== undefined) {
    const ticks = toTicks(spec, price)!
    return direction === 'up' ? { upTicks: ticks } : { downTicks: ticks }
  }
  if (percent === undefined) return {}
  const referenceTicks = toTicks(spec, referencePrice!)!
  const moveTicks = (referenceTicks * toBasisPoints(percent)!) / 10_000
  return { upTicks: referenceTicks + moveTicks, downTicks: referenceTicks - moveTicks }
}
