// The trail of a trailing stop and its unit, in the places of the prices of other orders.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import type { TrailUnit } from '../orders/order-draft.ts'
import { stepTrail } from '../orders/terms/trail.ts'
import { Stepper } from './Stepper.tsx'
import { FIELD_IDS, isWrong } from './ticket-fields.ts'
import type { TicketPartProps } from './use-ticket-check.tsx'

export function TrailFields({ checked }: TicketPartProps) {
  const { ticket } = useDashboard()
  const { draft, instrument, context } = checked
  return (
    <>
      <select
        aria-label="Unit of the trail"
        data-testid="ticket-trail-unit"
        value={draft.trailUnit}
        onChange={event => ticket.change({ trailUnit: event.target.value as TrailUnit })}
      >
        <option value="amount">By an amount</option>
        <option value="percent">In percent</option>
      </select>
      <Stepper
        label={draft.trailUnit === 'amount' ? 'Trail' : 'Trail %'}
        name={draft.trailUnit === 'amount' ? 'Trail' : 'Trail in percent'}
        id={FIELD_IDS.trail}
        value={draft.trail}
        placeholder="1.00"
        wrong={isWrong(checked, 'trail')}
        onChange={trail => ticket.change({ trail })}
        onStep={by => ticket.change({ trail: stepTrail(draft, by, instrument, context.last) })}
      />
    </>
  )
}
