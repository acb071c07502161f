// Who traded at once: the executions of a flow put together to the orders that caused them. Hidden executions count as
// volume but as no market orders, because the tape does not tell the fills of one taker from those of several.

import { SIDE } from '@papertape/engine'
import { FLOW, type OrderFlow } from '../../order-flow/order-flow.ts'

export interface MarketOrders {
  readonly timesMs: readonly number[]
  /** 1: it bought, -1: it sold. */
  readonly signs: readonly number[]
  readonly lots: readonly number[]
  /** Executions of all of them. */
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

/** The times between one and the next, in ms. */
export function gapsOf(timesMs: ArrayLike<number>, count = timesMs.length): Float64Array {
  const gaps = new Float64Array(Math.max(0, count - 1))
  for (let i = 0; i < gaps.length; i++) gaps[i] = timesMs[i + 1]! - timesMs[i]!
  return gaps
}
