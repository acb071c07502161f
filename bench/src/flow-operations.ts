// The orders of a recorded day as operations for a book that only matches: adds, market orders, cancels. An order
// that is reduced later is added with the lots that are left of it: its trades are the same.

import { FLOW, isSameMarketOrder, type OrderFlow } from '@papertape/simulators'
import { OPERATION, Operations } from './operations.ts'

export function flowOperations(flow: OrderFlow): Operations {
  const rows = orderRows(flow)
  const operations = new Operations(rows.length)
  const reduced = reducedLots(flow)
  let takerId = 0
  for (const [at, row] of rows.entries()) {
    const kind = flow.kinds[row]!
    const isTaker = kind === FLOW.execute
    operations.kinds[at] = isTaker ? OPERATION.marketable : kind === FLOW.add ? OPERATION.add : OPERATION.cancel
    operations.ids[at] = isTaker ? -++takerId : flow.orderIds[row]!
    operations.sides[at] = isTaker ? flow.sides[row]! ^ 1 : flow.sides[row]!
    operations.priceTicks[at] = isTaker ? worstOf(flow, row) : flow.pricesTicks[row]!
    operations.sizeLots[at] = isTaker
      ? lotsOf(flow, row)
      : flow.lots[row]! - (kind === FLOW.add ? (reduced.get(flow.orderIds[row]!) ?? 0) : 0)
  }
  return operations
}

/** By order. */
function reducedLots({ kinds, orderIds, lots, count }: OrderFlow): ReadonlyMap<number, number> {
  const reduced = new Map<number, number>()
  for (let row = 0; row < count; row++) {
    if (kinds[row] === FLOW.reduce) reduced.set(orderIds[row]!, (reduced.get(orderIds[row]!) ?? 0) + lots[row]!)
  }
  return reduced
}

/** Rows that are orders of the book: of the fills of one market order, the first. */
function orderRows(flow: OrderFlow): number[] {
  const rows: number[] = []
  for (let row = 0; row < flow.count; row++) {
    const kind = flow.kinds[row]!
    const follows = kind === FLOW.execute && isSameTaker(flow, row - 1, row)
    if (kind !== FLOW.reduce && kind <= FLOW.execute && !follows) rows.push(row)
  }
  return rows
}

function isSameTaker(flow: OrderFlow, earlier: number, later: number): boolean {
  return earlier >= 0 && flow.kinds[earlier] === FLOW.execute && isSameMarketOrder(flow, earlier, later)
}

/** The lots of all fills of the market order whose first fill is this row. */
function lotsOf(flow: OrderFlow, first: number): number {
  let lots = flow.lots[first]!
  for (let row = first + 1; row < flow.count && isSameTaker(flow, row - 1, row); row++) lots += flow.lots[row]!
  return lots
}

/** The price of its last fill. */
function worstOf(flow: OrderFlow, first: number): number {
  let last = first
  while (last + 1 < flow.count && isSameTaker(flow, last, last + 1)) last++
  return flow.pricesTicks[last]!
}
