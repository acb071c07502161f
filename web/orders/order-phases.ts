// What the exchange does with a new order in each trading phase: match it, collect it for an auction, or refuse it, and
// how the ticket says so. Pure; the same rules as the exchange's, in engine/src/orders/order-checks.ts.

import type { Indication, Phase } from '@papertape/protocol'
import { formatPrice, formatSize, formatTime } from '../format/format.ts'
import { isStop, type OrderDraft } from './order-draft.ts'

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

type PhaseFields = Pick<OrderDraft, 'orderType' | 'timeInForce'>

/** Orders are collected and nothing trades before the auction. */
export function isCallPhase(phase: Phase): boolean {
  return PHASE_HANDLING[phase] === 'call'
}

/** Why the exchange would refuse this order in this phase; undefined if it would accept it. */
export function refusedInPhase(
  symbol: string,
  phase: Phase,
  { orderType, timeInForce }: PhaseFields,
): string | undefined {
  const handling = PHASE_HANDLING[phase]
  if (handling === 'refuse') return `${symbol} is ${PHASE_TEXTS[phase]}. You can send orders when it reopens.`
  if (timeInForce === 'OPG' && phase !== 'preOpen' && phase !== 'openingAuction') {
    const instead = orderType === 'market' ? 'IOC' : 'GTC or DAY'
    return `The opening auction is over. Choose ${instead}, or CLS for the closing auction.`
  }
  // A market order with IOC waits for the auction.
  const isImmediate = timeInForce === 'FOK' || (timeInForce === 'IOC' && orderType !== 'market')
  if (handling === 'match' || !isImmediate) return undefined
  const instead = orderType === 'market' ? 'IOC' : 'GTC or DAY'
  return `${symbol} is ${PHASE_TEXTS[phase]}: orders wait for the auction. Choose ${instead}.`
}

export interface PhaseState {
  readonly phase: Phase
  readonly phaseEndsMs: number | null
  readonly auction: Indication | undefined
}

/** What an accepted order does first where it is not matched at once; undefined where it is. */
export function outcomeInPhase(
  { phase, phaseEndsMs, auction }: PhaseState,
  { orderType, timeInForce }: PhaseFields,
  decimals: number,
): string | undefined {
  const handling = PHASE_HANDLING[phase]
  if (handling === 'refuse') return undefined
  if (timeInForce === 'CLS' && phase !== 'closingAuction') return 'Waits for the closing auction, beside the book.'
  if (phase === 'limitState')
    return 'The quote is at a price band: trading may pause, and orders then wait for an auction.'
  if (handling === 'match') return undefined
  const ends = phaseEndsMs === null ? '' : ` The phase ends at ${formatTime(phaseEndsMs)} UTC.`
  if (isStop(orderType)) return `Waits for its stop price: nothing triggers before trading goes on.${ends}`
  return `Waits for the ${auctionText(phase)}.${ends} ${indicationText(auction, decimals)}`
}

function auctionText(phase: Phase): string {
  if (phase === 'closingAuction') return 'closing auction'
  return phase === 'paused' ? 'auction that ends the pause' : 'opening auction'
}

function indicationText(auction: Indication | undefined, decimals: number): string {
  if (auction === undefined || auction.price === null) return 'Nothing would trade in it yet.'
  return `Indicative price ${formatPrice(auction.price, decimals)} for ${formatSize(auction.pairedSize)}.`
}
