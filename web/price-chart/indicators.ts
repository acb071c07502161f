// What is computed from the bars and drawn as a curve: the moving average, and the volume-weighted average price of
// each day. Pure.

import type { Bar } from '@papertape/protocol'

const DAY_MS = 86_400_000

const AVERAGE_BARS = 20

/** The mean of the last closes; undefined before there are enough. */
export function movingAverage(bars: readonly Bar[], count = AVERAGE_BARS): (number | undefined)[] {
  let sum = 0
  return bars.map(({ close }, at) => {
    sum += close - (at >= count ? bars[at - count]!.close : 0)
    return at >= count - 1 ? sum / count : undefined
  })
}

/** The average price of all that has traded since the day began (UTC), as of the end of each bar. */
export function dayVwap(bars: readonly Bar[]): (number | undefined)[] {
  let day = Number.NaN
  let turnover = 0
  let volume = 0
  return bars.map(bar => {
    if (dayOf(bar) !== day) {
      day = dayOf(bar)
      turnover = 0
      volume = 0
    }
    turnover += bar.vwap * bar.volume
    volume += bar.volume
    return volume === 0 ? undefined : turnover / volume
  })
}

/** Whether the newest bar's day began before the oldest bar: its average then lacks trades. */
export function lacksDayStart(bars: readonly Bar[]): boolean {
  const newest = bars.at(-1)
  return newest !== undefined && dayOf(bars[0]!) === dayOf(newest)
}

function dayOf({ time }: Bar): number {
  return Math.floor(time / DAY_MS)
}
