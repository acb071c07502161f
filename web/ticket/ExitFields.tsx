// The exits of the order: none, a bracket, or the stop-loss beside an order that takes the profit, with their prices.
// orders/terms/exits.ts checks them.

'use client'

import { useEffect } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatPrice } from '../format/format.ts'
import { stepPrice } from '../orders/checked-number.ts'
import { type OrderDraft, orderClasses } from '../orders/order-draft.ts'
import { FieldNote } from './FieldNote.tsx'
import { Stepper } from './Stepper.tsx'
import { FIELD_IDS, isWrong, showField } from './ticket-fields.ts'
import type { TicketPartProps } from './use-ticket-check.tsx'

const CLASS_TEXTS = {
  none: { label: 'No exits', line: 'Bracket or OCO: a take-profit and a stop-loss.' },
  bracket: { label: 'Bracket', line: 'Both start when the order has filled. One ends the other.' },
  oco: { label: 'OCO', line: 'This order takes the profit. One ends the other.' },
} as const satisfies Record<OrderDraft['orderClass'], object>

const PRICES = {
  takeProfit: { label: 'Profit', name: 'Take-profit price' },
  stopLoss: { label: 'Loss', name: 'Stop-loss price' },
  stopLossLimit: { label: 'Limit', name: 'Limit of the stop-loss' },
} as const

export function ExitFields({ checked }: TicketPartProps) {
  const { ticket } = useDashboard()
  const { draft, instrument, context } = checked
  const { orderClass } = draft
  const classes = orderClasses(draft)
  useEffect(() => {
    if (orderClass !== 'none') showField('stopLoss')
  }, [orderClass])
  const price = (field: keyof typeof PRICES, placeholder = formatPrice(context.last, instrument.priceDecimals)) => (
    <Stepper
      {...PRICES[field]}
      id={FIELD_IDS[field]}
      value={draft[field]}
      placeholder={placeholder}
      wrong={isWrong(checked, field)}
      onChange={text => ticket.change({ [field]: text })}
      onStep={by => ticket.change({ [field]: stepPrice(draft[field], by, context.last, instrument) })}
    />
  )
  return (
    <>
      <select
        aria-label="Exits"
        aria-describedby="ticket-exits-line"
        value={orderClass}
        disabled={classes.length === 1}
        onChange={event => ticket.change({ orderClass: event.target.value as OrderDraft['orderClass'] })}
        data-testid="ticket-exits"
      >
        {classes.map(one => (
          <option key={one} value={one}>
            {CLASS_TEXTS[one].label}
          </option>
        ))}
      </select>
      <FieldNote checked={checked} fields={['takeProfit', 'stopLoss', 'stopLossLimit']} id="ticket-exits-line">
        {classes.length === 1 ? 'A trailing stop has no exits.' : CLASS_TEXTS[orderClass].line}
      </FieldNote>
      {orderClass === 'bracket' && price('takeProfit')}
      {orderClass !== 'none' && price('stopLoss')}
      {orderClass !== 'none' && price('stopLossLimit', 'market')}
      {orderClass === 'bracket' && <p>Of the stop-loss. Empty: a market order.</p>}
    </>
  )
}
