// The fields of the ticket: their ids in the page, and whether a field is marked as wrong. No markup.

import type { DraftField, OrderDraft } from '../orders/order-draft.ts'
import type { TicketCheck } from './use-ticket-check.tsx'

/** The id of the text of a problem is the field's with `-problem`. */
export const FIELD_IDS = {
  size: 'ticket-size',
  price: 'ticket-price',
  stopPrice: 'ticket-stop-price',
  trail: 'ticket-trail',
  limitOffset: 'ticket-limit-offset',
  displaySize: 'ticket-display-size',
  minSize: 'ticket-min-size',
  timeInForce: 'ticket-tif',
  expiresIn: 'ticket-expires-in',
  takeProfit: 'ticket-take-profit',
  stopLoss: 'ticket-stop-loss',
  stopLossLimit: 'ticket-stop-loss-limit',
} as const satisfies Record<DraftField, string>

/** Those above the button. */
const MAIN_FIELDS: readonly DraftField[] = ['size', 'price', 'stopPrice', 'trail']

/** An empty field keeps the order back, but is not marked as wrong. */
export function isWrong({ check, draft }: TicketCheck, field: DraftField): boolean {
  return check.problems.some(problem => problem.field === field) && draft[field].trim() !== ''
}

/** Whether what is wrong is said beneath the fields; the others are beneath the button. */
export function isUnderFields(checked: TicketCheck, field: DraftField): boolean {
  return MAIN_FIELDS.includes(field) && isWrong(checked, field)
}

/** Whether it is among the further instructions. What is wrong is said beside it while these are open. */
export function isInMore(field: DraftField): boolean {
  return !MAIN_FIELDS.includes(field) && field !== 'timeInForce'
}

/** Where the price of the order is typed, or what it follows from. */
export function priceField({ orderType }: OrderDraft): DraftField {
  if (orderType === 'trailingStop') return 'trail'
  return orderType === 'stop' ? 'stopPrice' : 'price'
}

/** Shows a field that a choice has added. */
export function showField(field: DraftField): void {
  document.getElementById(FIELD_IDS[field])?.scrollIntoView({ block: 'nearest' })
}

export function focusField(field: DraftField): void {
  const element = document.getElementById(FIELD_IDS[field])
  // The further instructions may be closed.
  element?.closest('details')?.setAttribute('open', '')
  element?.focus()
  if (element instanceof HTMLInputElement) element.select()
}
