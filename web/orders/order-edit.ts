// The change of an open order as it is typed into its line: what would be sent, or what is wrong with each field. Pure;
// OpenOrders.tsx draws it. Nothing is corrected here: a price off the tick is refused, never moved to the next one.

import type { Instrument, Order } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import { checkPrice, checkSize } from './ticket.ts'

export interface TypedEdit {
  readonly size: string
  /** Of no meaning for an order without a limit price. */
  readonly price: string
}

export interface CheckedEdit {
  readonly sizeProblem: string | undefined
  readonly priceProblem: string | undefined
  /** What differs from the order as it stands; undefined while something is wrong, empty when nothing was changed. */
  readonly change: { readonly size?: number; readonly price?: number } | undefined
}

export function checkEdit(order: Order, typed: TypedEdit, instrument: Instrument): CheckedEdit {
  const size = checkSize(typed.size, instrument.lotSize)
  const price = order.price === null ? undefined : checkPrice(typed.price, instrument)
  const sizeProblem = size.problem ?? aboveFilled(size.value, order)
  const priceProblem = price?.problem
  if (size.problem !== undefined || sizeProblem !== undefined || price?.problem !== undefined) {
    return { sizeProblem, priceProblem, change: undefined }
  }
  const change = {
    ...(size.value === order.size ? {} : { size: size.value }),
    ...(price === undefined || price.value === order.price ? {} : { price: price.value }),
  }
  return { sizeProblem, priceProblem, change }
}

/** The new size is the whole one, as in FIX: what has been filled is part of it. */
function aboveFilled(size: number, { cumSize }: Order): string | undefined {
  if (size > cumSize) return undefined
  return `${formatSize(cumSize)} is filled already: write more than that, or cancel the rest.`
}
