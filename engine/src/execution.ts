// One execution: what just happened to an order, for its owner, with the order's totals after it.

import type { ExecType, Execution, Reject } from '@papertape/protocol'
import type { AccountOrder } from './account-order.ts'

export interface ExecutionDetails {
  readonly execType: ExecType
  readonly origClientOrderId?: string
  readonly lastSize?: number
  readonly lastPrice?: number
  readonly liquidity?: 'maker' | 'taker'
  readonly tradeId?: number
  readonly aheadSize?: number | null
  readonly reason?: Reject
}

export function executionOf(order: AccountOrder, seq: number, ts: number, details: ExecutionDetails): Execution {
  const { execType, origClientOrderId, reason } = details
  return {
    type: 'execution',
    seq,
    ts,
    execType,
    orderStatus: order.status,
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    ...(origClientOrderId === undefined ? {} : { origClientOrderId }),
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
    fee: 0,
    aheadSize: details.aheadSize ?? null,
    ...(reason === undefined ? {} : { reason: { code: reason.code, text: reason.text } }),
  }
}
