// A margin call in words: what the equity lacks, by when, and what follows. Pure.

import type { BalanceState } from '@papertape/protocol'
import { formatCash, formatTime } from '../format/format.ts'

/** @param nowMs both times are of the market's clock */
export function marginCallText({ equity, maintenanceMargin }: BalanceState, dueMs: number, nowMs: number): string {
  const why = `Margin call: the equity, ${formatCash(equity)}, is below the maintenance margin, ${formatCash(maintenanceMargin)}.`
  if (nowMs >= dueMs) return `${why} The exchange closes positions as soon as they trade.`
  const what = 'or the exchange cancels your orders and closes positions at the market.'
  return `${why} Deposit cash or hold less by ${formatTime(dueMs)}, ${what}`
}
