// The plots of a report as data: their order, axes and captions, the curve of each, and the facts that it illustrates.

import type { CurveName } from '../facts/curves.ts'
import type { FactName } from '../facts/fact-targets.ts'
import { PLACEMENTS } from '../facts/limit-orders.ts'
import { EVENT_KINDS } from '../facts/order-facts.ts'
import {
  depthTarget,
  impactLayers,
  lastHalfHourTarget,
  medianTarget,
  normalTail,
  spreadTarget,
  targetsAt,
} from './panel-layers.ts'
import type { Layer } from './plot/layers.ts'
import type { Axis } from './plot/plot.ts'
import type { Sample } from './sample.ts'

export interface PanelPlan {
  readonly title: string
  readonly x: Axis
  /** Replaces x for large-tick samples. */
  readonly xLargeTick?: Axis
  readonly y: Axis
  readonly facts: readonly FactName[]
  readonly caption: string
  /** Absent: all is in `before`. */
  readonly curve?: CurveName
  readonly marks?: 'bars'
  readonly marksLargeTick?: 'bars'
  /** Layers behind the curves. */
  readonly before?: (sample: Sample) => readonly Layer[]
}

const linear = (label: string, low: number, high: number): Axis => ({ label, kind: 'linear', low, high })
const log = (label: string, low: number, high: number): Axis => ({ label, kind: 'log', low, high })
const named = (label: string, names: readonly string[]): Axis => ({
  ...linear(label, -0.6, names.length - 0.4),
  names,
})

const HALF_HOURS_AXIS = named('half hour from', [
  '9:30',
  '',
  '10:30',
  '',
  '11:30',
  '',
  '12:30',
  '',
  '13:30',
  '',
  '14:30',
  '',
  '15:30',
])

const LARGE_MOVES = {
  facts: [],
  x: log('size, in standard deviations', 0.5, 20),
  y: log('share of larger returns', 0.0001, 1),
}

