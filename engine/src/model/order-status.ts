// The status of an account's order: a pure table of the status after each event. Null: the event cannot happen to an
// order in that status; if it does, the exchange has a bug.

import type { OrderStatus } from '@papertape/protocol'
import { assert } from '../primitives/assert.ts'

export const ORDER_EVENTS = ['partialFill', 'fill', 'cancel', 'replace', 'expire'] as const
export type OrderEvent = (typeof ORDER_EVENTS)[number]

const ENDED = { partialFill: null, fill: null, cancel: null, replace: null, expire: null } as const

const NEXT = {
  new: {
    partialFill: 'partiallyFilled',
    fill: 'filled',
    cancel: 'canceled',
    replace: 'new',
    expire: 'expired',
  },
  partiallyFilled: {
    partialFill: 'partiallyFilled',
    fill: 'filled',
    cancel: 'canceled',
    replace: 'partiallyFilled',
    expire: 'expired',
  },
  filled: ENDED,
  // A fill that was under way when the order was canceled: only a script has one.
  canceled: { ...ENDED, partialFill: 'canceled', fill: 'filled' },
  rejected: ENDED,
  expired: ENDED,
} as const satisfies Record<OrderStatus, Record<OrderEvent, OrderStatus | null>>

export function nextOrderStatus(status: OrderStatus, event: OrderEvent): OrderStatus {
  const next: OrderStatus | null = NEXT[status][event]
  assert(next !== null, 'an order that has ended does not change')
  return next
}
