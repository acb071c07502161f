// The plots of a report as data: their order, axes and words, the curve that each shows and the facts that it is about.

import type { CurveName } from '../facts/curves.ts'
import type { FactName } from '../facts/fact-targets.ts'
import { PLACEMENTS } from '../facts/limit-orders.ts'
import { EVENT_KINDS } from '../facts/order-facts.ts'
import { depthGate, gates, impactLayers, lastHalfHourGate, medianGate, normalTail, spreadGate } from './panel-layers.ts'
import type { Layer } from './plot/layers.ts'
import type { Axis } from './plot/plot.ts'
import type { Sample } from './sample.ts'

export interface PanelPlan {
  readonly title: string
  readonly x: Axis
  /** Where a large tick needs another one. */
  readonly xLargeTick?: Axis
  readonly y: Axis
  readonly facts: readonly FactName[]
  readonly caption: string
  /** Absent: `before` draws it all. */
  readonly curve?: CurveName
  readonly marks?: 'bars'
  readonly marksLargeTick?: 'bars'
  /** Behind the curves. */
  readonly before?: (sample: Sample) => readonly Layer[]
}

const linear = (label: string, low: number, high: number): Axis => ({ label, kind: 'linear', low, high })
const log = (label: string, low: number, high: number): Axis => ({ label, kind: 'log', low, high })
const named = (label: string, names: readonly string[]): Axis => ({
  ...linear(label, -0.6, names.length - 0.4),
  names,
})

const LARGE_MOVES = {
  facts: [],
  x: log('size, in standard deviations', 0.5, 20),
  y: log('share of larger returns', 0.0001, 1),
}

