// The side of an order as the matching core says it.

import type { Side } from '@papertape/protocol'
import { SIDE } from './codes.ts'

export function sideCode(side: Side): number {
  return side === 'buy' ? SIDE.buy : SIDE.sell
}
