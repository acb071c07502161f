// Whether the ticket's order may be sent now, and if not, why, in words. Pure. A problem in a field is one reason; a frozen
// screen, a channel that is not ready and a phase in which the exchange would refuse are others.

import type { NewOrder, Phase } from '@papertape/protocol'
import type { LineState } from '../connections/connection.ts'
import { formatCash, formatPrice, formatSize } from '../format/format.ts'
import type { Check, Draft } from './ticket.ts'

export interface Circumstances {
  readonly symbol: string
  readonly phase: Phase
  readonly isFrozen: boolean
  readonly channel: LineState
}

/** What the exchange does with a new order: it trades, it waits for an auction, or it is refused. */
const TAKES: Readonly<Record<Phase, 'match' | 'call' | 'refuse'>> = {
  preOpen: 'call',
  openingAuction: 'call',
  continuous: 'match',
  limitState: 'match',
  paused: 'call',
  halted: 'refuse',
  closingAuction: 'call',
  closed: 'refuse',
}

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  preOpen: 'not open yet',
  openingAuction: 'in its opening auction',
  continuous: 'trading',
  limitState: 'in a limit state',
  paused: 'paused',
  halted: 'halted',
  closingAuction: 'in its closing auction',
  closed: 'closed',
}

/** Why nothing can be sent over a channel in this state. */
export const CHANNEL_WORDS: Readonly<Record<LineState, string | undefined>> = {
  idle: 'The order channel is opening: wait a moment.',
  connecting: 'The order channel is opening: wait a moment.',
  live: undefined,
  waiting: 'The order channel is lost: orders can be sent once it is back.',
  stale: 'The order channel does not answer: orders can be sent once it does.',
  closed: 'The order channel is closed: reload the page.',
}

type Sent = Pick<NewOrder, 'orderType' | 'timeInForce'>

/** Why the exchange would refuse this order in this phase; undefined when it would take it. */
function refusedInPhase(symbol: string, phase: Phase, { orderType, timeInForce }: Sent): string | undefined {
  const takes = TAKES[phase]
  if (takes === 'refuse') return `${symbol} is ${PHASE_WORDS[phase]}: orders are taken again when it trades.`
  // A market order said to be IOC waits for the auction.
  const isImmediate = timeInForce === 'FOK' || (timeInForce === 'IOC' && orderType !== 'market')
  if (takes === 'match' || !isImmediate) return undefined
  const instead = orderType === 'market' ? 'IOC' : 'GTC or DAY'
  return `${symbol} is ${PHASE_WORDS[phase]}: orders wait for an auction, so choose ${instead}.`
}

/** Why the order is not to be sent; undefined when it may be. */
export function whyDisarmed(draft: Draft, check: Check, circumstances: Circumstances): string | undefined {
  const { symbol, phase, isFrozen, channel } = circumstances
  if (isFrozen) return 'The screen is frozen: press F, or Frozen at the top, to trade again.'
  return CHANNEL_WORDS[channel] ?? refusedInPhase(symbol, phase, draft) ?? check.problems[0]?.text
}

/** `Buy 100 @ 184.53 · 18,453.00`: what a press of the button sends, and what it costs. */
export function sayButton(draft: Draft, { order, estimate }: Check, symbol: string, decimals: number): string {
  const side = draft.side === 'buy' ? 'Buy' : 'Sell'
  if (order === undefined) return `${side} ${symbol}`
  const at = order.price === undefined ? 'market' : formatPrice(order.price, decimals)
  const about = order.price === undefined ? 'about ' : ''
  const cost = estimate === undefined ? '' : ` \u00b7 ${about}${formatCash(estimate)}`
  return `${side} ${formatSize(order.size)} @ ${at}${cost}`
}

/** A second press so soon after the last one is the other half of a double click, not another order. */
const REPEAT_MS = 300

/** @returns whether this press counts; a press that does not count begins the wait anew. */
export function createPressGuard(nowMs: () => number): () => boolean {
  let lastMs = Number.NEGATIVE_INFINITY
  return () => {
    const sinceMs = nowMs() - lastMs
    lastMs = nowMs()
    // A wall clock may be set back.
    return sinceMs >= REPEAT_MS || sinceMs < 0
  }
}
