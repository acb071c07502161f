// The fields of further instructions: expiry, limit offset, exits, iceberg, minimum size, post-only, self-trade
// prevention. Each is explained in a line. A field that the order cannot have is off, or not there.

'use client'

import type { SelfTradePrevention } from '@papertape/protocol'
import { useEffect } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatMoment } from '../format/time-zone.ts'
import { stepPrice, stepSize } from '../orders/checked-number.ts'
import { canFillInPart, canRest } from '../orders/order-draft.ts'
import { checkExpiry } from '../orders/terms/expiry.ts'
import { ExitFields } from './ExitFields.tsx'
import { FieldNote } from './FieldNote.tsx'
import { SELF_TRADE_TEXTS } from './order-texts.ts'
import { Stepper } from './Stepper.tsx'
import css from './Ticket.module.css'
import { FIELD_IDS, isWrong, showField } from './ticket-fields.ts'
import type { TicketPartProps } from './use-ticket-check.tsx'

export function InstructionFields({ checked }: TicketPartProps) {
  const { ticket } = useDashboard()
  const { draft } = checked
  const rests = canRest(draft)
  const mayFillInPart = canFillInPart(draft)
  return (
    <div className={css.instructions}>
      {draft.timeInForce === 'GTD' && <ExpiryField checked={checked} />}
      {draft.orderType === 'trailingStop' && <OffsetField checked={checked} />}
      <ExitFields checked={checked} />
      <PartSizeField
        checked={checked}
        field="displaySize"
        label="Show"
        name="Show at most"
        placeholder="all"
        disabled={!rests}
        note="Iceberg: the book shows this much at a time. Empty shows all."
      />
      <PartSizeField
        checked={checked}
        field="minSize"
        label="Minimum"
        name="Minimum size"
        placeholder="none"
        disabled={!mayFillInPart}
        note={
          mayFillInPart ? 'So much trades at once, or it is rejected.' : 'For orders that may fill in part at once.'
        }
      />
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
      <p id="ticket-post-only-line">
        {rests ? 'Rejected rather than trade at once.' : 'For limit orders with GTC, DAY or GTD.'}
      </p>
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
  )
}

interface PartSizeProps extends TicketPartProps {
  readonly field: 'displaySize' | 'minSize'
  readonly label: string
  readonly name: string
  readonly placeholder: string
  readonly disabled: boolean
  readonly note: string
}

function PartSizeField({ checked, field, note, ...props }: PartSizeProps) {
  const { ticket } = useDashboard()
  const { draft, instrument } = checked
  return (
    <>
      <Stepper
        {...props}
        id={FIELD_IDS[field]}
        value={draft[field]}
        wrong={isWrong(checked, field)}
        onChange={text => ticket.change({ [field]: text })}
        onStep={by => ticket.change({ [field]: stepSize(draft[field], by, instrument.lotSize) })}
      />
      <FieldNote checked={checked} fields={[field]}>
        {note}
      </FieldNote>
    </>
  )
}

/** A time of the day would be that of another clock than the one on the wall: minutes are the same on each. */
function ExpiryField({ checked }: TicketPartProps) {
  const { ticket } = useDashboard()
  const { draft, context } = checked
  const { expiresIn } = draft
  const expiry = checkExpiry(expiresIn, context.timeMs)
  useEffect(() => showField('expiresIn'), [])
  return (
    <>
      <Stepper
        label="Minutes"
        name="Expires in minutes"
        id={FIELD_IDS.expiresIn}
        value={expiresIn}
        wrong={isWrong(checked, 'expiresIn')}
        onChange={text => ticket.change({ expiresIn: text })}
        onStep={by => ticket.change({ expiresIn: stepSize(expiresIn, by, 1) })}
      />
      <FieldNote checked={checked} fields={['expiresIn']} id="ticket-expiry">
        {expiry.value !== undefined && `Of the market's clock: expires on ${formatMoment(expiry.value)} UTC.`}
      </FieldNote>
    </>
  )
}

function OffsetField({ checked }: TicketPartProps) {
  const { ticket } = useDashboard()
  const { draft, instrument } = checked
  const { limitOffset } = draft
  return (
    <>
      <Stepper
        label="Offset"
        name="Limit offset"
        id={FIELD_IDS.limitOffset}
        value={limitOffset}
        placeholder="market"
        wrong={isWrong(checked, 'limitOffset')}
        onChange={text => ticket.change({ limitOffset: text })}
        onStep={by => ticket.change({ limitOffset: stepPrice(limitOffset, by, instrument.tickSize, instrument) })}
      />
      <FieldNote checked={checked} fields={['limitOffset']}>
        How far its limit is behind its stop price. Empty: a market order.
      </FieldNote>
    </>
  )
}