export const PLANS: readonly PanelPlan[] = [
  {
    ...LARGE_MOVES,
    title: 'Returns over 1 s',
    caption: 'Distribution of absolute log returns of the mid price; dashed: the normal distribution.',
    curve: 'returns1s',
    before: () => [normalTail()],
  },
  {
    ...LARGE_MOVES,
    title: 'Returns over 10 s',
    caption: 'As above.',
    curve: 'returns10s',
    before: () => [normalTail()],
  },
  {
    ...LARGE_MOVES,
    title: 'Returns over 1 min',
    facts: ['hillIndex'],
    caption: "As above. Tail index: Hill's estimate from the largest 5 %.",
    curve: 'returns1m',
    before: () => [normalTail()],
  },
  {
    title: 'Kurtosis by horizon',
    x: log('horizon, s', 0.8, 380),
    y: log('excess kurtosis', 0.1, 100),
    facts: ['kurtosis1s', 'kurtosis10s', 'kurtosis1m', 'kurtosisFallsTo10s', 'kurtosisFallsTo1m'],
    caption: 'Tails get thinner as the horizon grows.',
    curve: 'kurtosis',
    before: sample => [
      ...targetsAt(sample, [
        ['kurtosis1s', 1],
        ['kurtosis10s', 10],
        ['kurtosis1m', 60],
      ]),
    ],
  },
  {
    title: 'Autocorrelation of returns',
    x: linear('lag, min', 0, 20),
    y: linear('autocorrelation of returns', -0.2, 0.5),
    facts: ['returnAcfLag1', 'returnAcfLag2', 'returnAcfLag3', 'returnAcfLag4', 'returnAcfLag5'],
    caption: 'One-minute log returns of the mid price. One day of 390 minutes has a standard error of 0.05.',
    curve: 'returnAcf',
    before: () => [{ type: 'target', x: [0.5, 5.5], y: [-0.05, 0.05] }],
  },
  {
    title: 'Autocorrelation of absolute returns',
    x: log('lag, min', 0.9, 100),
    y: log('autocorrelation of |return|', 0.01, 1),
    facts: ['absAcfLag1', 'absAcfLag10', 'absAcfLag60', 'absAcfExponent'],
    caption: 'One-minute log returns. Values of 0.01 or less are not shown.',
    curve: 'absAcf',
    before: sample =>
      targetsAt(sample, [
        ['absAcfLag1', 1],
        ['absAcfLag10', 10],
        ['absAcfLag60', 60],
      ]),
  },
  {
    title: 'Volume follows volatility',
    x: linear('decile of minutes, by |return|', 0.5, 10.5),
    y: linear('volume over its mean', 0, 3),
    facts: ['volumeCorrelation'],
    caption: 'Mean volume of the minutes in each decile of absolute returns.',
    curve: 'volumeByReturn',
  },
  {
    title: 'Autocorrelation of trade signs',
    x: log('lag, market orders', 0.9, 110),
    y: log('autocorrelation of signs', 0.01, 1),
    facts: ['signAcfLag1', 'signAcfLag10'],
    caption: 'Successive market orders: 1 for a buy, −1 for a sell.',
    curve: 'signAcf',
    before: sample =>
      targetsAt(sample, [
        ['signAcfLag1', 1],
        ['signAcfLag10', 10],
      ]),
  },
  {
    title: 'Response to market orders',
    x: log('lag, market orders', 0.9, 110),
    y: linear('move of the mid, in half spreads', 0, 1.4),
    facts: ['response', 'responseGrowth'],
    caption: 'In the direction of the market order, from just before it to just before a later one.',
    curve: 'response',
  },
  {
    title: 'Queue imbalance and the next move',
    x: linear('imbalance, (bid − ask) / (bid + ask)', -1, 1),
    y: linear('share of moves up', 0, 1),
    facts: ['imbalanceFollows', 'imbalanceFit'],
    caption: 'The next move of the mid, by the imbalance of the best queues, sampled each second.',
    curve: 'upMoves',
  },
  {
    title: 'Impact of metaorders',
    x: log("share of the day's volume, Q/V", 0.001, 0.1),
    y: log('price move, in daily volatility', 0.01, 1),
    facts: ['impactExponent', 'impactPrefactor', 'impactRemaining'],
    caption:
      'Means over bins of Q/V, all days together. Shaded: slopes from 0.4 to 0.6 through the geometric mean of the points.',
    before: impactLayers,
  },
  {
    title: 'Times between events',
    x: log('time, s', 0.0001, 300),
    y: log('share of longer times', 0.0001, 1),
    facts: ['eventGapCv'],
    caption: 'Every row of the order flow, to the microsecond.',
    curve: 'eventGaps',
  },
  {
    title: 'Times between market orders',
    x: log('time, s', 0.0001, 300),
    y: log('share of longer times', 0.0001, 1),
    facts: ['marketOrderGapCv'],
    caption: 'Between successive market orders.',
    curve: 'marketOrderGaps',
  },
  {
    title: 'Intraday volume',
    x: HALF_HOURS_AXIS,
    y: linear("share of the day's volume", 0, 0.3),
    facts: ['lastHalfHour'],
    caption: 'Target: the last half hour has 2.5 times the volume of a half hour between 12:00 and 14:00.',
    curve: 'halfHours',
    marks: 'bars',
    before: lastHalfHourTarget,
  },
  {
    title: 'Spread over the day',
    x: HALF_HOURS_AXIS,
    y: linear('spread over its mean', 0, 2),
    facts: ['spreadOpening'],
    caption: 'Mean of each half hour, weighted by time.',
    curve: 'halfHourSpreads',
  },
  {
    title: 'Spread',
    x: linear('ticks', 0, 50),
    xLargeTick: linear('ticks', 0, 8),
    marksLargeTick: 'bars',
    y: linear('share of the time', 0, 0.1),
    facts: ['spreadMedian', 'oneTickShare', 'spreadMean'],
    caption: 'Best ask less best bid, weighted by time.',
    curve: 'spread',
    before: spreadTarget,
  },
  {
    title: 'Depth by level',
    x: linear('level', 0.4, 10.6),
    y: linear('size over the mean of ten levels', 0, 2),
    facts: ['depthPeak', 'levelGap'],
    caption: 'Both sides, sampled each second.',
    curve: 'depth',
    before: sample => depthTarget(sample),
  },
  {
    title: 'Placement of limit orders',
    x: named('ticks behind the best price of the side', PLACEMENTS),
    y: linear('share', 0, 0.8),
    facts: [],
    caption: 'Relative to the quote just before each order.',
    curve: 'placement',
    marks: 'bars',
  },
  {
    title: 'Lifetimes of cancelled orders',
    x: log('from add to delete, s', 0.0001, 3600),
    y: linear('share cancelled', 0, 1),
    facts: ['cancelledLife'],
    caption: 'Shaded: the target of the median.',
    curve: 'cancelledLife',
    before: sample => medianTarget(sample, 'cancelledLife'),
  },
  {
    title: 'Ages of executed orders',
    x: log('from add to execution, s', 0.0001, 3600),
    y: linear('share executed', 0, 1),
    facts: ['executedAge', 'youngExecutions'],
    caption: 'Each partial fill counts.',
    curve: 'executedAge',
  },
  {
    title: 'Sizes of limit orders',
    x: log('shares', 1, 10_000),
    y: log('share of larger orders', 0.001, 1),
    facts: ['roundLotShare', 'hundredsShare'],
    caption: 'The step at 100 is the round lot.',
    curve: 'limitSizes',
  },
  {
    title: 'Event mix',
    x: named('kind of event', EVENT_KINDS),
    y: linear('share', 0, 0.6),
    facts: [
      'cancelsPerLimit',
      'partialCancels',
      'executionsPerLimit',
      'marketOrdersPerLimit',
      'fillsPerMarketOrder',
      'hiddenShare',
    ],
    caption: 'Rows of the order flow. AMZN has best prices only.',
    curve: 'eventMix',
    marks: 'bars',
  },
]
