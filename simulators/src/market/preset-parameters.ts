// The parameters of the two tick-size regimes. Small-tick (AAPL, AMZN): a spread of many ticks, few orders at a price.
// Large-tick (MSFT): a spread of one tick nearly always, long queues. liquidity.ts derives each symbol's from them.

import type { Preset } from './preset.ts'

export interface Regime {
  /** Price in ticks, and the standard deviation of a day's return. */
  readonly previousCloseTicks: number
  readonly dailyVolatility: number
  /** Daily volume of a busy symbol. */
  readonly dailyLots: number

  /**
   * Market makers: fair price to first order, gap between orders, random addition, and the move that makes one stale.
   */
  readonly halfSpreadTicks: number
  readonly gapTicks: number
  readonly jitterTicks: number
  readonly slackTicks: number
  /** Mean time between two wakes of the near maker, and its chance of replacing an order that is not stale. */
  readonly makerMs: number
  readonly restlessness: number

  /** Liquidity providers: order slots, mean time between actions, chance that another action follows at once. */
  readonly providerSlots: number
  readonly providerMs: number
  readonly providerBatch: number
  /** Chance that an order improves on the best price; otherwise its mean distance behind it. */
  readonly insideChance: number
  readonly queueTicks: number
  /** How strongly its side depends on where the fair price is between the best prices. */
  readonly leaning: number
  /** An order nearer than this to the fair price is cancelled. */
  readonly staleTicks: number

  /** Sizes of resting orders: share of one round lot, of odd lots; scale of the rest. */
  readonly oneLotShare: number
  readonly oddShare: number
  readonly largeLots: number
  /** Chance that a marketable order meets a hidden one between the best prices. */
  readonly hiddenChance: number
  /** Chance that noise traders take the thinner queue, with nothing in the other. */
  readonly takesThinner: number
  /** Usual size of a marketable order, and how far beyond the best price its limit is. */
  readonly marketableLots: number
  readonly reachTicks: number

  /** Institutions: the size of a child order. */
  readonly partLots: number

  /** Fundamentalists: the standard error of their estimate, and the least gain they trade for. */
  readonly estimateTicks: number
  readonly edgeTicks: number
  /** Momentum traders: the move that counts as a trend. */
  readonly trendTicks: number
}

/** Mean times between actions that are the same in both regimes, for a busy symbol at the mean pace. */
export const ACTION_INTERVALS = {
  /** Noise traders: between two bursts, and between two orders of one. */
  noiseTraderMs: 22_000,
  noisePartMs: 900,
  fundamentalistMs: 5_000,
  momentumTraderMs: 20_000,
  /** Institutions: between two wakes, and between two parent orders of a broker. */
  institutionMs: 1_500,
  parentGapMs: 200_000,
} as const

/** Price impact of a lot on the consensus: daily standard deviations, divided by the daily volume in lots. */
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
    providerSlots: 160,
    providerMs: 1000,
    providerBatch: 0.5,
    insideChance: 0.15,
    queueTicks: 20,
    leaning: 0.1,
    staleTicks: 3,
    oneLotShare: 0.52,
    oddShare: 0.33,
    largeLots: 1,
    hiddenChance: 0.5,
    takesThinner: 0,
    marketableLots: 55,
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
    makerMs: 220,
    restlessness: 0.12,
    providerSlots: 600,
    providerMs: 620,
    providerBatch: 0.5,
    insideChance: 0.2,
    queueTicks: 8,
    leaning: 2,
    staleTicks: -0.5,
    oneLotShare: 0.21,
    oddShare: 0.05,
    largeLots: 4,
    hiddenChance: 0.5,
    takesThinner: 0.9,
    marketableLots: 250,
    reachTicks: 1,
    partLots: 400,
    estimateTicks: 0.4,
    edgeTicks: 0.2,
    trendTicks: 3,
  },
}
