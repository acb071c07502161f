// Builds an execution: what has happened to an order, with the order's totals after it.

import { type ExecType, type Execution, optionalTermsOf, type Reject } from '@papertape/protocol'
import type { AccountOrder } from '../model/account-order.ts'

export interface ExecutionDetails {
  readonly execType: ExecType
  readonly origClientOrderId?: string
  readonly lastSize?: number
  readonly lastPrice?: number
  readonly liquidity?: 'maker' | 'taker' | null
  readonly tradeId?: number
  /** Of a fill: that of its trade. */
  readonly time?: number
  /** Of a fill, in currency; 0 when absent. */
  readonly fee?: number
  readonly aheadSize?: number | null
  readonly reason?: Reject
}

type Written<T> = { -readonly [Key in keyof T]: T[Key] }

/** Optional fields are written last, so that most executions have one shape. */
export function executionOf(order: AccountOrder, seq: number, ts: number, details: ExecutionDetails): Execution {
  const { execType, origClientOrderId, time, reason } = details
  const execution: Written<Execution> = {
    type: 'execution',
    seq,
    ts,
    execType,
    orderStatus: order.status,
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    symbol: order.symbol,
    side: order.side,
    orderType: order.orderType,
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    size: order.size,
    price: order.price,
    lastSize: details.lastSize ?? 0,
    lastPrice: details.lastPrice ?? null,
    cumSize: order.cumSize,
    leavesSize: order.leavesSize,
    avgPrice: order.avgPrice,
    liquidity: details.liquidity ?? null,
    tradeId: details.tradeId ?? null,
    fee: details.fee ?? 0,
    aheadSize: details.aheadSize ?? null,
  }
  if (time !== undefined) execution.time = time
  if (origClientOrderId !== undefined) execution.origClientOrderId = origClientOrderId
  Object.assign(execution, optionalTermsOf(order))
  if (reason !== undefined) execution.reason = reason
  return execution
}
