// The rows of the order archive: the first answer to each clientOrderId, and how each order ended. Made of the
// exchange's private events when they happen, or of their JSON when a journal is repaired or verified.

import type { PrivateEnvelope } from '@papertape/engine'
import { type Execution, isOpen, type Order, optionalTermsOf, type PrivateEvent } from '@papertape/protocol'
import type { EncodedPrivateEvent } from '../messages.ts'

/** One row of the archive. */
export type OrderRecord =
  | { readonly accountId: string; readonly answer: Execution }
  | { readonly accountId: string; readonly seq: number; readonly ended: Order }

/** An order's last execution as JSON, with what that does not contain. */
export interface OrderEnd {
  /** When the order was placed or last replaced. */
  readonly ts: number
  /** 1 for a stop order that was triggered. */
  readonly triggered: number
  readonly data: string
}

/** The rows of one private event. */
export function recordsIn({ accountId, event, isFirstAnswer, ended }: PrivateEnvelope): OrderRecord[] {
  return [
    ...(isFirstAnswer ? [{ accountId, answer: event as Execution }] : []),
    ...(ended === undefined ? [] : [{ accountId, seq: event.seq, ended }]),
  ]
}

/** The rows of encoded private events, which are all that a repair has. */
export function* recordsOf(events: Iterable<EncodedPrivateEvent>): Generator<OrderRecord> {
  /** When an order was placed or last replaced, and whether it was triggered. */
  const orders = new Map<string, { ts: number; triggered: number }>()
  for (const { accountId, seq, data } of events) {
    const event = JSON.parse(data) as PrivateEvent
    if (event.type !== 'execution') continue
    const { execType, orderId, origClientOrderId, orderStatus, ts } = event
    const order = orders.get(orderId) ?? { ts, triggered: 0 }
    orders.set(orderId, order)
    const isReplaced = execType === 'replaced' && origClientOrderId !== undefined
    if (isReplaced) order.ts = ts
    if (execType === 'triggered') order.triggered = 1
    if (execType === 'new' || execType === 'rejected' || isReplaced) yield { accountId, answer: event }
    if (isOpen(orderStatus) || awaitsFill(event)) continue
    yield { accountId, seq, ended: orderOf({ ...order, data }) }
    orders.delete(orderId)
  }
}

/** A script fills the order after its cancel: that fill is its end. */
function awaitsFill({ execType, testDirective }: Execution): boolean {
  return execType === 'canceled' && testDirective?.fillAfterCancel !== undefined
}

/** The order after its last execution. */
export function orderOf({ ts, triggered, data }: OrderEnd): Order {
  const execution = JSON.parse(data) as Execution
  const { orderId, clientOrderId, symbol, side, orderType, timeInForce, postOnly, size, price } = execution
  const { orderStatus, cumSize, leavesSize, avgPrice } = execution
  return {
    orderId,
    clientOrderId,
    symbol,
    side,
    orderType,
    timeInForce,
    postOnly,
    size,
    price,
    ...optionalTermsOf(execution),
    ...(triggered === 1 ? { triggered: true } : {}),
    orderStatus,
    cumSize,
    leavesSize,
    avgPrice,
    ts,
  }
}

/** undefined for text that the exchange never writes. */
export function parseOrderId(orderId: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(orderId) ? Number(orderId) : undefined
}
