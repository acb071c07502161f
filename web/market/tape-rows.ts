// The rows of time and sales: the trades that a size filter leaves, each with its tick. Pure. Used by
// tape/TapePanel.tsx.

import type { Trade } from '@papertape/protocol'

/** The price against that of the trade before; undefined for the first known trade. */
export type Tick = 'up' | 'down' | 'same'

export interface TapeRow {
  readonly trade: Trade
  readonly tick: Tick | undefined
}

export interface TapeRows {
  /** Newest first. */
  readonly rows: readonly TapeRow[]
  /** Smaller than the filter allows. */
  readonly hiddenCount: number
}

/**
 * The tick compares with the trade before, also if that one is hidden by the filter.
 * @param trades newest first
 */
export function tapeRows(trades: readonly Trade[], leastSize: number, rowsMax: number): TapeRows {
  const rows: TapeRow[] = []
  let hiddenCount = 0
  trades.forEach((trade, at) => {
    if (trade.size < leastSize) hiddenCount++
    else if (rows.length < rowsMax) rows.push({ trade, tick: tickOf(trade.price, trades[at + 1]?.price) })
  })
  return { rows, hiddenCount }
}

function tickOf(price: number, before: number | undefined): Tick | undefined {
  if (before === undefined) return undefined
  return price === before ? 'same' : price > before ? 'up' : 'down'
}
