// A real market drawn beside a sample: its curves, measured by the same code.

import type { Curves } from '../facts/curves.ts'
import type { Look } from './plot/layers.ts'

export interface RealDay {
  readonly name: Look
  readonly curves: Curves
}
