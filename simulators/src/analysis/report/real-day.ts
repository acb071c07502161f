// A real market to draw beside a sample: its curves, measured by the same code, where the data is at hand.

import type { Curves } from '../facts/curves.ts'
import type { Look } from './plot/layers.ts'

export interface RealDay {
  readonly name: Look
  readonly curves: Curves
}
