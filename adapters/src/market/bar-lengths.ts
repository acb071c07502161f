// Bars of any whole number of minutes: the feed has some lengths, the others are joined of minutes.

import type { BarQuery, FeedInstrumentView } from '@papertape/feed'
import { type Bar, INTERVALS, type Interval, joinBars } from '@papertape/protocol'

const MINUTE_MS = 60_000

/** @param intervalMs that of a second, or whole minutes. Oldest first. */
export async function readBars(instrument: FeedInstrumentView, intervalMs: number, range: BarQuery): Promise<Bar[]> {
  const interval = (Object.keys(INTERVALS) as Interval[]).find(one => INTERVALS[one] === intervalMs)
  if (interval !== undefined) return (await instrument.bars(interval, range)).bars
  // To the end of the last bar that opens in the range.
  const to = Math.ceil(range.to / intervalMs) * intervalMs
  const minutes = { from: range.from, to, limit: (range.limit * intervalMs) / MINUTE_MS }
  return joinBars((await instrument.bars('1m', minutes)).bars, intervalMs).slice(-range.limit)
}
