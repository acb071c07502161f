// Market orders: executions of the flow grouped by the command that caused them. Hidden executions count as volume but
// not as market orders: in the data, fills of one aggressive order cannot be separated from those of several.

import { SIDE } from '@papertape/engine'
import { FLOW, type OrderFlow } from '../../order-flow/order-flow.ts'

export interface MarketOrders {
  readonly timesMs: readonly number[]
  /** 1 for a buy, -1 for a sell. */
  readonly signs: readonly number[]
  readonly lots: readonly number[]
  /** Executions of all market orders. */
  readonly fills: number
}

export function marketOrdersOf({ count, kinds, commands, timesMs, sides, lots }: OrderFlow): MarketOrders {
  const orders = { timesMs: [] as number[], signs: [] as number[], lots: [] as number[], fills: 0 }
  let last = -1
  for (let row = 0; row < count; row++) {
    if (kinds[row] !== FLOW.execute) continue
    orders.fills++
    if (commands[row] === last) {
      orders.lots[orders.lots.length - 1]! += lots[row]!
      continue
    }
    last = commands[row]!
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
