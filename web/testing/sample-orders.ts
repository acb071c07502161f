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
