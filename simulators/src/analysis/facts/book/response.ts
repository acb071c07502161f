// The response function: how far the mid price has moved in the direction of a market order, by the number of market
// orders since (Bouchaud, Gefen, Potters and Wyart 2004).

import type { MarketDay } from '../../../order-flow/market-day.ts'
import { isQuoted, midTicks } from '../../../order-flow/order-flow.ts'
import type { Curve } from '../curves.ts'
import { marketOrdersOf } from '../market-orders.ts'
import { mean } from '../statistics.ts'

export const RESPONSE_LAGS = [1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 70, 100]

/** From the mid just before a market order to that just before the lag-th one after it, in mean half spreads. */
export function responseFunction({ flow }: MarketDay): Curve {
  const { rows, signs } = marketOrdersOf(flow)
  const mids: number[] = []
  const halfSpreads: number[] = []
  for (const first of rows) {
    let row = first - 1
    while (row >= 0 && !isQuoted(flow, row)) row--
    mids.push(row < 0 ? Number.NaN : midTicks(flow, row))
    if (row >= 0) halfSpreads.push((flow.asksTicks[row]! - flow.bidsTicks[row]!) / 2)
  }
  const unit = mean(halfSpreads)
  const y = RESPONSE_LAGS.map(lag => {
    const moves: number[] = []
    for (let i = 0; i + lag < mids.length; i++) {
      const move = signs[i]! * (mids[i + lag]! - mids[i]!)
      if (!Number.isNaN(move)) moves.push(move)
    }
    return mean(moves) / unit
  })
  return { x: RESPONSE_LAGS, y }
}
