// Checks the edit of an open order: the change to send, or the problem of each field. Pure; drawn by
// account/OrderEditRow.tsx. Corrects nothing: a price off the tick is refused, not rounded.

import type { Instrument, Order, OrderChange } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import { type CheckedNumber, checkTypedPrice, checkTypedSize } from './checked-number.ts'

export interface TypedEdit {
  readonly size: string
  /** Ignored for an order without a limit price. */
  readonly price: string
  /** Ignored for an order that does not wait for its stop price. */
  readonly stopPrice: string
}

export type EditField = keyof TypedEdit
export const EDIT_FIELDS: readonly EditField[] = ['size', 'price', 'stopPrice']
export const EDIT_NAMES: Readonly<Record<EditField, string>> = {
  size: 'size',
  price: 'price',
  stopPrice: 'stop price',
}

export interface CheckedEdit {
  readonly problems: Readonly<Partial<Record<EditField, string>>>
  /** The fields that differ from the order; undefined while there is a problem, empty if nothing was changed. */
  readonly change: OrderEdit | undefined
}

export type OrderEdit = Pick<OrderChange, EditField>

/** The fields of the order that can be changed. */
export function editableFields(order: Order): readonly EditField[] {
  const { orderType, price, stopPrice, triggered, listId } = order
  // The exchange moves the stop price of a trailing stop.
  const waits = stopPrice !== undefined && triggered !== true && orderType !== 'trailingStop'
  // The orders of a list keep their size.
  const editable = { size: listId === undefined, price: price !== null, stopPrice: waits }
  return EDIT_FIELDS.filter(field => editable[field])
}

export function checkEdit(order: Order, typed: TypedEdit, instrument: Instrument): CheckedEdit {
  const problems: Partial<Record<EditField, string>> = {}
  const change: { -readonly [Field in EditField]?: number } = {}
  for (const field of editableFields(order)) {
    const checked = field === 'size' ? checkSize(typed.size, order, instrument) : checkPrice(field, typed, instrument)
    if (checked.problem !== undefined) problems[field] = checked.problem
    else if (checked.value !== order[field]) change[field] = checked.value
  }
  return { problems, change: Object.keys(problems).length > 0 ? undefined : change }
}

/** The change that gives an order another price, as a person who drags it asks for; the rest of it stays. */
export function checkPriceChange(
  order: Order,
  field: 'price' | 'stopPrice',
  price: number,
  instrument: Instrument,
):
  | { readonly change: OrderEdit; readonly problem?: undefined }
  | { readonly change?: undefined; readonly problem: string } {
  if (!editableFields(order).includes(field))
    return { problem: 'A trailing stop follows the market. Cancel it and place another.' }
  const text = (value: number | null | undefined) => value?.toFixed(instrument.priceDecimals) ?? ''
  const typed = { size: String(order.size), price: text(order.price), stopPrice: text(order.stopPrice) }
  const { problems, change } = checkEdit(order, { ...typed, [field]: text(price) }, instrument)
  const problem = EDIT_FIELDS.map(name => problems[name]).find(one => one !== undefined)
  return change === undefined ? { problem: problem ?? 'It cannot be changed.' } : { change }
}

function checkSize(text: string, order: Order, { lotSize }: Instrument): CheckedNumber {
  const checked = checkTypedSize(text, lotSize)
  const problem = checked.problem ?? aboveFilled(checked.value, order)
  return problem === undefined ? checked : { problem }
}

function checkPrice(field: 'price' | 'stopPrice', typed: TypedEdit, instrument: Instrument): CheckedNumber {
  if (field === 'stopPrice' && typed.stopPrice.trim() === '') return { problem: 'Enter a stop price.' }
  return checkTypedPrice(typed[field], instrument)
}

/** The new size includes what has been filled, as in FIX. */
function aboveFilled(size: number, { cumSize }: Order): string | undefined {
  if (size > cumSize) return undefined
  return `${formatSize(cumSize)} is already filled. Enter a larger size, or cancel the rest.`
}
