// Sizes and placement of the limit orders that rest.

import { SIDE } from '@papertape/engine'
import { FLOW, type OrderFlow } from '../../order-flow/order-flow.ts'
import { sum } from './statistics.ts'

export const PLACEMENTS = ['inside', 'at best', '1–5 ticks', '6–20', 'further'] as const
const PLACEMENT_ENDS_TICKS = [-1, 0, 5, 20, Number.POSITIVE_INFINITY]

export function limitSizes({ count, kinds, lots }: OrderFlow, lotSize: number): number[] {
  const sizes: number[] = []
  for (let row = 0; row < count; row++) if (kinds[row] === FLOW.add) sizes.push(lots[row]! * lotSize)
  return sizes
}

/** Shares of PLACEMENTS: ticks behind the best price of the order's side, just before it arrived. */
export function placementShares({ count, kinds, sides, pricesTicks, bidsTicks, asksTicks }: OrderFlow): number[] {
  const placed = new Array<number>(PLACEMENTS.length).fill(0)
  for (let row = 1; row < count; row++) {
    if (kinds[row] !== FLOW.add) continue
    const best = (sides[row] === SIDE.buy ? bidsTicks : asksTicks)[row - 1]!
    if (best === 0) continue
    const behind = sides[row] === SIDE.buy ? best - pricesTicks[row]! : pricesTicks[row]! - best
    placed[PLACEMENT_ENDS_TICKS.findIndex(end => behind <= end)]!++
  }
  const total = sum(placed)
  return placed.map(orders => orders / total)
}