export const PLANS: readonly PanelPlan[] = [
  {
    ...LARGE_MOVES,
    title: 'Returns over 1 s',
    caption: 'Distribution of absolute log returns of the mid price; dashed, the normal law.',
    curve: 'returns1s',
    before: () => [normalTail()],
  },
  {
    ...LARGE_MOVES,
    title: 'Returns over 10 s',
    caption: 'As before.',
    curve: 'returns10s',
    before: () => [normalTail()],
  },
  {
    ...LARGE_MOVES,
    title: 'Returns over 1 min',
    facts: ['hillIndex'],
    caption: "As before. The tail index is Hill's, from the largest 5 %.",
    curve: 'returns1m',
    before: () => [normalTail()],
  },
  {
    title: 'Kurtosis by horizon',
    x: log('horizon, s', 0.8, 380),
    y: log('excess kurtosis', 0.1, 100),
    facts: ['kurtosis1s', 'kurtosis10s', 'kurtosis1m', 'kurtosisFallsTo10s', 'kurtosisFallsTo1m'],
    caption: 'Fat tails that thin out as returns add up.',
    curve: 'kurtosis',
    before: sample => [
      ...gates(sample, [
        ['kurtosis1s', 1],
        ['kurtosis10s', 10],
        ['kurtosis1m', 60],
      ]),
    ],
  },
  {
    title: 'No memory in returns',
    x: linear('lag, min', 0, 20),
    y: linear('autocorrelation of returns', -0.2, 0.5),
    facts: ['returnAcfLag1', 'returnAcfLag2', 'returnAcfLag3', 'returnAcfLag4', 'returnAcfLag5'],
    caption: 'One-minute log returns of the mid price. One day of 390 minutes has a standard error of 0.05.',
    curve: 'returnAcf',
    before: () => [{ type: 'gate', x: [0.5, 5.5], y: [-0.05, 0.05] }],
  },
  {
    title: 'Long memory in their size',
    x: log('lag, min', 0.9, 100),
    y: log('autocorrelation of |return|', 0.01, 1),
    facts: ['absAcfLag1', 'absAcfLag10', 'absAcfLag60', 'absAcfExponent'],
    caption: 'One-minute log returns. What falls below the axis is at or under 0.01.',
    curve: 'absAcf',
    before: sample =>
      gates(sample, [
        ['absAcfLag1', 1],
        ['absAcfLag10', 10],
        ['absAcfLag60', 60],
      ]),
  },
  {
    title: 'Volume follows volatility',
    x: linear('tenth of minutes, by |return|', 0.5, 10.5),
    y: linear('volume over its mean', 0, 3),
    facts: ['volumeCorrelation'],
    caption: 'Mean volume of the minutes in each tenth of the order of absolute returns.',
    curve: 'volumeByReturn',
  },
  {
    title: 'Memory in the sides of trades',
    x: log('lag, market orders', 0.9, 110),
    y: log('autocorrelation of signs', 0.01, 1),
    facts: ['signAcfLag1', 'signAcfLag10'],
    caption: 'Successive market orders, 1 for a buyer and −1 for a seller.',
    curve: 'signAcf',
    before: sample =>
      gates(sample, [
        ['signAcfLag1', 1],
        ['signAcfLag10', 10],
      ]),
  },
  {
    title: 'Impact of metaorders',
    x: log("share of the day's volume, Q/V", 0.001, 0.1),
    y: log('price moved, in daily volatility', 0.01, 1),
    facts: ['impactExponent', 'impactPrefactor', 'impactRemaining'],
    caption:
      'Means over bins of Q/V, all days together; shaded, slopes from 0.4 to 0.6 through the middle of the points.',
    before: impactLayers,
  },
  {
    title: 'Times between events',
    x: log('time, s', 0.0001, 300),
    y: log('share that is longer', 0.0001, 1),
    facts: ['eventGapCv'],
    caption: 'Every row of the order flow. Simulated times are whole milliseconds.',
    curve: 'eventGaps',
  },
  {
    title: 'Times between market orders',
    x: log('time, s', 0.0001, 300),
    y: log('share that is longer', 0.0001, 1),
    facts: ['marketOrderGapCv'],
    caption: 'From one taker to the next.',
    curve: 'marketOrderGaps',
  },
  {
    title: 'The U of the day',
    x: named('half hour from', ['9:30', '', '10:30', '', '11:30', '', '12:30', '', '13:30', '', '14:30', '', '15:30']),
    y: linear("share of the day's volume", 0, 0.3),
    facts: ['lastHalfHour'],
    caption: 'Half hours of the day; the bar asks the last one for 2.5 times a half hour between noon and two.',
    curve: 'halfHours',
    marks: 'bars',
    before: lastHalfHourGate,
  },
  {
    title: 'Spread',
    x: linear('ticks', 0, 50),
    xLargeTick: linear('ticks', 0, 8),
    marksLargeTick: 'bars',
    y: linear('share of the time', 0, 0.1),
    facts: ['spreadMedian', 'oneTickShare', 'spreadMean'],
    caption: 'Best ask less best bid, weighed by how long it stood.',
    curve: 'spread',
    before: spreadGate,
  },
  {
    title: 'Depth by level',
    x: linear('level', 0.4, 10.6),
    y: linear('size over the mean of ten levels', 0, 2),
    facts: ['depthPeak', 'levelGap'],
    caption: 'Both sides, looked at each second.',
    curve: 'depth',
    before: sample => depthGate(sample),
  },
  {
    title: 'Where limit orders go',
    x: named('behind the best price of their side', PLACEMENTS),
    y: linear('share', 0, 0.8),
    facts: [],
    caption: 'Against the quote just before each order came.',
    curve: 'placement',
    marks: 'bars',
  },
  {
    title: 'Lives of cancelled orders',
    x: log('from add to delete, s', 0.0001, 3600),
    y: linear('share that is gone', 0, 1),
    facts: ['cancelledLife'],
    caption: 'The tinted bar is where the median has to be.',
    curve: 'cancelledLife',
    before: sample => medianGate(sample, 'cancelledLife'),
  },
  {
    title: 'Ages of executed orders',
    x: log('from add to execution, s', 0.0001, 3600),
    y: linear('share that is done', 0, 1),
    facts: ['executedAge'],
    caption: 'An order that trades in parts counts with each.',
    curve: 'executedAge',
  },
  {
    title: 'Sizes of limit orders',
    x: log('shares', 1, 10_000),
    y: log('share that is larger', 0.001, 1),
    facts: ['roundLotShare', 'hundredsShare'],
    caption: 'The step at 100 is the round lot.',
    curve: 'limitSizes',
  },
  {
    title: 'What happens',
    x: named('kind of event', EVENT_KINDS),
    y: linear('share', 0, 0.6),
    facts: ['cancelsPerLimit', 'executionsPerLimit', 'marketOrdersPerLimit', 'fillsPerMarketOrder'],
    caption: 'Rows of the order flow. AMZN shows its best prices alone.',
    curve: 'eventMix',
    marks: 'bars',
  },
]
