// Orders as Binance shows them: in answers, in lists, and as execution reports of the user data stream. Pure.

import type { ExecType, Execution, Order, OrderStatus, OrderType, SelfTradePrevention } from '@papertape/protocol'
import { pairOf, QUOTE_ASSET } from '../symbols.ts'
import { fixed, millis, worth } from './decimals.ts'

/** What an order and its executions have in common. */
type BinanceOrderView = Omit<Order, 'ts'> | Execution

const STATUSES = {
  new: 'NEW',
  partiallyFilled: 'PARTIALLY_FILLED',
  filled: 'FILLED',
  canceled: 'CANCELED',
  rejected: 'REJECTED',
  expired: 'EXPIRED',
} as const satisfies Record<OrderStatus, string>

const TYPES = {
  limit: 'LIMIT',
  market: 'MARKET',
  stop: 'STOP_LOSS',
  stopLimit: 'STOP_LOSS_LIMIT',
  trailingStop: 'STOP_LOSS',
} as const satisfies Record<OrderType, string>

export const PREVENTION_MODES = {
  none: 'NONE',
  cancelTaker: 'EXPIRE_TAKER',
  cancelMaker: 'EXPIRE_MAKER',
  cancelBoth: 'EXPIRE_BOTH',
  decrement: 'DECREMENT',
} as const satisfies Record<SelfTradePrevention, string>

/** Of an order that is no part of an order list. */
const NO_LIST = -1

/** What every answer has of an order. */
function termsOf(order: BinanceOrderView) {
  const { symbol, orderId, clientOrderId, price, size, cumSize, avgPrice, side, selfTradePrevention } = order
  return {
    symbol: pairOf(symbol),
    orderId: Number(orderId),
    orderListId: NO_LIST,
    clientOrderId,
    price: fixed(price),
    origQty: fixed(size),
    executedQty: fixed(cumSize),
    origQuoteOrderQty: fixed(0),
    cummulativeQuoteQty: fixed(worth(cumSize, avgPrice)),
    status: statusOf(order),
    timeInForce: timeInForceOf(order),
    type: typeOf(order),
    side: side.toUpperCase(),
    selfTradePreventionMode: PREVENTION_MODES[selfTradePrevention ?? 'none'],
    ...conditionalOf(order),
  }
}

/** Fields that only some orders have. */
function conditionalOf({ stopPrice, displaySize, trailPercent }: BinanceOrderView) {
  return {
    ...(stopPrice !== undefined && { stopPrice: fixed(stopPrice) }),
    ...(displaySize !== undefined && { icebergQty: fixed(displaySize) }),
    ...(trailPercent !== undefined && { trailingDelta: Math.round(trailPercent * 100) }),
  }
}

/** As `GET /api/v3/order` shows it. */
export function queriedOrder(order: Order) {
  const time = millis(order.ts)
  return {
    ...termsOf(order),
    stopPrice: fixed(order.stopPrice),
    icebergQty: fixed(order.displaySize),
    time,
    updateTime: time,
    isWorking: isWorking(order),
    workingTime: isWorking(order) ? time : -1,
  }
}

/** The answer to a new order. */
export function placedAck({ symbol, orderId, clientOrderId, ts }: Order) {
  const ids = { symbol: pairOf(symbol), orderId: Number(orderId), orderListId: NO_LIST, clientOrderId }
  return { ...ids, transactTime: millis(ts) }
}

export function placedResult(order: Order) {
  const time = millis(order.ts)
  return { ...placedAck(order), ...termsOf(order), workingTime: isWorking(order) ? time : -1 }
}

export function placedFull(order: Order, fills: readonly Execution[]) {
  return {
    ...placedResult(order),
    fills: fills.map(({ lastPrice, lastSize, fee, tradeId }) => ({
      price: fixed(lastPrice),
      qty: fixed(lastSize),
      commission: fixed(fee),
      commissionAsset: QUOTE_ASSET,
      tradeId,
    })),
  }
}

/** The answer to a cancel. @param cancelId names the cancel itself. */
export function canceledOrder(order: Order, atUs: number, cancelId: string) {
  return {
    ...termsOf(order),
    origClientOrderId: order.clientOrderId,
    clientOrderId: cancelId,
    transactTime: millis(atUs),
  }
}

