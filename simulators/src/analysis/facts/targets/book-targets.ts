// The facts of the spread and the book, with their targets.

import { type Fact, smallTick } from './fact.ts'

export const BOOK_FACTS = {
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
    bands: { 'small-tick': { low: 0, high: 0.01 }, 'large-tick': { low: 0.93, high: 1 } },
    real: { AAPL: 0, MSFT: 0.974, AMZN: 0.002 },
  },
  spreadOpening: {
    title: 'Spread of the first half hour over midday',
    unit: '',
    decimals: 2,
    measure: 'mean spread from 9:30 to 10:00 over that between 12:00 and 14:00',
    bands: smallTick(1.3, 2.5),
    real: { AMZN: 1.74 },
  },
  imbalanceFollows: {
    title: 'Moves towards the thinner queue',
    unit: '',
    decimals: 2,
    measure: 'share of next moves of the mid, each second with a queue imbalance beyond 0.6',
    bands: { 'small-tick': { low: 0.5, high: 0.65 }, 'large-tick': { low: 0.7, high: 0.9 } },
    real: { AAPL: 0.58, MSFT: 0.81, AMZN: 0.54 },
  },
  imbalanceFit: {
    title: 'R² of 10-s moves and order flow imbalance',
    unit: '',
    decimals: 2,
    measure:
      'regression of moves of the mid on the imbalance of the order flow at the best prices, mean over half hours',
    bands: { 'small-tick': { low: 0.25, high: 0.7 }, 'large-tick': { low: 0.4, high: 0.85 } },
    real: { AAPL: 0.31, AMZN: 0.53 },
    source: 'Cont, Kukanov and Stoikov 2014: 0.65 on average over fifty shares',
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
} as const satisfies Record<string, Fact>
