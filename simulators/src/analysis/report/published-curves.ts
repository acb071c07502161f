// Points of curves that were measured before, of markets whose data is not available. MSFT: NASDAQ on 2012-06-21, from
// 09:30 to 10:30 within fifty levels. ABIDES: RMSC04 with its defaults, five seeds of a day.

import type { Curve, CurveName } from '../facts/curves.ts'
import type { SeriesName } from './plot/layers.ts'

/** A few points of a curve, or a range at each. */
export interface PublishedCurve {
  readonly name: SeriesName
  readonly curve: CurveName
  readonly points: Curve
  /** The upper end of a range; points.y is the lower. */
  readonly high?: readonly number[]
}

const ABIDES_LAGS = [1, 2, 5, 10]

export const PUBLISHED: readonly PublishedCurve[] = [
  { name: 'MSFT', curve: 'kurtosis', points: { x: [1, 10], y: [24.3, 6] } },
  { name: 'MSFT', curve: 'signAcf', points: { x: [1, 2, 5, 10, 20], y: [0.58, 0.4, 0.2, 0.1, 0.03] } },
  { name: 'MSFT', curve: 'spread', points: { x: [1, 2], y: [0.974, 0.025] } },
  {
    name: 'MSFT',
    curve: 'depth',
    points: {
      x: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      y: relative([9280, 10961, 11547, 11699, 10940, 9366, 8330, 6945, 6725, 5691]),
    },
  },
  { name: 'MSFT', curve: 'placement', points: { x: [0, 1, 2, 3, 4], y: [0.01, 0.64, 0.23, 0.1, 0.02] } },
  { name: 'MSFT', curve: 'eventMix', points: { x: [0, 1, 2, 3, 4], y: [0.494, 0.006, 0.449, 0.046, 0.004] } },
  { name: 'MSFT', curve: 'cancelledLife', points: { x: [0.00006, 0.23, 46], y: [0.1, 0.5, 0.9] } },
  { name: 'MSFT', curve: 'executedAge', points: { x: [5.5, 106], y: [0.5, 0.9] } },
  { name: 'ABIDES', curve: 'kurtosis', points: { x: [10, 60, 300], y: [7.6, 2.1, -0.4] }, high: [29, 14.3, 3.7] },
  { name: 'ABIDES', curve: 'returnAcf', points: { x: [1, 2], y: [0.2, 0.06] }, high: [0.44, 0.37] },
  {
    name: 'ABIDES',
    curve: 'absAcf',
    points: { x: ABIDES_LAGS, y: [0.11, 0.06, -0.02, -0.09] },
    high: [0.23, 0.14, 0.04, 0.02],
  },
]

function relative(lots: readonly number[]): number[] {
  const mean = lots.reduce((total, level) => total + level, 0) / lots.length
  return lots.map(level => level / mean)
}
