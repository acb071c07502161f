// The stylised facts, as one table: the measure of each, its target range, and the values of real days and of ABIDES,
// the best-known simulator. measure-day.ts measures, verdict.ts judges.

import type { Preset } from '../../market/preset.ts'

/** The target range of a fact, ends included. */
export interface Band {
  readonly low: number
  readonly high: number
}

/** One value, or the lowest and the highest of several. */
export type Figure = number | readonly [low: number, high: number]

export interface Fact {
  readonly title: string
  /** '' for a plain number. */
  readonly unit: '' | 's' | 'ticks' | 'bp' | '%' | 'level' | 'shares'
  /** Decimals in tables. */
  readonly decimals: number
  /** How it is measured. */
  readonly measure: string
  /** Its targets; a fact without one is reported, not judged. */
  readonly bands?: Readonly<Partial<Record<Preset, Band>>>
  /** Measured over all days together, because one day has too little data. The others are medians over days. */
  readonly pooled?: true
  /** NASDAQ 2012-06-21: AMZN the whole day, AAPL and MSFT the first hour. TAQ: two days, or 22 days of minutes. */
  readonly real?: Readonly<Partial<Record<RealName, Figure>>>
  /** ABIDES RMSC04 with its defaults, five seeds of one day. */
  readonly abides?: Figure
  /** The source of the target, beside the real days. */
  readonly source?: string
}

export const REAL_NAMES = ['AAPL', 'MSFT', 'AMZN', 'TAQ'] as const
export type RealName = (typeof REAL_NAMES)[number]

const MOST = Number.POSITIVE_INFINITY

function both(low: number, high: number) {
  return { 'small-tick': { low, high }, 'large-tick': { low, high } }
}

const CONT = 'Cont 2001'
const LILLO_FARMER = 'Lillo and Farmer 2004'

const MINUTE_ACF = {
  unit: '',
  decimals: 3,
  bands: both(-0.05, 0.05),
  source: CONT,
} as const

