// A margin call in words: what the equity lacks, by when, and what follows. Pure.

import type { BalanceState } from '@papertape/protocol'
import { formatCash } from '../format/format.ts'
import { formatMoment } from '../format/time-zone.ts'

/**
 * @param balance as the exchange sent it last: the equity that the page shows beside it is at the prices of now
 * @param nowMs both times are of the market's clock
 */
export function marginCallText(balance: BalanceState, dueMs: number, nowMs: number): string {
  const [equity, maintenance] = [formatCash(balance.equity), formatCash(balance.maintenanceMargin)]
  const were = `the equity was ${equity} and the maintenance margin ${maintenance}`
  const why = `Margin call: when the exchange last reported them, ${were}.`
  if (nowMs >= dueMs) return `${why} The exchange closes positions as soon as they trade.`
  const what = 'or the exchange cancels your orders and closes positions at the market.'
  return `${why} Deposit cash or hold less by ${formatMoment(dueMs)} UTC, ${what}`
}
