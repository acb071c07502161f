// The two regimes of a tick: small beside the spread (AAPL, AMZN), where prices are close together and few orders share one, or
// large (MSFT), where the spread is one tick nearly always and queues are long. Numbers with names; liquidity.ts gives each
// symbol those of one regime, or of a point between.

import type { Preset } from './preset.ts'

export interface Regime {
  /** Price and volatility of a share that trades so: ticks, and the standard deviation of a day as a fraction. */
  readonly previousCloseTicks: number
  readonly dailyVolatility: number
  /** What a busy symbol trades in a day. */
  readonly dailyLots: number

  /** Makers: from the fair price to their first order, between orders, drawn on top, and the move that makes one stale. */
  readonly halfSpreadTicks: number
  readonly gapTicks: number
  readonly jitterTicks: number
  readonly slackTicks: number
  /** Mean time between two looks of the fast maker, and the chance that one replaces an order without need. */
  readonly makerMs: number
  readonly restlessness: number

  /** Patient traders: their number, mean time between actions, chance that one is followed by another at once. */
  readonly patientSlots: number
  readonly patientMs: number
  readonly patientBatch: number
  /** Chance that one improves on the best price; else how far behind it, on average. */
  readonly insideChance: number
  readonly queueTicks: number
  /** An order that gives less than this against the fair price is withdrawn. */
  readonly staleTicks: number

  /** Sizes of resting orders: share of one round lot, of odd lots; scale of the rest. */
  readonly oneLotShare: number
  readonly oddShare: number
  readonly largeLots: number
  /** Usual size of a marketable order, and how far through the book it reaches. */
  readonly takingLots: number
  readonly reachTicks: number

  /** Institutions: what they send at once. */
  readonly partLots: number

  /** Fundamentalists: the error of their estimate, and what they want to gain. */
  readonly estimateTicks: number
  readonly edgeTicks: number
  /** What makes a trend. */
  readonly trendTicks: number
}

/** Mean times between actions of those who trade alike in both, for a busy symbol at a mean pace. */
export const HURRY = {
  /** The crowd: between two intentions, and between two parts of one. */
  crowdMs: 22_000,
  crowdPartMs: 900,
  fundamentalistMs: 5_000,
  chartistMs: 20_000,
  /** Institutions: between two looks, and from one parent of a broker to the next. */
  institutionMs: 1_500,
  parentGapMs: 200_000,
} as const

/** How far the tape moves the makers' belief: a lot moves it so many standard deviations of a day, over the lots of a day. */
export const IMPACT = 22

export const REGIMES: Readonly<Record<Preset, Regime>> = {
  'small-tick': {
    previousCloseTicks: 58_500,
    dailyVolatility: 0.012,
    dailyLots: 860_000,
    halfSpreadTicks: 6,
    gapTicks: 4,
    jitterTicks: 4,
    slackTicks: 5,
    makerMs: 350,
    restlessness: 0.07,
    patientSlots: 160,
    patientMs: 1000,
    patientBatch: 0.5,
    insideChance: 0.15,
    queueTicks: 20,
    staleTicks: 2,
    oneLotShare: 0.52,
    oddShare: 0.33,
    largeLots: 1,
    takingLots: 55,
    reachTicks: 20,
    partLots: 100,
    estimateTicks: 4,
    edgeTicks: 3,
    trendTicks: 40,
  },
  'large-tick': {
    previousCloseTicks: 3_000,
    dailyVolatility: 0.013,
    dailyLots: 4_000_000,
    halfSpreadTicks: 0,
    gapTicks: 1,
    jitterTicks: 0,
    slackTicks: 0.5,
    makerMs: 280,
    restlessness: 0.12,
    patientSlots: 600,
    patientMs: 620,
    patientBatch: 0.5,
    insideChance: 0.16,
    queueTicks: 8,
    staleTicks: -0.5,
    oneLotShare: 0.21,
    oddShare: 0.05,
    largeLots: 4,
    takingLots: 250,
    reachTicks: 1,
    partLots: 400,
    estimateTicks: 0.4,
    edgeTicks: 0.2,
    trendTicks: 3,
  },
}
