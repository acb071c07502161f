// Builds the commands that the sequencer takes from what a client asks. Both the socket and REST build them here.

import {
  type CancelAllAfter,
  type CancelAllOrders,
  type CancelOrder,
  type NewOrder,
  type OrderChange,
  type OrderReference,
  optionalTermsOf,
  orderDefaults,
  type PlaceOrder,
  type ReplaceOrder,
  type Side,
} from '@papertape/protocol'

export function placeOrder(accountId: string, order: NewOrder): PlaceOrder {
  const { clientOrderId, symbol, side, orderType, size, timeInForce, postOnly, price } = order
  const { orderClass, takeProfit, stopLoss } = order
  const defaults = orderDefaults(orderType)
  const refuse = order.testDirective?.rejectCode
  return {
    type: 'order.place',
    accountId,
    clientOrderId,
    symbol,
    side,
    orderType,
    size,
    timeInForce: timeInForce ?? defaults.timeInForce,
    postOnly: postOnly ?? defaults.postOnly,
    ...(price !== undefined && { price }),
    ...optionalTermsOf(order),
    ...(orderClass !== undefined && { orderClass }),
    ...(takeProfit !== undefined && { takeProfit }),
    ...(stopLoss !== undefined && { stopLoss }),
    ...(refuse !== undefined && { refuse }),
  }
}

export function replaceOrder(accountId: string, order: OrderReference, change: OrderChange): ReplaceOrder {
  const { clientOrderId, size, price, stopPrice } = change
  return {
    type: 'order.replace',
    accountId,
    ...referenceOf(order),
    clientOrderId,
    ...(size !== undefined && { size }),
    ...(price !== undefined && { price }),
    ...(stopPrice !== undefined && { stopPrice }),
  }
}

export function cancelOrder(accountId: string, order: OrderReference): CancelOrder {
  return { type: 'order.cancel', accountId, ...referenceOf(order) }
}

export interface OrderSelection {
  readonly symbol?: string | undefined
  readonly side?: Side | undefined
}

export function cancelAllOrders(accountId: string, { symbol, side }: OrderSelection): CancelAllOrders {
  return {
    type: 'order.cancelAll',
    accountId,
    ...(symbol !== undefined && { symbol }),
    ...(side !== undefined && { side }),
  }
}

export function cancelAllAfter(accountId: string, { timeoutMs }: { readonly timeoutMs: number }): CancelAllAfter {
  return { type: 'order.cancelAllAfter', accountId, timeoutMs }
}

/** Without what else a message has. */
function referenceOf(order: OrderReference): OrderReference {
  return 'orderId' in order ? { orderId: order.orderId } : { origClientOrderId: order.origClientOrderId }
}
