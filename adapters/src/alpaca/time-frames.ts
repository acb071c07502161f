// Alpaca's names of bar lengths. The feed has some of them; the others are joined of minutes or days.

import type { BarQuery, FeedInstrumentView } from '@papertape/feed'
import { type Bar, INTERVALS, type Interval, joinBars } from '@papertape/protocol'
import { badQuery } from './query-fields.ts'

export interface TimeFrame {
  readonly intervalMs: number
  read(instrument: FeedInstrumentView, range: BarQuery): Promise<Bar[]>
}

const MINUTE_MS = 60_000
const UNITS: Readonly<Record<string, { readonly ms: number; readonly most: number }>> = {
  Min: { ms: MINUTE_MS, most: 59 },
  T: { ms: MINUTE_MS, most: 59 },
  Hour: { ms: 60 * MINUTE_MS, most: 23 },
  H: { ms: 60 * MINUTE_MS, most: 23 },
  Day: { ms: 1_440 * MINUTE_MS, most: 1 },
  D: { ms: 1_440 * MINUTE_MS, most: 1 },
}

/** @param text `5Min`. @throws {AlpacaError} */
export function parseTimeFrame(text: string): TimeFrame {
  const [, count = '', name = ''] = /^(\d{1,2})([A-Za-z]+)$/.exec(text) ?? []
  const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined
  if (unit === undefined || Number(count) < 1 || Number(count) > unit.most) {
    throw badQuery(`invalid timeframe: ${text}; this market has 1Min to 59Min, 1Hour to 23Hour and 1Day`)
  }
  const intervalMs = Number(count) * unit.ms
  const interval = (Object.keys(INTERVALS) as Interval[]).find(one => INTERVALS[one] === intervalMs)
  return {
    intervalMs,
    async read(instrument, range) {
      if (interval !== undefined) return (await instrument.bars(interval, range)).bars
      // To the end of the last bar that opens in the range.
      const to = Math.ceil(range.to / intervalMs) * intervalMs
      const minutes = { from: range.from, to, limit: (range.limit * intervalMs) / MINUTE_MS }
      return joinBars((await instrument.bars('1m', minutes)).bars, intervalMs)
    },
  }
}
