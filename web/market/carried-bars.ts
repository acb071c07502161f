// The last price carried over the intervals in which nothing traded, as flat bars without volume. Pure. For drawing
// only: the bars of the store stay as the exchange has them. Used by price-chart/.

import type { Bar } from '@papertape/protocol'

/** A longer time without trades is a closed market, not a quiet one: it takes no room on the chart. */
const CARRIED_MAX_MS = 4 * 3_600_000
const CARRIED_MAX_BARS = 300

/** The flat bars after a bar that has closed. Ten times a second the same ones are needed. */
const known = new WeakMap<Bar, readonly Bar[]>()

/**
 * @param bars oldest first.
 * @param untilMs the market's clock: the bars are carried on to it.
 * @returns the same array if nothing has to be carried.
 */
export function carryOver(bars: readonly Bar[], intervalMs: number, untilMs: number): readonly Bar[] {
  const gaps: { readonly after: number; readonly flat: readonly Bar[] }[] = []
  for (let at = 0; at < bars.length; at++) {
    const bar = bars[at]!
    const next = bars[at + 1]?.time ?? untilMs - (untilMs % intervalMs) + intervalMs
    const count = Math.round((next - bar.time) / intervalMs) - 1
    if (count < 1 || count > CARRIED_MAX_BARS || count * intervalMs > CARRIED_MAX_MS) continue
    gaps.push({ after: at, flat: flatBars(bar, intervalMs, count) })
  }
  if (gaps.length === 0) return bars
  const carried: Bar[] = []
  let from = 0
  for (const { after, flat } of gaps) {
    for (let at = from; at <= after; at++) carried.push(bars[at]!)
    carried.push(...flat)
    from = after + 1
  }
  for (let at = from; at < bars.length; at++) carried.push(bars[at]!)
  return carried
}

export function isCarried(bar: Bar): boolean {
  return bar.trades === 0
}

function flatBars(bar: Bar, intervalMs: number, count: number): readonly Bar[] {
  const before = known.get(bar)
  if (before !== undefined && before.length === count && before[0]!.time === bar.time + intervalMs) return before
  const { close } = bar
  const flat = Array.from({ length: count }, (_, at) => ({
    time: bar.time + (at + 1) * intervalMs,
    open: close,
    high: close,
    low: close,
    close,
    volume: 0,
    vwap: close,
    trades: 0,
  }))
  known.set(bar, flat)
  return flat
}
