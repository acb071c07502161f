// What stands in the order ticket now. A cell, so that the book, the keys and the form itself can all write to it.
// Checks are ticket.ts's, sending is desk.ts's.

import { type Cell, createValue } from '../reactive/observable.ts'
import { canPostOnly, type Draft, EMPTY_DRAFT, timesInForce } from './ticket.ts'

export interface Ticket {
  readonly cell: Cell<Draft>
  /** What a person types, picks or presses. */
  change(part: Partial<Draft>): void
  /** Shows the ticket of another instrument: a price belongs to its instrument. */
  open(symbol: string): void
  /** The market's price for a ticket that has had none; what a person has written stays, an emptied field too. */
  fillPrice(symbol: string, price: string): void
}

export function createTicket(): Ticket {
  const cell = createValue<Draft>(EMPTY_DRAFT)
  let symbol = ''
  let priceFrom: 'nobody' | 'market' | 'person' = 'nobody'

  function set(before: Draft, part: Partial<Draft>): void {
    let draft = { ...before, ...part }
    // Another type begins with its own standard: an IOC chosen for a market order is not meant for the next limit.
    if (draft.orderType !== before.orderType) draft = { ...draft, timeInForce: timesInForce(draft.orderType)[0]! }
    if (draft.postOnly && !canPostOnly(draft)) draft = { ...draft, postOnly: false }
    cell.set(draft)
  }

  return {
    cell,
    change(part) {
      const before = cell.get()
      if (part.price !== undefined) priceFrom = 'person'
      // The other side has its own best price.
      const isTurned = part.side !== undefined && part.side !== before.side
      if (isTurned && priceFrom === 'market') {
        priceFrom = 'nobody'
        set(before, { ...part, price: '' })
      } else set(before, part)
    },
    open(next) {
      if (next === symbol) return
      symbol = next
      priceFrom = 'nobody'
      cell.set({ ...cell.get(), price: '' })
    },
    fillPrice(of, price) {
      if (of !== symbol || priceFrom !== 'nobody') return
      priceFrom = 'market'
      cell.set({ ...cell.get(), price })
    },
  }
}
