// The texts that Announcer.tsx announces to screen readers. Pure.

import type { News } from '@papertape/protocol'
import { formatPercent, formatPrice } from '../format/format.ts'
import { type InstrumentSummary, PHASE_LABELS } from '../market/selectors.ts'

export const LOST_TEXT = 'Connection to the market lost. Prices may be old.'
export const LIVE_TEXT = 'The market is live again.'

export const ARMED_TEXT = 'Armed: keys send and change orders.'
export const DISARMED_TEXT = 'Not armed: keys fill in the ticket and cancel orders; they send and change none.'

export function newsText({ headline }: News): string {
  return `News: ${headline}`
}

/** `VELTR 184.53, up 1.20% today.` */
export function priceText(summary: InstrumentSummary, decimals: number): string {
  const { symbol, last, phase, direction, changeFraction } = summary
  if (last === null) return `${symbol}: no trades yet, ${PHASE_LABELS[phase]}.`
  const moved =
    changeFraction === null || direction === 'flat'
      ? 'unchanged'
      : `${direction} ${formatPercent(Math.abs(changeFraction)).slice(1)}`
  return `${symbol} ${formatPrice(last, decimals)}, ${moved} today.`
}
