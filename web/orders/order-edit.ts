// Checks the edit of an open order: the change to send, or the problem of each field. Pure; drawn by
// account/OpenOrders.tsx. Corrects nothing: a price off the tick is refused, not rounded.

import type { Instrument, Order } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import { checkTypedPrice, checkTypedSize } from './ticket.ts'

export interface TypedEdit {
  readonly size: string
  /** Ignored for an order without a limit price. */
  readonly price: string
}

export interface CheckedEdit {
  readonly sizeProblem: string | undefined
  readonly priceProblem: string | undefined
  /** The fields that differ from the order; undefined while there is a problem, empty if nothing was changed. */
  readonly change: { readonly size?: number; readonly price?: number } | undefined
}

export function checkEdit(order: Order, typed: TypedEdit, instrument: Instrument): CheckedEdit {
  const size = checkTypedSize(typed.size, instrument.lotSize)
  const price = order.price === null ? undefined : checkTypedPrice(typed.price, instrument)
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

/** The new size includes what has been filled, as in FIX. */
function aboveFilled(size: number, { cumSize }: Order): string | undefined {
  if (size > cumSize) return undefined
  return `${formatSize(cumSize)} is already filled. Enter a larger size, or cancel the rest.`
}
