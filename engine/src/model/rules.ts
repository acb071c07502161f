// The numbers that the exchange runs by, in one plain object: whoever creates one hands in its own, and the rest is as
// here. Times in milliseconds of the market's clock, fractions in ten-thousandths (bps), money in ten-thousandths of the
// currency. Nothing here acts.

/** Price bands in the manner of the US plan to address extraordinary volatility, known as Limit Up-Limit Down. */
export interface BandRules {
  /** The reference price is the mean of the trades of so long; it is kept where there are none. */
  readonly windowMs: number
  /** It moves when the mean is so far from it, */
  readonly updateBps: number
  /** and stays for at least so long. */
  readonly holdMs: number
  /** By the previous close, highest first: the band lies so far from the reference, but never farther than `mostUnits`. */
  readonly widths: readonly BandWidth[]
  /** Symbols of the second tier; all others are of the first. */
  readonly tierTwo: readonly string[]
  /** Bands are twice as wide so long after the opening and before the closing of a schedule. */
  readonly doubledMs: { readonly afterOpening: number; readonly beforeClosing: number }
  /** How long the quote may sit at a band before trading pauses. */
  readonly limitStateMs: number
  /** How long the pause is, and each extension of it. */
  readonly pauseMs: number
  /** How far from the band that was reached the reopening may price; each extension adds as much. */
  readonly reopeningBps: number
}

export interface BandWidth {
  readonly fromUnits: number
  readonly tierOneBps: number
  readonly tierTwoBps: number
  readonly mostUnits: number
}

/** When each phase of a day begins, milliseconds after midnight UTC, in this order. */
export interface ScheduleRules {
  readonly preOpenMs: number
  readonly openingAuctionMs: number
  readonly continuousMs: number
  readonly closingAuctionMs: number
  readonly closedMs: number
}

export interface Rules {
  /** null: prices may go anywhere on the ladder. */
  readonly bands: BandRules | null
  /** A market order trades no farther from the best opposite price, or the last trade, than this; null: anywhere. */
  readonly collar: { readonly bps: number; readonly leastUnits: number } | null
  /** null: the market never closes. */
  readonly schedule: ScheduleRules | null
  /** What a call comes to is published at most so often. */
  readonly indicationMs: number
  /** Of an account. */
  readonly openOrdersMax: number
  /** How many orders' places in their queues a command looks at, twice: those it changed, and the next of all. */
  readonly placesPerCommand: number
  /** How many places an account is told in a second of the market's clock; ten seconds' worth may come at once. */
  readonly placesPerSecond: number
  /** An iceberg shows at least one part in so many of its size: each part shown is a step of the book's. */
  readonly icebergPartsMax: number
  /** What one order may be worth. */
  readonly notionalMaxUnits: number
}

const MINUTE_MS = 60_000

/** The figures of the plan, first tier 5 %, second tier 10 %, above 3.00. */
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
  openOrdersMax: 200,
  placesPerCommand: 16,
  placesPerSecond: 20,
  icebergPartsMax: 100,
  notionalMaxUnits: 500_000_000_000,
}
