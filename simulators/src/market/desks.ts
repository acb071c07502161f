// The house's desks, and how each names its orders. A ref is worked out from what the order is (its symbol, side and
// price, or its slot), so that an agent needs no list of its orders: it asks the exchange. Nothing here acts.

import type { Side } from '@papertape/protocol'

export const DESK = {
  backstop: 1,
  nearMaker: 2,
  deepMaker: 3,
  patient: 4,
  crowd: 5,
  fundamentalist: 6,
  tape: 7,
  tapeTaker: 8,
  institution: 9,
  chartist: 10,
  scenario: 11,
} as const

const PRICES = 2 ** 21
const SLOTS = 1024

/** For a desk that has at most one order at a price. */
export function priceRef(symbolIndex: number, side: Side, priceTicks: number): number {
  return (symbolIndex * 2 + (side === 'buy' ? 0 : 1)) * PRICES + priceTicks
}

/** For a desk that has a fixed number of orders in a symbol. */
export function slotRef(symbolIndex: number, slot: number): number {
  return symbolIndex * SLOTS + slot
}
