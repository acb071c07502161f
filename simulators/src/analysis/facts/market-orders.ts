// Market orders: successive executions of visible orders of one side in one microsecond. Hidden executions count as
// volume but not as market orders.

import { SIDE } from '@papertape/engine'
import { FLOW, isSameMarketOrder, type OrderFlow } from '../../order-flow/order-flow.ts'

export interface MarketOrders {
  /** Of the first execution of each. */
  readonly rows: readonly number[]
  readonly timesMs: readonly number[]
  /** 1 for a buy, -1 for a sell. */
  readonly signs: readonly number[]
  readonly lots: readonly number[]
  /** Executions of all market orders. */
  readonly fills: number
}

export function marketOrdersOf(flow: OrderFlow): MarketOrders {
  const { count, kinds, timesMs, sides, lots } = flow
  const orders = {
    rows: [] as number[],
    timesMs: [] as number[],
    signs: [] as number[],
    lots: [] as number[],
    fills: 0,
  }
  let last = -1
  for (let row = 0; row < count; row++) {
    if (kinds[row] !== FLOW.execute) continue
    orders.fills++
    if (last >= 0 && isSameMarketOrder(flow, last, row)) {
      orders.lots[orders.lots.length - 1]! += lots[row]!
      continue
    }
    last = row
    orders.rows.push(row)
    orders.timesMs.push(timesMs[row]!)
    orders.signs.push(sides[row] === SIDE.sell ? 1 : -1)
    orders.lots.push(lots[row]!)
  }
  return orders
}

/** Times between successive orders, in ms. */
export function gapsOf(timesMs: ArrayLike<number>, count = timesMs.length): Float64Array {
  const gaps = new Float64Array(Math.max(0, count - 1))
  for (let i = 0; i < gaps.length; i++) gaps[i] = timesMs[i + 1]! - timesMs[i]!
  return gaps
}
