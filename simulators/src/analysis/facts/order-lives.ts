// Lifetimes of orders, from add to cancel or execution. Orders that the flow never adds are left out.

import { FLOW, type OrderFlow } from '../../order-flow/order-flow.ts'

export interface OrderLives {
  /** Age at each delete, in ms. */
  readonly cancelledMs: readonly number[]
  /** Age at each execution, in ms: each partial fill counts. */
  readonly executedMs: readonly number[]
}

export function orderLives({ count, kinds, orderIds, timesMs }: OrderFlow): OrderLives {
  const cancelledMs: number[] = []
  const executedMs: number[] = []
  const addedAt = new Map<number, number>()
  for (let row = 0; row < count; row++) {
    const kind = kinds[row]!
    const id = orderIds[row]!
    if (kind === FLOW.add) addedAt.set(id, timesMs[row]!)
    else if (kind === FLOW.remove || kind === FLOW.execute) {
      const lived = timesMs[row]! - (addedAt.get(id) ?? Number.NaN)
      if (Number.isNaN(lived)) continue
      if (kind === FLOW.remove) cancelledMs.push(lived)
      else executedMs.push(lived)
    }
  }
  return { cancelledMs, executedMs }
}
