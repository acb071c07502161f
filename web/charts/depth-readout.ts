// What the depth chart says at a price: how much a market order could trade down or up to it, and at which average.
// Pure; shown by ladder/DepthChart.tsx.

import type { Side } from '@papertape/protocol'
import { formatPercent, formatPrice, formatSize } from '../format/format.ts'
import type { DepthState } from '../market/depth.ts'

type Sides = Pick<DepthState, 'bids' | 'asks'>

export interface DepthReadout {
  /** The side of the order that would trade. */
  readonly side: Side
  readonly price: number
  readonly size: number
  readonly average: number
  /** The average against the best price that it trades at, as a fraction. */
  readonly fromBest: number
}

/** Undefined where nothing would trade: inside the spread, or on the side without orders. */
export function depthReadout({ bids, asks }: Sides, price: number): DepthReadout | undefined {
  const side = sideAt({ bids, asks }, price)
  const levels = (side === 'sell' ? bids : asks).filter(level =>
    side === 'sell' ? level.price >= price : level.price <= price,
  )
  const last = levels.at(-1)
  if (last === undefined) return undefined
  const cost = levels.reduce((sum, level) => sum + level.price * level.size, 0)
  const average = cost / last.total
  return { side, price, size: last.total, average, fromBest: average / levels[0]!.price - 1 }
}

/** Below the middle are bids, to sell to; above it offers. */
function sideAt({ bids, asks }: Sides, price: number): Side {
  const [bid] = bids
  const [ask] = asks
  if (bid === undefined || ask === undefined) return bid === undefined ? 'buy' : 'sell'
  return price * 2 <= bid.price + ask.price ? 'sell' : 'buy'
}

/** `Sell 3,200 down to 184.10: average 184.31, −0.20% from the best`. */
export function readoutText(readout: DepthReadout | undefined, price: number, decimals: number): string {
  const at = formatPrice(price, decimals)
  if (readout === undefined) return `Nothing to trade with at ${at}`
  const { side, size, average, fromBest } = readout
  const what = side === 'sell' ? `Sell ${formatSize(size)} down to` : `Buy ${formatSize(size)} up to`
  return `${what} ${at}: average ${formatPrice(average, decimals)}, ${formatPercent(fromBest)} from the best`
}
