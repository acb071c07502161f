// The ticket's draft, checked against the market and the account as they are now. Draws nothing.

'use client'

import { type Instrument, isReserving } from '@papertape/protocol'
import { useMemo } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { withTouchOf } from '../market/selectors.ts'
import { blockedReason } from '../orders/arming.ts'
import { type DraftContext, hasFurtherTerms, type OrderDraft } from '../orders/order-draft.ts'
import { outcomeInPhase } from '../orders/order-phases.ts'
import { checkDraft, type DraftCheck } from '../orders/ticket.ts'
import { createObservable } from '../reactive/observable.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { useLate } from '../ui/load-part.tsx'
import { useMarketStaleness } from '../ui/use-staleness.tsx'

export interface TicketCheck {
  readonly instrument: Instrument
  readonly draft: OrderDraft
  readonly context: DraftContext
  readonly check: DraftCheck
  /** Why the order cannot be sent. */
  readonly blocked: string | undefined
  /** What becomes of it first, where it is not matched at once. */
  readonly outcome: string | undefined
  /** The best price of its own side; in a call phase the indicative one. */
  readonly near: number | null
}

/** The ticket changes with the market's clock only where an order expires. */
const NO_CLOCK = createObservable(0)

const loadTermChecks = async () => (await import('../orders/terms/term-checks.ts')).TERM_CHECKS

export function useTicketCheck(instrument: Instrument): TicketCheck {
  const { store, depth, desk, ticket, connections, frozen } = useDashboard()
  const { symbol, priceDecimals } = instrument
  const draft = useObservable(ticket.state)
  const book = useObservable(depth.state)
  const row = withTouchOf(useObservable(store.summary(symbol)), book)
  const { accountId, problem, positions, orders, balance } = useObservable(desk.state)
  const channel = useObservable(connections.orders.facts).state
  const isFrozen = useObservable(frozen) !== null
  const isStale = useMarketStaleness()
  const timeMs = useObservable(draft.timeInForce === 'GTD' ? store.clock : NO_CLOCK)
  const isFurther = hasFurtherTerms(draft)
  const termChecks = useLate(isFurther, loadTermChecks)
  const { phase, last } = row
  const indicativePrice = row.auction?.price ?? null
  const context = useMemo((): DraftContext => {
    const { bids, asks } = book.symbol === symbol ? book : { bids: [], asks: [] }
    const held = positions.find(one => one.symbol === symbol)?.size ?? 0
    const offered = orders
      .filter(order => order.symbol === symbol && order.side === 'sell' && isReserving(order))
      .reduce((sum, { leavesSize }) => sum + leavesSize, 0)
    const buyingPower = balance?.buyingPower ?? null
    const maySellShort = balance?.equity !== undefined
    return {
      phase,
      bids,
      asks,
      last,
      timeMs,
      indicativePrice,
      buyingPower,
      held,
      offered,
      maySellShort,
      isStale,
      termChecks,
    }
  }, [book, symbol, positions, orders, balance, phase, last, timeMs, indicativePrice, isStale, termChecks])
  const check = useMemo(() => checkDraft(draft, instrument, context), [draft, instrument, context])
  const noAccount = accountId === null ? (problem ?? 'Opening a paper account…') : undefined
  const loading = isFurther && termChecks === undefined ? 'Loading the checks of this order…' : undefined
  return {
    instrument,
    draft,
    context,
    check,
    blocked: blockedReason(draft, check, { symbol, phase, isFrozen, channel, noAccount }) ?? loading,
    outcome: outcomeInPhase(row, draft, priceDecimals),
    near: (draft.side === 'buy' ? row.bid : row.ask) ?? indicativePrice,
  }
}

/** The props of a part of the form. */
export interface TicketPartProps {
  readonly checked: TicketCheck
}
