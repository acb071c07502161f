// The buttons that fill in a share of the buying power to buy, or of the position to sell. Where there is nothing to
// take a share of, the buttons say why.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { SHARES, shareOfAccount } from '../orders/order-share.ts'
import css from './Ticket.module.css'
import type { TicketPartProps } from './use-ticket-check.tsx'

export function ShareButtons({ checked: { draft, instrument, context } }: TicketPartProps) {
  const { ticket } = useDashboard()
  const of = draft.side === 'buy' ? 'of buying power' : 'of what you hold'
  return (
    <fieldset className={css.shares}>
      <legend className="visually-hidden">Size {of}</legend>
      {SHARES.map(percent => {
        const { size, problem } = { size: 0, ...shareOfAccount(percent, draft, instrument, context) }
        return (
          <button
            key={percent}
            type="button"
            aria-label={`${percent}% ${of}`}
            aria-disabled={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : 'ticket-share-problem'}
            title={problem ?? `${percent}% ${of}`}
            onClick={() => problem === undefined && ticket.change({ size: String(size) })}
            data-testid={`ticket-share-${percent}`}
          >
            {percent}%
          </button>
        )
      })}
    </fieldset>
  )
}
