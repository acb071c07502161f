// How each symbol trades: how busy it is, how wide, how volatile. Numbers only; the agents read them when they are made.
// A symbol that is not in the table (a listing of somebody else's) gets the habits of a middling one.

import { type InstrumentSpec, UNITS_PER_CURRENCY } from '@papertape/protocol'

/** Seconds of trading in a day of 6.5 hours: daily figures are scaled by its root. */
export const DAY_S = 23_400

export interface Liquidity {
  /** How often its agents wake, as a multiple of the busiest symbol's. */
  readonly activity: number
  /** From the makers' fair value to their best price, in ticks (a fraction is fine). */
  readonly halfSpreadTicks: number
  /** Between two levels of a ladder. */
  readonly gapTicks: number
  /** How far a trade of one round lot moves what a maker believes. */
  readonly impactTicks: number
  /** A usual order, a round number. */
  readonly roundLots: number
  /** Standard deviation of a day of 6.5 hours, its own part and the market's, as a fraction of the price. */
  readonly dailyVolatility: number
  /** How much of the market's move it makes. */
  readonly beta: number
}

type Row = readonly [activity: number, halfSpreadTicks: number, dailyVolatility: number, beta: number]

const TABLE: Readonly<Record<string, Row>> = {
  VELTR: [1, 1.6, 0.013, 1.3],
  NIMBR: [0.9, 1.3, 0.011, 1.2],
  ORVEX: [0.8, 1, 0.013, 1.1],
  HELIA: [0.7, 0.9, 0.013, 1.1],
  BRYST: [0.65, 1, 0.008, 1],
  TORVA: [0.5, 5, 0.013, 1.4],
  KALDR: [0.5, 1.3, 0.01, 0.8],
  ZEPHA: [0.5, 0.5, 0.013, 1],
  MARDN: [0.4, 3, 0.009, 0.7],
  QUILN: [0.4, 1.3, 0.011, 0.9],
  OSTEN: [0.35, 4, 0.008, 0.5],
  LUMEQ: [0.35, 3, 0.012, 1.1],
  GRANV: [0.3, 1.4, 0.012, 1],
  PELLO: [0.3, 1.8, 0.007, 0.4],
  CYRRA: [0.25, 12, 0.015, 0.9],
  DUNMR: [0.25, 3, 0.007, 0.7],
  ARKTO: [0.25, 0.9, 0.015, 0.6],
  SYLVO: [0.2, 1.2, 0.009, 0.6],
  FJORD: [0.2, 0.6, 0.014, 0.8],
  MONVA: [0.15, 6, 0.009, 0.8],
}

/** Of a symbol that the table does not know: spread by its price, about two ten-thousandths. */
function middling(spec: InstrumentSpec): Row {
  return [0.4, Math.max(1, spec.previousCloseTicks * 0.0002), 0.012, 1]
}

export function liquidityOf(spec: InstrumentSpec): Liquidity {
  const [activity, halfSpreadTicks, dailyVolatility, beta] = TABLE[spec.symbol] ?? middling(spec)
  // A quarter of what the value moves by between two trades of the crowd, so that flow shows and does not rule.
  const perSecondTicks = (spec.previousCloseTicks * dailyVolatility) / Math.sqrt(DAY_S)
  const impactTicks = 0.25 * perSecondTicks * Math.sqrt(1.4 / activity)
  const price = (spec.previousCloseTicks * spec.tickUnits) / UNITS_PER_CURRENCY
  return {
    activity,
    halfSpreadTicks,
    gapTicks: Math.max(1, Math.round(halfSpreadTicks * 0.5)),
    impactTicks,
    roundLots: price < 20 ? 200 : price > 400 ? 50 : 100,
    dailyVolatility,
    beta,
  }
}
