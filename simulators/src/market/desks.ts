// The desks of the simulators, and how each names its orders. A ref is computed from the order's symbol, side and
// price, or from its slot, so that an agent keeps no list of its orders: it queries the exchange by ref.

import type { Side } from '@papertape/protocol'

export const DESK = {
  backstop: 1,
  nearMaker: 2,
  deepMaker: 3,
  liquidityProvider: 4,
  noiseTrader: 5,
  fundamentalist: 6,
  tape: 7,
  tapeTaker: 8,
  institution: 9,
  momentumTrader: 10,
  scenario: 11,
  auctionTrader: 12,
} as const

const PRICES = 2 ** 21
const SLOTS = 1024

/** For a desk with at most one order at a price. */
export function priceRef(symbolIndex: number, side: Side, priceTicks: number): number {
  return (symbolIndex * 2 + (side === 'buy' ? 0 : 1)) * PRICES + priceTicks
}

/** For a desk with a fixed number of orders in a symbol. */
export function slotRef(symbolIndex: number, slot: number): number {
  return symbolIndex * SLOTS + slot
}
