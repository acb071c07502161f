// Own orders of a row that a person has chosen, to cancel them or to move them to another row: what is sent, and what
// it says. Pure; Ladder.tsx chooses, OwnOrdersBar.tsx shows it.

import type { Instrument, Order, Side } from '@papertape/protocol'
import { formatPrice, formatSize } from '../format/format.ts'
import type { DepthState } from '../market/depth.ts'
import { checkPriceChange } from '../orders/order-edit.ts'

export interface OwnMove {
  readonly side: Side
  /** The group of their row, and that of the row to which they would move. */
  readonly from: number
  readonly to: number
}

/** Each order with the change to send. */
export interface PlannedMove {
  readonly changes: readonly { readonly order: Order; readonly price: number }[]
  /** Why nothing can be sent. */
  readonly problem: string | undefined
}

/** All orders take the price of the new row. */
export function planMove(orders: readonly Order[], price: number, instrument: Instrument): PlannedMove {
  const changes: { order: Order; price: number }[] = []
  for (const order of orders) {
    const checked = checkPriceChange(order, 'price', price, instrument)
    if (checked.problem !== undefined) return { changes: [], problem: checked.problem }
    if (checked.change.price !== undefined) changes.push({ order, price: checked.change.price })
  }
  return { changes, problem: undefined }
}

/** Whether an order at this price would trade with the book as it stands. */
export function tradesAtOnce(side: Side, price: number, { bids, asks }: Pick<DepthState, 'bids' | 'asks'>): boolean {
  const best = (side === 'buy' ? asks : bids)[0]
  return best !== undefined && (side === 'buy' ? price >= best.price : price <= best.price)
}

/** `Buy 300 at 184.50`. */
export function describeOwn(side: Side, orders: readonly Order[], price: number, decimals: number): string {
  const size = orders.reduce((sum, { leavesSize }) => sum + leavesSize, 0)
  return `${side === 'buy' ? 'Buy' : 'Sell'} ${formatSize(size)} at ${formatPrice(price, decimals)}`
}

/** `Cancel 2 orders at 184.50`. */
export function describeCancel(orders: readonly Order[], price: number, decimals: number): string {
  return `Cancel ${orders.length === 1 ? 'order' : `${orders.length} orders`} at ${formatPrice(price, decimals)}`
}
