// The fields of the ticket: their ids in the page, and whether a field is marked as wrong. No markup.

import type { FieldProblem } from '../orders/ticket.ts'
import type { TicketCheck } from './use-ticket-check.tsx'

type Field = FieldProblem['field']

/** The id of the text of a problem is the field's with `-problem`. */
export const FIELD_IDS = {
  size: 'ticket-size',
  price: 'ticket-price',
  stopPrice: 'ticket-stop-price',
  displaySize: 'ticket-display-size',
  timeInForce: 'ticket-tif',
} as const satisfies Record<Field, string>

/** An empty field keeps the order back, but is not marked as wrong. */
export function isWrong({ check, draft }: TicketCheck, field: Field): boolean {
  return check.problems.some(problem => problem.field === field) && draft[field].trim() !== ''
}

/** Whether what is wrong is said beneath the fields; the others are beneath the button. */
export function isUnderFields(checked: TicketCheck, field: Field): boolean {
  return (field === 'size' || field === 'price' || field === 'stopPrice') && isWrong(checked, field)
}

export function focusField(field: Field): void {
  const element = document.getElementById(FIELD_IDS[field])
  element?.focus()
  if (element instanceof HTMLInputElement) element.select()
}
