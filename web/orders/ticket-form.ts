// The contents of the order ticket. An observable, so that the book, the hotkeys and the form can all write to it.
// ticket.ts checks it, desk.ts sends it.

import { createObservable, type Observable } from '../reactive/observable.ts'
import { canPostOnly, EMPTY_DRAFT, type OrderDraft, timesInForce } from './ticket.ts'

export interface Ticket {
  readonly state: Observable<OrderDraft>
  /** What a person typed or picked. */
  change(part: Partial<OrderDraft>): void
  /** Takes a price from the book or the chart: the limit price of a limit order. */
  pickPrice(price: string): void
  /** Switches to another instrument, and clears the price. */
  open(symbol: string): void
  /** Fills in the market's price once; what a person wrote stays, also an emptied field. */
  fillPrice(symbol: string, price: string): void
}

export function createTicket(): Ticket {
  const state = createObservable<OrderDraft>(EMPTY_DRAFT)
  let symbol = ''
  let priceFrom: 'none' | 'market' | 'person' = 'none'

  function set(before: OrderDraft, part: Partial<OrderDraft>): void {
    let draft = { ...before, ...part }
    // Another type starts with its own default: the IOC of a market order is not meant for a limit order.
    if (draft.orderType !== before.orderType) draft = { ...draft, timeInForce: timesInForce(draft.orderType)[0]! }
    if (draft.postOnly && !canPostOnly(draft)) draft = { ...draft, postOnly: false }
    state.set(draft)
  }

  function change(part: Partial<OrderDraft>): void {
    const before = state.get()
    if (part.price !== undefined) priceFrom = 'person'
    // The other side has its own best price.
    const isOtherSide = part.side !== undefined && part.side !== before.side
    if (isOtherSide && priceFrom === 'market') {
      priceFrom = 'none'
      set(before, { ...part, price: '' })
    } else set(before, part)
  }

  return {
    state,
    change,
    pickPrice: price => change({ orderType: 'limit', price }),
    open(next) {
      if (next === symbol) return
      symbol = next
      priceFrom = 'none'
      state.set({ ...state.get(), price: '' })
    },
    fillPrice(of, price) {
      if (of !== symbol || priceFrom !== 'none') return
      priceFrom = 'market'
      state.set({ ...state.get(), price })
    },
  }
}
