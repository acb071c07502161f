// Beneath the ticket's button: the result of the last order, further instructions, why the order cannot be sent or what
// becomes of it, and cautions. Scrolls, so that no message moves the button.

'use client'

import { useEffect, useRef, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import type { DraftField } from '../orders/order-draft.ts'
import { shareOfAccount } from '../orders/order-share.ts'
import { isPending } from '../orders/submission.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { SubmissionResult } from '../ui/SubmissionResult.tsx'
import { MoreInstructions } from './MoreInstructions.tsx'
import css from './Ticket.module.css'
import { FIELD_IDS, isInMore, isUnderFields, isWrong } from './ticket-fields.ts'
import type { TicketPartProps } from './use-ticket-check.tsx'

export function TicketNotes({ checked }: TicketPartProps) {
  const { store, desk, ticket } = useDashboard()
  const { latest } = useObservable(desk.state)
  const { instrument, draft, context, check, blocked, outcome } = checked
  const reasons = useRef<HTMLDivElement>(null)
  const [isMoreOpen, setMoreOpen] = useState(false)
  const isAwaited = latest !== null && isPending(latest.state)
  const isBesideField = (field: DraftField) => isMoreOpen && isInMore(field)
  const isSeen = check.problems.some(({ field, text }) => text === blocked && isBesideField(field))
  // A new reason is seen, also in a low area under an older result. An order without an answer is more urgent.
  useEffect(() => {
    if (blocked !== undefined && !isAwaited && !isSeen) reasons.current!.scrollIntoView({ block: 'nearest' })
  }, [blocked, isAwaited, isSeen])
  const under = check.problems.filter(({ field }) => !isUnderFields(checked, field))
  // The exchange has said the same of this order.
  const isAnswered = latest?.state === 'refused' && ticket.lastSent?.draft === draft
  const share = shareOfAccount(100, draft, instrument, context).problem
  // By another text here; the buttons still refer to it.
  const isShareExplained = draft.side === 'sell' || context.buyingPower === null || check.problems.length > 0
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys
    <section className={css.notes} aria-label="About this order" tabIndex={0}>
      <SubmissionResult
        testId="ticket-result"
        submission={latest}
        decimals={store.instrument(latest?.symbol ?? '')?.priceDecimals ?? instrument.priceDecimals}
      />
      <MoreInstructions checked={checked} isOpen={isMoreOpen} onOpen={setMoreOpen} />
      <div ref={reasons} id="ticket-reasons" data-testid="ticket-reasons">
        {blocked !== undefined && !check.problems.some(({ text }) => text === blocked) && (
          <p className={css.blocked}>{blocked}</p>
        )}
        {under.map(({ field, text }) => (
          <p
            key={field}
            className={isBesideField(field) ? 'visually-hidden' : isWrong(checked, field) ? css.wrong : css.blocked}
            id={`${FIELD_IDS[field]}-problem`}
          >
            {text}
          </p>
        ))}
        {blocked === undefined && outcome !== undefined && <p className={css.outcome}>{outcome}</p>}
      </div>
      {!isAnswered &&
        check.cautions.map(text => (
          <p key={text} className={css.caution}>
            {text}
          </p>
        ))}
      {share !== undefined && (
        <p id="ticket-share-problem" className={isShareExplained ? 'visually-hidden' : css.blocked}>
          25, 50 and 100%: {share}
        </p>
      )}
    </section>
  )
}
