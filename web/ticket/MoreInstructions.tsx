// The instructions that few orders have: iceberg, post-only, self-trade prevention. Each is explained in a line. What
// is set stays readable while they are closed.

'use client'

import type { SelfTradePrevention } from '@papertape/protocol'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { stepSize } from '../orders/checked-number.ts'
import { canRest } from '../orders/order-draft.ts'
import { DISPLAY_SIZE_LINE, instructionsText, POST_ONLY_LINE, SELF_TRADE_TEXTS } from './order-texts.ts'
import { Stepper } from './Stepper.tsx'
import css from './Ticket.module.css'
import { FIELD_IDS, isWrong } from './ticket-fields.ts'
import type { TicketPartProps } from './use-ticket-check.tsx'

export function MoreInstructions({ checked }: TicketPartProps) {
  const { ticket } = useDashboard()
  const { draft, instrument } = checked
  const rests = canRest(draft)
  return (
    <details className={css.more} data-testid="ticket-more">
      <summary>
        More <span className={css.set}>{instructionsText(draft) || 'iceberg, post only, own orders'}</span>
      </summary>
      <div className={css.instructions}>
        <Stepper
          label="Show"
          name="Show at most"
          id={FIELD_IDS.displaySize}
          value={draft.displaySize}
          placeholder="all"
          wrong={isWrong(checked, 'displaySize')}
          disabled={!rests}
          onChange={displaySize => ticket.change({ displaySize })}
          onStep={by => ticket.change({ displaySize: stepSize(draft.displaySize, by, instrument.lotSize) })}
        />
        <p>{DISPLAY_SIZE_LINE}</p>
        <label className={css.check}>
          <input
            type="checkbox"
            checked={draft.postOnly}
            disabled={!rests}
            aria-describedby="ticket-post-only-line"
            onChange={event => ticket.change({ postOnly: event.target.checked })}
            data-testid="ticket-post-only"
          />
          Post only
        </label>
        <p id="ticket-post-only-line">{rests ? POST_ONLY_LINE : 'For limit orders with GTC or DAY.'}</p>
        <select
          aria-label="When it meets your own order"
          aria-describedby="ticket-stp-line"
          value={draft.selfTradePrevention}
          onChange={event => ticket.change({ selfTradePrevention: event.target.value as SelfTradePrevention })}
          data-testid="ticket-stp"
        >
          {Object.entries(SELF_TRADE_TEXTS).map(([value, { label }]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <p id="ticket-stp-line">{SELF_TRADE_TEXTS[draft.selfTradePrevention].line}</p>
      </div>
    </details>
  )
}
