// An order as Alpaca shows it, of the exchange's order or of an execution. An order keeps its id over a replace, so
// that replaced_by and replaces are always null. Pure.

import type { Execution, Order, OrderStatus, OrderType } from '@papertape/protocol'
import { orderClassOf } from '../../orders/order-list.ts'
import { formatTimestamp } from '../../values/time.ts'
import { uuidOfNumber, uuidOfText } from '../ids.ts'

/** What an order and its executions have in common. */
export type OrderView = Omit<Order, 'ts'> | Execution

/** Microseconds since 1970. */
export interface OrderTimes {
  /** When it was placed or last replaced. */
  readonly placedUs: number
  /** When the last thing happened to it; undefined when that is not known. */
  readonly updatedUs?: number | undefined
}

const STATUSES = {
  new: 'new',
  partiallyFilled: 'partially_filled',
  filled: 'filled',
  canceled: 'canceled',
  rejected: 'rejected',
  expired: 'expired',
} as const satisfies Record<OrderStatus, string>

const TYPES = {
  limit: 'limit',
  market: 'market',
  stop: 'stop',
  stopLimit: 'stop_limit',
  trailingStop: 'trailing_stop',
} as const satisfies Record<OrderType, string>

export type AlpacaOrder = ReturnType<typeof alpacaOrder>

/** With the other orders of its list; null for an order that no list was placed with. */
export type NestedOrder = Omit<AlpacaOrder, 'legs'> & { readonly legs: readonly AlpacaOrder[] | null }

export function alpacaOrder(order: OrderView, { placedUs, updatedUs }: OrderTimes) {
  const { orderId, clientOrderId, symbol, side, orderType, timeInForce, orderStatus } = order
  const { size, cumSize, avgPrice, price, stopPrice, trailAmount, trailPercent, held } = order
  const placedAt = formatTimestamp(placedUs)
  const updatedAt = updatedUs === undefined ? null : formatTimestamp(updatedUs)
  const at = (status: OrderStatus) => (orderStatus === status ? updatedAt : null)
  return {
    id: uuidOfNumber(orderId),
    client_order_id: clientOrderId,
    created_at: placedAt,
    updated_at: updatedAt ?? placedAt,
    submitted_at: placedAt,
    filled_at: at('filled'),
    expired_at: at('expired'),
    canceled_at: at('canceled'),
    failed_at: at('rejected'),
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_id: uuidOfText(symbol),
    symbol,
    asset_class: 'us_equity',
    notional: null,
    qty: String(size),
    filled_qty: String(cumSize),
    filled_avg_price: textOf(avgPrice),
    order_class: orderClassOf(order) ?? '',
    order_type: TYPES[orderType],
    type: TYPES[orderType],
    side,
    time_in_force: timeInForce.toLowerCase(),
    limit_price: textOf(price),
    stop_price: textOf(stopPrice),
    status: held && orderStatus === 'new' ? 'held' : STATUSES[orderStatus],
    extended_hours: false,
    legs: null,
    trail_percent: textOf(trailPercent),
    trail_price: textOf(trailAmount),
    hwm: null,
  }
}

function textOf(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
