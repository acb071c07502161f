// Executions for tests, valid as the exchange sends them.

import type { Execution } from '@papertape/protocol'

/** A buy of 10 AAA at 9 that is accepted, unless `change` says otherwise. */
export function sampleExecution(seq: number, change: Partial<Execution> = {}): Execution {
  return {
    type: 'execution',
    seq,
    ts: seq,
    execType: 'new',
    orderStatus: 'new',
    orderId: 'o1',
    clientOrderId: 'id1',
    symbol: 'AAA',
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'GTC',
    size: 10,
    price: 9,
    postOnly: false,
    lastSize: 0,
    lastPrice: null,
    cumSize: 0,
    leavesSize: 10,
    avgPrice: null,
    liquidity: null,
    tradeId: null,
    fee: 0,
    aheadSize: 0,
    ...change,
  }
}

/** Terms of the order below. */
export const STOP = { orderType: 'stopLimit', size: 300, price: 184.5, stopPrice: 185, leavesSize: 300 } as const
/** Of a stop-limit order that is replaced, triggers, fills in part and is canceled; oldest first. */
export const LIFE: readonly Execution[] = [
  sampleExecution(1, STOP),
  sampleExecution(4, {
    ...STOP,
    execType: 'replaced',
    origClientOrderId: 'id1',
    size: 200,
    stopPrice: 184.8,
    leavesSize: 200,
  }),
  sampleExecution(5, { ...STOP, execType: 'triggered', size: 200, stopPrice: 184.8, leavesSize: 200 }),
  sampleExecution(7, {
    ...STOP,
    execType: 'partialFill',
    orderStatus: 'partiallyFilled',
    size: 200,
    stopPrice: 184.8,
    lastSize: 40,
    lastPrice: 184.45,
    cumSize: 40,
    leavesSize: 160,
    avgPrice: 184.45,
  }),
  sampleExecution(9, {
    ...STOP,
    execType: 'canceled',
    orderStatus: 'canceled',
    size: 200,
    stopPrice: 184.8,
    cumSize: 40,
    leavesSize: 0,
    avgPrice: 184.45,
    reason: { code: 'self-trade-prevented', text: 'would trade with 1500 of your own' },
  }),
]
