// A real market drawn beside a sample: its curves, measured by the same code.

import type { Curves } from '../facts/curves.ts'
import type { SeriesName } from './plot/layers.ts'

export interface RealDay {
  readonly name: SeriesName
  readonly curves: Curves
}
