// Text alternatives of the charts. Pure.

import { type Bar, INTERVALS, type Interval } from '@papertape/protocol'
import { formatPercent, formatPrice, formatSize } from '../format/format.ts'
import { formatClock, formatDay, type TimeZone, zoneName } from '../format/time-zone.ts'
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

/** When a bar opens: its time, with the day if its own clock does not say it. */
export function barTimeText(timeMs: number, intervalMs: number, zone: TimeZone): string {
  if (intervalMs >= 86_400_000) return formatDay(timeMs, 'utc')
  return `${formatDay(timeMs, zone)} ${formatClock(timeMs, zone, intervalMs < 60_000)}`
}

export interface DescribedCandles {
  readonly symbol: string
  readonly interval: Interval
  /** The visible ones. */
  readonly bars: readonly Bar[]
  readonly decimals: number
  readonly zone: TimeZone
  /** The account's position, orders and fills that the chart shows, each as a sentence. */
  readonly own: readonly string[]
}

export function describeCandles({ symbol, interval, bars, decimals, zone, own }: DescribedCandles): string {
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
  const when = ({ time }: Bar) => barTimeText(time, INTERVALS[interval], zone)
  const sentences = [
    `Candles of ${symbol}, ${INTERVAL_TEXTS[interval]} each, ${bars.length} ${bars.length === 1 ? 'bar' : 'bars'} to ${when(last)} ${zoneName(last.time, zone)}.`,
    `Last ${formatPrice(last.close, decimals)}, ${moved} since ${when(first)}.`,
    `High ${formatPrice(high.high, decimals)} at ${when(high)}, low ${formatPrice(low.low, decimals)} at ${when(low)}.`,
    ...own,
  ]
  return sentences.join(' ')
}

/** One bar, as the value of the cursor. */
export function describeBar(bar: Bar, interval: Interval, decimals: number, zone: TimeZone): string {
  const price = (value: number) => formatPrice(value, decimals)
  return (
    `${barTimeText(bar.time, INTERVALS[interval], zone)}: open ${price(bar.open)}, high ${price(bar.high)}, ` +
    `low ${price(bar.low)}, close ${price(bar.close)}, volume ${formatSize(bar.volume)}`
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
