// Turns what a client asks, over the socket or by REST, into the command that the sequencer takes. One place, so that
// both ask for the same.

import type { Inbound, NewOrder, PlaceOrder, ReplaceOrder } from '@papertape/protocol'

export function placeOrder(accountId: string, order: NewOrder): PlaceOrder {
  const { clientOrderId, symbol, side, orderType, size, timeInForce, postOnly } = order
  const { price, stopPrice, displaySize, selfTradePrevention } = order
  return {
    type: 'order.place',
    accountId,
    clientOrderId,
    symbol,
    side,
    orderType,
    size,
    // A market order trades now or not at all; everything else rests until it is canceled.
    timeInForce: timeInForce ?? (orderType === 'market' ? 'IOC' : 'GTC'),
    postOnly: postOnly ?? false,
    ...(price !== undefined && { price }),
    ...(stopPrice !== undefined && { stopPrice }),
    ...(displaySize !== undefined && { displaySize }),
    ...(selfTradePrevention !== undefined && { selfTradePrevention }),
  }
}

export function replaceOrder(accountId: string, change: Inbound<'order.replace'>): ReplaceOrder {
  const { clientOrderId, origClientOrderId, size, price, stopPrice } = change
  return {
    type: 'order.replace',
    accountId,
    clientOrderId,
    origClientOrderId,
    ...(size !== undefined && { size }),
    ...(price !== undefined && { price }),
    ...(stopPrice !== undefined && { stopPrice }),
  }
}
