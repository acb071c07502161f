// The life of an account's order: a pure table of what each event makes of each status. Null: the event cannot happen
// to such an order, and the exchange has a fault if it does.

import type { OrderStatus } from '@papertape/protocol'
import { assert } from '../primitives/assert.ts'

export const ORDER_EVENTS = ['fillPartly', 'fillWhole', 'cancel', 'replace', 'expire'] as const
export type OrderEvent = (typeof ORDER_EVENTS)[number]

const ENDED = { fillPartly: null, fillWhole: null, cancel: null, replace: null, expire: null } as const

const NEXT = {
  new: {
    fillPartly: 'partiallyFilled',
    fillWhole: 'filled',
    cancel: 'canceled',
    replace: 'new',
    expire: 'expired',
  },
  partiallyFilled: {
    fillPartly: 'partiallyFilled',
    fillWhole: 'filled',
    cancel: 'canceled',
    replace: 'partiallyFilled',
    expire: 'expired',
  },
  filled: ENDED,
  canceled: ENDED,
  rejected: ENDED,
  expired: ENDED,
} as const satisfies Record<OrderStatus, Record<OrderEvent, OrderStatus | null>>

export function nextOrderStatus(status: OrderStatus, event: OrderEvent): OrderStatus {
  const next: OrderStatus | null = NEXT[status][event]
  assert(next !== null, 'an order that has ended stays as it is')
  return next
}
