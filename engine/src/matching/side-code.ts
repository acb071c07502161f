// Translates the side of an order into the matching engine's code.

import type { Side } from '@papertape/protocol'
import { SIDE } from './codes.ts'

export function sideCode(side: Side): number {
  return side === 'buy' ? SIDE.buy : SIDE.sell
}
