// The curves of real markets that ship with the package: aggregates of some forty points, measured by the code that
// measures samples (real-curves.test.ts compares them with the data, and writes them). The data itself is not ours.

import type { Curves } from '../facts/curves.ts'
import type { SeriesName } from './plot/layers.ts'
import { REAL_CURVES } from './real-curves-data.ts'

export interface RealCurves {
  readonly name: Extract<SeriesName, 'AMZN' | 'AAPL' | 'TAQ'>
  readonly curves: Curves
}

/** NASDAQ on 2012-06-21: AMZN the whole day, AAPL the first hour. TAQ: 22 days of minutes of a US share. */
export const REAL_MARKETS: readonly RealCurves[] = [
  { name: 'AMZN', curves: REAL_CURVES.AMZN },
  { name: 'AAPL', curves: REAL_CURVES.AAPL },
  { name: 'TAQ', curves: REAL_CURVES.TAQ },
]
