// The contents of the order ticket. An observable, so that the book, the hotkeys and the form can all write to it.
// ticket.ts checks it, desk.ts sends it.

import { createObservable, type Observable } from '../reactive/observable.ts'
import { changeDraft, EMPTY_DRAFT, hasPrice, NOTHING_TYPED, type OrderDraft, PLAIN } from './order-draft.ts'

/** A draft that was sent. */
export interface SentDraft {
  readonly symbol: string
  readonly draft: OrderDraft
}

export interface Ticket {
  readonly state: Observable<OrderDraft>
  /** The draft that was sent last, to be repeated. */
  readonly lastSent: SentDraft | undefined
  /** What a person typed or picked. */
  change(part: Partial<OrderDraft>): void
  /** Takes a price from the book or the chart: the stop price of a stop order, else the price of a limit order. */
  pickPrice(price: string): void
  /** Switches to another instrument, and clears its prices. */
  open(symbol: string): void
  /** Fills in the market's price once for a limit order; what a person wrote stays, also an emptied field. */
  fillPrice(symbol: string, price: string): void
  /** Notes that the draft was sent as it is, and clears what is of that order alone. */
  markSent(): void
  /** The order was not taken: unless the draft was changed meanwhile it is again as it was sent, with its exits. */
  markRefused(): void
  markAccepted(): void
}

export function createTicket(): Ticket {
  const state = createObservable<OrderDraft>(EMPTY_DRAFT)
  let symbol = ''
  let priceFrom: 'none' | 'market' | 'person' = 'none'
  let lastSent: SentDraft | undefined
  /** The draft that markSent() left, while the order has no answer. */
  let afterSent: OrderDraft | undefined

  function change(part: Partial<OrderDraft>): void {
    const before = state.get()
    const after = changeDraft(before, part)
    if (part.price !== undefined) priceFrom = 'person'
    // The other side has its own best price, and the limit of a stop order is not the market's price.
    const isAnother = after.side !== before.side || after.orderType !== before.orderType
    if (!isAnother || priceFrom !== 'market') {
      state.set(after)
      return
    }
    priceFrom = 'none'
    state.set({ ...after, price: '' })
  }

  return {
    state,
    get lastSent() {
      return lastSent
    },
    change,
    pickPrice(price) {
      const { orderType } = state.get()
      if (orderType === 'stop') change({ stopPrice: price })
      else change({ orderType: hasPrice(orderType) ? orderType : 'limit', price })
    },
    open(next) {
      if (next === symbol) return
      symbol = next
      priceFrom = 'none'
      state.set({ ...state.get(), ...NOTHING_TYPED })
    },
    fillPrice(of, price) {
      if (of !== symbol || priceFrom !== 'none' || state.get().orderType !== 'limit') return
      priceFrom = 'market'
      state.set({ ...state.get(), price })
    },
    markSent() {
      const draft = state.get()
      lastSent = { symbol, draft }
      const isPlain = draft.displaySize === '' && draft.minSize === '' && draft.orderClass === 'none'
      if (!isPlain) state.set({ ...draft, ...PLAIN })
      afterSent = state.get()
    },
    markRefused() {
      if (lastSent !== undefined && state.get() === afterSent) state.set(lastSent.draft)
      afterSent = undefined
    },
    markAccepted() {
      afterSent = undefined
    },
  }
}
