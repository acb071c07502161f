// The note beside a field among the further instructions: what is wrong with the field, else what it is for. A screen
// reader has what is wrong from beneath the ticket's button, where it is said once more.

'use client'

import { type ReactNode, useEffect } from 'react'
import type { DraftField } from '../orders/order-draft.ts'
import css from './Ticket.module.css'
import { FIELD_IDS, isWrong, showField } from './ticket-fields.ts'
import type { TicketPartProps } from './use-ticket-check.tsx'

interface FieldNoteProps extends TicketPartProps {
  readonly fields: readonly DraftField[]
  readonly id?: string
  readonly children: ReactNode
}

export function FieldNote({ checked, fields, id, children }: FieldNoteProps) {
  const problems = checked.check.problems.filter(({ field }) => fields.includes(field))
  // What was typed wrong comes before what is still to be typed.
  const problem = problems.find(({ field }) => isWrong(checked, field)) ?? problems[0]
  const field = problem?.field
  const text = problem?.text
  // A longer note may move the field in which somebody types out of sight.
  useEffect(() => {
    if (text !== undefined && field !== undefined && document.activeElement?.id === FIELD_IDS[field]) showField(field)
  }, [field, text])
  if (problem === undefined) return <p id={id}>{children}</p>
  return (
    <p id={id} className={isWrong(checked, problem.field) ? css.wrong : undefined} data-testid="ticket-field-problem">
      {problem.text}
    </p>
  )
}