/** A fill as `GET /api/v3/myTrades` shows it. */
export function ownTrade(fill: Execution) {
  const { symbol, tradeId, orderId, lastPrice, lastSize, fee, ts, side, liquidity } = fill
  return {
    symbol: pairOf(symbol),
    id: tradeId,
    orderId: Number(orderId),
    orderListId: NO_LIST,
    price: fixed(lastPrice),
    qty: fixed(lastSize),
    quoteQty: fixed(worth(lastSize, lastPrice)),
    commission: fixed(fee),
    commissionAsset: QUOTE_ASSET,
    time: millis(ts),
    isBuyer: side === 'buy',
    isMaker: liquidity === 'maker',
    isBestMatch: true,
  }
}

const EXECUTION_TYPES: Readonly<Partial<Record<ExecType, string>>> = {
  new: 'NEW',
  partialFill: 'TRADE',
  fill: 'TRADE',
  canceled: 'CANCELED',
  replaced: 'REPLACED',
  rejected: 'REJECTED',
  expired: 'EXPIRED',
}

/**
 * An execution of the user data stream; undefined for what Binance does not report: a stop order that is triggered.
 * @param placedUs when the order was placed.
 */
export function executionReport(execution: Execution, placedUs: number) {
  const x = EXECUTION_TYPES[execution.execType]
  if (x === undefined) return undefined
  const { ts, clientOrderId, origClientOrderId, execType, lastSize, lastPrice, cumSize, avgPrice } = execution
  const { fee, tradeId, seq, liquidity, reason, displaySize, stopPrice, trailPercent } = execution
  const terms = termsOf(execution)
  const time = millis(ts)
  return {
    e: 'executionReport',
    E: time,
    s: terms.symbol,
    c: clientOrderId,
    S: terms.side,
    o: terms.type,
    f: terms.timeInForce,
    q: terms.origQty,
    p: terms.price,
    P: fixed(stopPrice),
    F: fixed(displaySize),
    g: NO_LIST,
    C: execType === 'canceled' ? clientOrderId : (origClientOrderId ?? ''),
    x,
    X: terms.status,
    r: execType === 'rejected' ? (reason?.code ?? 'NONE').toUpperCase().replaceAll('-', '_') : 'NONE',
    i: terms.orderId,
    l: fixed(lastSize),
    z: terms.executedQty,
    L: fixed(lastPrice),
    n: fixed(fee),
    N: lastSize > 0 ? QUOTE_ASSET : null,
    T: time,
    t: tradeId ?? -1,
    I: seq,
    w: isWorking(execution),
    m: liquidity === 'maker',
    M: false,
    O: millis(placedUs),
    Z: fixed(worth(cumSize, avgPrice)),
    Y: fixed(worth(lastSize, lastPrice)),
    Q: fixed(0),
    V: terms.selfTradePreventionMode,
    ...(isWorking(execution) && { W: millis(placedUs) }),
    ...(trailPercent !== undefined && { d: Math.round(trailPercent * 100) }),
  }
}

function typeOf({ orderType, postOnly }: BinanceOrderView): string {
  return orderType === 'limit' && postOnly ? 'LIMIT_MAKER' : TYPES[orderType]
}

/** Binance shows GTC for a market order, which the exchange has as IOC. */
function timeInForceOf({ orderType, timeInForce }: BinanceOrderView): string {
  return orderType === 'market' ? 'GTC' : timeInForce
}

/** What is left of an order that trades at once has expired, in Binance's words. */
function statusOf({ orderType, timeInForce, orderStatus }: BinanceOrderView): string {
  const isImmediate = orderType === 'market' || timeInForce === 'IOC' || timeInForce === 'FOK'
  return isImmediate && orderStatus === 'canceled' ? 'EXPIRED' : STATUSES[orderStatus]
}

function isWorking({ orderType, orderStatus }: BinanceOrderView): boolean {
  return (
    (orderStatus === 'new' || orderStatus === 'partiallyFilled') && (orderType === 'limit' || orderType === 'market')
  )
}