const FACTS = {
  returnAcfLag1: {
    ...MINUTE_ACF,
    title: 'ACF of 1-min returns, lag 1',
    measure: 'autocorrelation of log returns of the mid price over a minute',
    real: { AMZN: 0.02, TAQ: [-0.04, 0.05] },
    abides: [0.2, 0.44],
  },
  returnAcfLag2: {
    ...MINUTE_ACF,
    title: 'ACF of 1-min returns, lag 2',
    measure: 'as above',
    real: { AMZN: -0.08, TAQ: [-0.04, 0.14] },
    abides: [0.06, 0.37],
  },
  returnAcfLag3: {
    ...MINUTE_ACF,
    title: 'ACF of 1-min returns, lag 3',
    measure: 'as above',
    real: { AMZN: -0.04, TAQ: [-0.01, 0.07] },
  },
  returnAcfLag4: { ...MINUTE_ACF, title: 'ACF of 1-min returns, lag 4', measure: 'as above', real: { AMZN: 0.05 } },
  returnAcfLag5: { ...MINUTE_ACF, title: 'ACF of 1-min returns, lag 5', measure: 'as above', real: { AMZN: -0.1 } },
  kurtosis1s: {
    title: 'Excess kurtosis, 1 s',
    unit: '',
    decimals: 1,
    measure: 'fourth moment over squared variance of log returns of the mid price, less 3',
    bands: both(10, MOST),
    real: { AAPL: 20.4, MSFT: 24.3, AMZN: 34.4 },
    source: CONT,
  },
  kurtosis10s: {
    title: 'Excess kurtosis, 10 s',
    unit: '',
    decimals: 1,
    measure: 'as above',
    bands: both(3, 12),
    real: { AAPL: 5.4, MSFT: 6.0, AMZN: 6.0 },
    abides: [7.6, 29],
    source: CONT,
  },
  kurtosis1m: {
    title: 'Excess kurtosis, 1 min',
    unit: '',
    decimals: 1,
    measure: 'as above',
    bands: both(2, 10),
    real: { AMZN: 3.33, TAQ: [6.85, 7.18] },
    abides: [2.1, 14.3],
    source: CONT,
  },
  kurtosisFallsTo10s: {
    title: 'Kurtosis falls, 1 s over 10 s',
    unit: '',
    decimals: 2,
    measure: 'ratio of the two',
    bands: both(1, MOST),
    real: { AAPL: 3.75, MSFT: 4.05, AMZN: 5.74 },
    source: CONT,
  },
  kurtosisFallsTo1m: {
    title: 'Kurtosis falls, 10 s over 1 min',
    unit: '',
    decimals: 2,
    measure: 'ratio of the two',
    bands: both(1, MOST),
    real: { AMZN: 1.8 },
    source: CONT,
  },
  hillIndex: {
    title: 'Hill tail index, 1 min',
    unit: '',
    decimals: 2,
    measure: "Hill's estimate from the largest 5 % of absolute 1-min returns",
    bands: both(2, 5),
    real: { AMZN: 2.68, TAQ: [3.24, 3.27] },
    source: CONT,
  },
  minuteReturnSd: {
    title: 'Standard deviation of 1-min returns',
    unit: 'bp',
    decimals: 1,
    measure: 'of log returns of the mid price',
    real: { AAPL: 7.2, MSFT: 9.1, AMZN: 7.4, TAQ: [4.2, 5.7] },
    abides: [0.9, 1.1],
  },
  absAcfLag1: {
    title: 'ACF of |1-min return|, lag 1',
    unit: '',
    decimals: 3,
    measure: 'autocorrelation of absolute log returns',
    bands: both(0.12, 0.35),
    real: { AMZN: 0.14, TAQ: [0.12, 0.3] },
    abides: [0.11, 0.23],
    source: CONT,
  },
  absAcfLag10: {
    title: 'ACF of |1-min return|, lag 10',
    unit: '',
    decimals: 3,
    measure: 'as above',
    bands: both(0.05, MOST),
    real: { AMZN: 0.07, TAQ: [0.03, 0.15] },
    abides: [-0.09, 0.02],
    source: CONT,
  },
  absAcfLag60: {
    title: 'ACF of |1-min return|, lag 60',
    unit: '',
    decimals: 3,
    measure: 'as above',
    bands: both(0.02, MOST),
    real: { AMZN: 0.02, TAQ: 0.099 },
    source: CONT,
  },
  absAcfExponent: {
    title: 'Decay exponent of that ACF',
    unit: '',
    decimals: 2,
    measure: 'power law through lags 1, 2, 5, 10, 20, 30 and 60, all days together',
    bands: both(0.1, 0.5),
    pooled: true,
    real: { TAQ: 0.21 },
    source: CONT,
  },
  volumeCorrelation: {
    title: 'Correlation of |return| and volume',
    unit: '',
    decimals: 2,
    measure: 'over minutes',
    bands: both(0.2, 0.6),
    real: { AMZN: 0.35, TAQ: [0.18, 0.44] },
    abides: [-0.15, 0.01],
    source: CONT,
  },
  signAcfLag1: {
    title: 'ACF of trade signs, lag 1',
    unit: '',
    decimals: 2,
    measure: 'autocorrelation of the sides of successive market orders',
    bands: both(0.4, 0.7),
    real: { AAPL: 0.61, MSFT: 0.58, AMZN: 0.62 },
    source: LILLO_FARMER,
  },
  signAcfLag10: {
    title: 'ACF of trade signs, lag 10',
    unit: '',
    decimals: 3,
    measure: 'as above',
    bands: both(0.05, MOST),
    real: { AAPL: 0.11, MSFT: 0.1, AMZN: 0.08 },
    source: LILLO_FARMER,
  },
  eventGapCv: {
    title: 'CV of times between events',
    unit: '',
    decimals: 2,
    measure: 'standard deviation over mean; 1 for a Poisson process',
    bands: both(2.5, MOST),
    real: { AAPL: 3.4, MSFT: 4.7, AMZN: 3.2 },
    source: 'Hardiman, Bercot and Bouchaud 2013',
  },
  marketOrderGapCv: {
    title: 'CV of times between market orders',
    unit: '',
    decimals: 2,
    measure: 'standard deviation over mean',
    bands: both(2, 3),
    real: { AAPL: 2.29, MSFT: 2.58, AMZN: 2.47 },
    abides: 1.3,
  },
  cancelsPerLimit: {
    title: 'Cancels per limit order',
    unit: '',
    decimals: 2,
    measure: 'deletes and reductions over adds',
    bands: both(0.85, 0.97),
    real: { AAPL: 0.937, MSFT: 0.921, AMZN: 0.66 },
    abides: 0.54,
    source: 'AMZN has level 1 only, where fewer cancels are visible',
  },
  executionsPerLimit: {
    title: 'Executions per limit order',
    unit: '',
    decimals: 3,
    measure: 'executions of visible orders over adds',
    bands: both(0.05, 0.15),
    real: { AAPL: 0.092, MSFT: 0.094, AMZN: 0.32 },
    source: 'AMZN has level 1 only',
  },
  marketOrdersPerLimit: {
    title: 'Market orders per limit order',
    unit: '',
    decimals: 3,
    measure: 'aggressive orders over adds',
    real: { AAPL: 0.074, MSFT: 0.031, AMZN: 0.24 },
  },
  fillsPerMarketOrder: {
    title: 'Fills per market order',
    unit: '',
    decimals: 2,
    measure: 'executions over aggressive orders',
    real: { AAPL: 1.24, MSFT: 3.03, AMZN: 1.36 },
  },
  roundLotShare: {
    title: 'Limit orders of exactly 100',
    unit: '',
    decimals: 2,
    measure: 'share of adds',
    bands: { 'small-tick': { low: 0.4, high: 0.6 } },
    real: { AAPL: 0.53, MSFT: 0.21, AMZN: 0.5 },
    abides: 0.7,
  },
  hundredsShare: {
    title: 'Limit orders of whole hundreds',
    unit: '',
    decimals: 2,
    measure: 'share of adds',
    real: { AAPL: 0.64, MSFT: 0.95, AMZN: 0.61 },
  },
  lastHalfHour: {
    title: 'Last half hour over midday volume',
    unit: '',
    decimals: 2,
    measure: 'volume from 15:30 to 16:00 over that of a mean half hour between 12:00 and 14:00',
    bands: both(2.5, MOST),
    real: { AMZN: 4.8 },
  },
  cancelledLife: {
    title: 'Median life of a cancelled order',
    unit: 's',
    decimals: 2,
    measure: 'from add to delete',
    bands: both(0.1, 1),
    real: { AAPL: 0.37, MSFT: 0.23, AMZN: 0.31 },
  },
  executedAge: {
    title: 'Median age of an executed order',
    unit: 's',
    decimals: 2,
    measure: 'from add to execution',
    real: { AAPL: 1.2, MSFT: 5.5, AMZN: 1.1 },
  },
  spreadMedian: {
    title: 'Median spread',
    unit: 'ticks',
    decimals: 0,
    measure: 'over time',
    bands: { 'small-tick': { low: 8, high: 25 } },
    real: { AAPL: 18, MSFT: 1, AMZN: 12 },
  },
  spreadMean: {
    title: 'Mean spread',
    unit: 'ticks',
    decimals: 2,
    measure: 'over time',
    real: { AAPL: 19.5, MSFT: 1.027, AMZN: 12.85 },
    abides: [1.45, 1.78],
  },
  oneTickShare: {
    title: 'Spread of one tick',
    unit: '',
    decimals: 3,
    measure: 'share of the time',
    bands: { 'large-tick': { low: 0.93, high: 1 } },
    real: { AAPL: 0, MSFT: 0.974, AMZN: 0.002 },
  },
  depthPeak: {
    title: 'Deepest of the first ten levels',
    unit: 'level',
    decimals: 0,
    measure: 'level of the largest mean size, sampled each second, both sides',
    bands: { 'large-tick': { low: 2, high: 6 } },
    real: { AAPL: 10, MSFT: 4 },
  },
  levelGap: {
    title: 'Gap between levels',
    unit: 'ticks',
    decimals: 1,
    measure: 'mean distance from each of the first ten levels to the next',
    real: { AAPL: 3.8, MSFT: 1 },
  },
  impactExponent: {
    title: 'Impact exponent of metaorders',
    unit: '',
    decimals: 2,
    measure:
      'slope of log I/sigma by log Q/V over bins of Q/V from 0.1 to 10 %, net of the move of the fundamental value',
    bands: both(0.4, 0.6),
    pooled: true,
    source: 'Sato and Kanazawa 2024, all liquid shares in Tokyo: 0.489 ± 0.0015',
  },
  impactPrefactor: {
    title: 'Impact prefactor Y',
    unit: '',
    decimals: 2,
    measure: 'of the same fit',
    bands: both(0.3, 2),
    pooled: true,
    source: 'of order 1',
  },
  impactRemaining: {
    title: 'Remaining impact',
    unit: '',
    decimals: 2,
    measure: 'as long after the end as the metaorder took, over the impact at its end',
    bands: both(0.5, 0.8),
    pooled: true,
  },
  impactExponentPlain: {
    title: 'Impact exponent, gross of the value move',
    unit: '',
    decimals: 2,
    measure: 'the same slope of the whole move of the mid; too noisy to be judged over twenty days',
    pooled: true,
  },
} as const satisfies Record<string, Fact>

export type FactName = keyof typeof FACTS
export const FACT_NAMES = Object.keys(FACTS) as readonly FactName[]

/** NaN where a day lacks the data. */
export type FactValues = Readonly<Record<FactName, number>>

export function factOf(name: FactName): Fact {
  return FACTS[name]
}
