// Whether the ticket's order can be sent now, and if not, why: a frozen screen, a channel that is not ready, a phase in
// which the exchange would refuse it, or a problem in a field. Pure.

import type { NewOrder, Phase } from '@papertape/protocol'
import type { ConnectionState } from '../connections/connection.ts'
import { formatCash, formatPrice, formatSize } from '../format/format.ts'
import type { DraftCheck, OrderDraft } from './ticket.ts'

export interface SendConditions {
  readonly symbol: string
  readonly phase: Phase
  readonly isFrozen: boolean
  readonly channel: ConnectionState
}

/** What the exchange does with a new order: match it, collect it for an auction, or refuse it. */
const PHASE_HANDLING: Readonly<Record<Phase, 'match' | 'call' | 'refuse'>> = {
  preOpen: 'call',
  openingAuction: 'call',
  continuous: 'match',
  limitState: 'match',
  paused: 'call',
  halted: 'refuse',
  closingAuction: 'call',
  closed: 'refuse',
}

const PHASE_TEXTS: Readonly<Record<Phase, string>> = {
  preOpen: 'not open yet',
  openingAuction: 'in its opening auction',
  continuous: 'trading',
  limitState: 'in a limit state',
  paused: 'paused',
  halted: 'halted',
  closingAuction: 'in its closing auction',
  closed: 'closed',
}

/** Why orders cannot be sent in this state of the order channel. */
export const CHANNEL_PROBLEMS: Readonly<Record<ConnectionState, string | undefined>> = {
  idle: 'Connecting to the exchange…',
  connecting: 'Connecting to the exchange…',
  live: undefined,
  waiting: 'Connection lost. You can send orders when it is back.',
  stale: 'The exchange does not respond. You can send orders when it does.',
  closed: 'The connection is closed. Reload the page to trade.',
}

type PhaseFields = Pick<NewOrder, 'orderType' | 'timeInForce'>

/** Why the exchange would refuse this order in this phase; undefined if it would accept it. */
function refusedInPhase(symbol: string, phase: Phase, { orderType, timeInForce }: PhaseFields): string | undefined {
  const handling = PHASE_HANDLING[phase]
  if (handling === 'refuse') return `${symbol} is ${PHASE_TEXTS[phase]}. You can send orders when it reopens.`
  // A market order with IOC waits for the auction.
  const isImmediate = timeInForce === 'FOK' || (timeInForce === 'IOC' && orderType !== 'market')
  if (handling === 'match' || !isImmediate) return undefined
  const instead = orderType === 'market' ? 'IOC' : 'GTC or DAY'
  return `${symbol} is ${PHASE_TEXTS[phase]}: orders wait for the auction. Choose ${instead}.`
}

/** Why the order cannot be sent; undefined if it can. */
export function disarmedReason(draft: OrderDraft, check: DraftCheck, conditions: SendConditions): string | undefined {
  const { symbol, phase, isFrozen, channel } = conditions
  if (isFrozen) return 'The screen is frozen. Press F or the Frozen button to trade.'
  return CHANNEL_PROBLEMS[channel] ?? refusedInPhase(symbol, phase, draft) ?? check.problems[0]?.text
}

/** `Buy 100 @ 184.53 · 18,453.00`: the order that the button sends, and its cost. */
export function buttonText(
  draft: OrderDraft,
  { order, estimate }: DraftCheck,
  symbol: string,
  decimals: number,
): string {
  const side = draft.side === 'buy' ? 'Buy' : 'Sell'
  if (order === undefined) return `${side} ${symbol}`
  const at = order.price === undefined ? 'market' : formatPrice(order.price, decimals)
  const about = order.price === undefined ? 'about ' : ''
  const cost = estimate === undefined ? '' : ` \u00b7 ${about}${formatCash(estimate)}`
  return `${side} ${formatSize(order.size)} @ ${at}${cost}`
}

/** A press within this time after the last one belongs to a double click and sends no second order. */
const DOUBLE_PRESS_MS = 300

/** @returns whether this press counts. One that does not restarts the wait. */
export function createPressGuard(nowMs: () => number): () => boolean {
  let lastMs = Number.NEGATIVE_INFINITY
  return () => {
    const sinceMs = nowMs() - lastMs
    lastMs = nowMs()
    // A wall clock may be set back.
    return sinceMs >= DOUBLE_PRESS_MS || sinceMs < 0
  }
}
