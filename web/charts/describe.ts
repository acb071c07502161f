// Text alternatives of the charts. Pure.

import type { Bar, Interval } from '@papertape/protocol'
import { formatPercent, formatPrice, formatSize, formatTime } from '../format/format.ts'
import type { DepthState } from '../market/depth.ts'

const INTERVAL_TEXTS: Readonly<Record<Interval, string>> = {
  '1s': 'one second',
  '1m': 'one minute',
  '5m': 'five minutes',
  '15m': 'fifteen minutes',
  '1h': 'one hour',
  '4h': 'four hours',
  '1d': 'one day',
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
    `Candles of ${symbol}, ${INTERVAL_TEXTS[interval]} each, ${bars.length} bars. ` +
    `Last ${formatPrice(last.close, decimals)}, ${moved} since ${formatTime(first.time)}. ` +
    `High ${formatPrice(high.high, decimals)} at ${formatTime(high.time)}, low ${formatPrice(low.low, decimals)} at ${formatTime(low.time)}.`
  )
}

/** One bar, as the value of the cursor. */
export function describeBar(bar: Bar, decimals: number): string {
  const price = (value: number) => formatPrice(value, decimals)
  return (
    `${formatTime(bar.time)}: open ${price(bar.open)}, high ${price(bar.high)}, low ${price(bar.low)}, ` +
    `close ${price(bar.close)}, volume ${formatSize(bar.volume)}`
  )
}

export function describeDepth(depth: DepthState, decimals: number): string {
  const bid = depth.bids[0]
  const ask = depth.asks[0]
  if (bid === undefined || ask === undefined) return `Depth of ${depth.symbol}: no price on one side or both.`
  const sum = (side: DepthState['bids']) => formatSize(side.at(-1)?.total ?? 0)
  return (
    `Depth of ${depth.symbol}: ${sum(depth.bids)} bid from ${formatPrice(bid.price, decimals)} down, ` +
    `${sum(depth.asks)} offered from ${formatPrice(ask.price, decimals)} up.`
  )
}
