// What stands in the order ticket now. A cell, so that the book, the keys and the form itself can all write to it.
// Checks are ticket.ts's, sending is desk.ts's.

import { type Cell, createValue } from '../market/cell.ts'
import { canPostOnly, type Draft, EMPTY_DRAFT, timesInForce } from './ticket.ts'

export interface Ticket {
  readonly cell: Cell<Draft>
  change(part: Partial<Draft>): void
}

export function createTicket(): Ticket {
  const cell = createValue<Draft>(EMPTY_DRAFT)
  return {
    cell,
    change(part) {
      const before = cell.get()
      let draft = { ...before, ...part }
      // Another type begins with its own standard: an IOC chosen for a market order is not meant for the next limit.
      if (draft.orderType !== before.orderType) draft = { ...draft, timeInForce: timesInForce(draft.orderType)[0]! }
      if (draft.postOnly && !canPostOnly(draft)) draft = { ...draft, postOnly: false }
      cell.set(draft)
    },
  }
}
