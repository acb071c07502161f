// The account's fills as marks on the chart: at the bar in which each happened. Pure.

import type { Bar, Execution } from '@papertape/protocol'
import type { ChartFill } from '../charts/candle-input.ts'
import { formatPrice, formatSize } from '../format/format.ts'
import { barIndexAt } from './view/chart-view.ts'

export interface FillMark extends ChartFill {
  /** `Bought 100 at 184.53` */
  readonly text: string
}

/**
 * Fills outside of the bars have no mark, nor have those of an older journal, which lack the time.
 * @param bars oldest first.
 */
export function fillMarks(
  fills: readonly Execution[],
  symbol: string,
  bars: readonly Bar[],
  intervalMs: number,
  decimals: number,
): FillMark[] {
  const marks: FillMark[] = []
  for (const fill of fills) {
    if (fill.symbol !== symbol || fill.lastPrice === null || fill.time === undefined) continue
    const bar = barIndexAt(bars, fill.time)
    if (bar < 0 || fill.time >= bars[bar]!.time + intervalMs) continue
    const did = fill.side === 'buy' ? 'Bought' : 'Sold'
    const text = `${did} ${formatSize(fill.lastSize)} at ${formatPrice(fill.lastPrice, decimals)}`
    marks.push({ bar, price: fill.lastPrice, side: fill.side, text })
  }
  return marks
}

export function fillTexts(marks: readonly FillMark[], bar: number): string[] {
  return marks.filter(mark => mark.bar === bar).map(({ text }) => text)
}
