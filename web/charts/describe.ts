// Charts in words, for those who do not see them. Pure. Short: what it is, where it stands, what it did.

import type { Bar, Interval } from '@papertape/protocol'
import { formatPercent, formatPrice, formatSize, formatTime } from '../format/format.ts'
import type { Depth } from '../market/depth.ts'
import { PHASE_LABELS, type Row } from '../market/selectors.ts'

const INTERVAL_WORDS: Readonly<Record<Interval, string>> = {
  '1s': 'one second',
  '1m': 'one minute',
  '5m': 'five minutes',
  '1h': 'one hour',
}

export function describeCandles(symbol: string, interval: Interval, bars: readonly Bar[], decimals: number): string {
  const last = bars.at(-1)
  const first = bars[0]
  if (last === undefined || first === undefined) return `Candles of ${symbol}: no bars yet.`
  let low = first
  let high = first
  for (const bar of bars) {
    if (bar.low < low.low) low = bar
    if (bar.high > high.high) high = bar
  }
  const change = last.close / first.open - 1
  const moved = change === 0 ? 'unchanged' : `${change > 0 ? 'up' : 'down'} ${formatPercent(Math.abs(change)).slice(1)}`
  return (
    `Candles of ${symbol}, ${INTERVAL_WORDS[interval]} each, ${bars.length} bars. ` +
    `Last ${formatPrice(last.close, decimals)}, ${moved} since ${formatTime(first.time)}. ` +
    `High ${formatPrice(high.high, decimals)} at ${formatTime(high.time)}, low ${formatPrice(low.low, decimals)} at ${formatTime(low.time)}.`
  )
}

/** One bar, as the readout and as what the cursor says. */
export function describeBar(bar: Bar, decimals: number): string {
  const price = (value: number) => formatPrice(value, decimals)
  return (
    `${formatTime(bar.time)}: open ${price(bar.open)}, high ${price(bar.high)}, low ${price(bar.low)}, ` +
    `close ${price(bar.close)}, volume ${formatSize(bar.volume)}`
  )
}

export function describeDepth(depth: Depth, decimals: number): string {
  const bid = depth.bids[0]
  const ask = depth.asks[0]
  if (bid === undefined || ask === undefined) return `Depth of ${depth.symbol}: the book has only one side or none.`
  const sum = (side: Depth['bids']) => formatSize(side.at(-1)?.total ?? 0)
  return (
    `Depth of ${depth.symbol}: ${sum(depth.bids)} bid from ${formatPrice(bid.price, decimals)} down, ` +
    `${sum(depth.asks)} offered from ${formatPrice(ask.price, decimals)} up.`
  )
}

/** What the announcer says of the chosen instrument. */
export function describeRow(row: Row, decimals: number): string {
  if (row.last === null) return `${row.symbol}: no trades yet, ${PHASE_LABELS[row.phase]}.`
  const moved =
    row.changeFraction === null || row.direction === 'flat'
      ? 'unchanged'
      : `${row.direction} ${formatPercent(Math.abs(row.changeFraction)).slice(1)}`
  return `${row.symbol} ${formatPrice(row.last, decimals)}, ${moved} today.`
}
