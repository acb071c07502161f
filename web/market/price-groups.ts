// Groups of prices: a row of the ladder is a price that is a whole number of groups of ticks. A group promises no price
// that the book does not have, so bids are rounded down and offers up. Pure.

import { type Side, ticksOf } from '@papertape/protocol'

export interface PriceGrid {
  readonly tickSize: number
  readonly decimals: number
  /** The ticks of a group. */
  readonly groupTicks: number
}

/** The group of a price: buyers pay at least the group's price, sellers ask at most for it. */
export function groupOf(side: Side, price: number, { tickSize, groupTicks }: PriceGrid): number {
  const groups = ticksOf(price, tickSize) / groupTicks
  return side === 'buy' ? Math.floor(groups) : Math.ceil(groups)
}

export function priceOf(group: number, { tickSize, decimals, groupTicks }: PriceGrid): number {
  return Number((group * groupTicks * tickSize).toFixed(decimals))
}
