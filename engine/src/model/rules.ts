// The parameters of an exchange and their defaults. Times in milliseconds of the market's clock, fractions in
// ten-thousandths (bps), money in ten-thousandths of the currency.

import { type FeeRules, NO_FEES } from '../fees/fees.ts'
import { type MarginRules, REGULATION_T } from '../margin/requirements.ts'

/** Price bands after the US plan to address extraordinary market volatility (Limit Up-Limit Down, LULD). */
export interface BandRules {
  /** The reference price is the mean of the trades of this period; without trades it stays. */
  readonly windowMs: number
  /** It changes when the mean is this far from it, */
  readonly updateBps: number
  /** and stays for at least this time. */
  readonly holdMs: number
  /** How far the bands are from the reference, by the previous close, highest first; at most `mostUnits`. */
  readonly widths: readonly BandWidth[]
  /** Symbols of the second tier; all others are in the first. */
  readonly tierTwo: readonly string[]
  /** For how long after the opening and before the closing of a schedule the bands are twice as wide. */
  readonly doubledMs: { readonly afterOpening: number; readonly beforeClosing: number }
  /** How long the quote may be at a band before trading pauses. */
  readonly limitStateMs: number
  /** The length of a pause, and of each extension. */
  readonly pauseMs: number
  /** How far from the reached band the reopening price may be; each extension adds as much. */
  readonly reopeningBps: number
}

interface BandWidth {
  readonly fromUnits: number
  readonly tierOneBps: number
  readonly tierTwoBps: number
  readonly mostUnits: number
}

/** When each phase of a day begins, in milliseconds after midnight UTC, ascending. */
export interface ScheduleRules {
  readonly preOpenMs: number
  readonly openingAuctionMs: number
  readonly continuousMs: number
  readonly closingAuctionMs: number
  readonly closedMs: number
}

export interface Rules {
  /** null: no bands. */
  readonly bands: BandRules | null
  /** How far from the best opposite price, or the last trade, a market order may trade; null: no limit. */
  readonly collar: { readonly bps: number; readonly leastUnits: number } | null
  /** null: the market never closes. */
  readonly schedule: ScheduleRules | null
  /** The shortest time between two indicative prices. */
  readonly indicationMs: number
  /** The shortest time between two sendings of the moved stop prices of an instrument's trailing stops. */
  readonly trailingMs: number
  /** For each account. */
  readonly openOrdersMax: number
  /** How many queue positions a command may publish: this many of those that it changed, and this many in turn. */
  readonly placesPerCommand: number
  /** How many `queue` events an account gets in a second of market time; ten seconds' worth may come at once. */
  readonly placesPerSecond: number
  /** The most parts that the size of an iceberg may be shown in, since each part costs a step of matching. */
  readonly icebergPartsMax: number
  /** The most that one order may be worth. */
  readonly notionalMaxUnits: number
  /** What accounts pay for their fills. */
  readonly fees: FeeRules
  /** Of margin accounts. */
  readonly margin: MarginRules
}

const MINUTE_MS = 60_000

/** The plan's values: first tier 5 %, second tier 10 %, above 3.00. */
export const LULD_BANDS: BandRules = {
  windowMs: 5 * MINUTE_MS,
  updateBps: 100,
  holdMs: 30_000,
  widths: [
    { fromUnits: 30_001, tierOneBps: 500, tierTwoBps: 1_000, mostUnits: Number.MAX_SAFE_INTEGER },
    { fromUnits: 7_500, tierOneBps: 2_000, tierTwoBps: 2_000, mostUnits: Number.MAX_SAFE_INTEGER },
    { fromUnits: 0, tierOneBps: 7_500, tierTwoBps: 7_500, mostUnits: 1_500 },
  ],
  tierTwo: [],
  doubledMs: { afterOpening: 0, beforeClosing: 25 * MINUTE_MS },
  limitStateMs: 15_000,
  pauseMs: 5 * MINUTE_MS,
  reopeningBps: 500,
}

export const DEFAULT_RULES: Rules = {
  bands: null,
  collar: { bps: 500, leastUnits: 2_500 },
  schedule: null,
  indicationMs: 1_000,
  trailingMs: 1_000,
  openOrdersMax: 200,
  placesPerCommand: 16,
  placesPerSecond: 20,
  icebergPartsMax: 100,
  notionalMaxUnits: 500_000_000_000,
  fees: NO_FEES,
  margin: REGULATION_T,
}
