// The ended orders of the account, put together from their executions and from what the server lists. Pure.
// order-history.ts keeps the executions, account/life-steps.ts makes texts of them.

import { type Execution, isOpen, type Order } from '@papertape/protocol'

/** The executions of both lists, each once, oldest first. */
export function mergeExecutions(known: readonly Execution[], more: readonly Execution[]): readonly Execution[] {
  const bySeq = new Map([...known, ...more].map(one => [one.seq, one]))
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/** The order after its last execution. @param life of one order, oldest first, not empty. */
export function orderAfter(life: readonly Execution[]): Order {
  const dated = life.findLast(({ origClientOrderId }) => origClientOrderId !== undefined) ?? life[0]!
  const hasTriggered = life.some(({ execType }) => execType === 'triggered')
  return { ...life.at(-1)!, ts: dated.ts, ...(hasTriggered ? { triggered: true } : {}) }
}

/** The ended orders of both lists, newest first; an order of both as its executions have it. */
export function endedOrders(lives: Iterable<readonly Execution[]>, fetched: readonly Order[]): readonly Order[] {
  const ended = new Map(fetched.filter(one => !isOpen(one.orderStatus)).map(order => [order.orderId, order]))
  for (const life of lives) {
    const order = orderAfter(life)
    // Its first executions may be missing: the server knows when it was placed.
    if (!isOpen(order.orderStatus)) ended.set(order.orderId, { ...order, ts: ended.get(order.orderId)?.ts ?? order.ts })
  }
  return [...ended.values()].sort((a, b) => Number(b.orderId) - Number(a.orderId))
}
