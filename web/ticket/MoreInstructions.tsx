// Further instructions of the order, closed away: their fields are loaded when they are opened first. What is set stays
// readable while they are closed. An order that expires opens them: its time is there.

'use client'

import { useEffect, useState } from 'react'
import { loadPart } from '../ui/load-part.tsx'
import { instructionsText } from './order-texts.ts'
import css from './Ticket.module.css'
import type { TicketPartProps } from './use-ticket-check.tsx'

const InstructionFields = loadPart(async () => (await import('./InstructionFields.tsx')).InstructionFields)

interface MoreInstructionsProps extends TicketPartProps {
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
}

export function MoreInstructions({ checked, isOpen, onOpen }: MoreInstructionsProps) {
  const { draft } = checked
  const [wasOpen, setWasOpen] = useState(false)
  const expires = draft.timeInForce === 'GTD'
  useEffect(() => {
    if (expires) onOpen(true)
  }, [expires, onOpen])
  useEffect(() => {
    if (isOpen) setWasOpen(true)
  }, [isOpen])
  return (
    <details
      className={css.more}
      open={isOpen}
      onToggle={event => onOpen(event.currentTarget.open)}
      data-testid="ticket-more"
    >
      <summary>
        More <span className={css.set}>{instructionsText(draft) || 'take-profit, stop-loss, iceberg, …'}</span>
      </summary>
      {wasOpen && <InstructionFields checked={checked} />}
    </details>
  )
}
