// Sides of orders. For replays.

import type { Side } from '@papertape/protocol'

export function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy'
}

/** @param direction 1 for a buy order, -1 for a sell order. */
export function sideOf(direction: number): Side {
  return direction === 1 ? 'buy' : 'sell'
}
