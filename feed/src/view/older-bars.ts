// The minutes that a feed does not have in memory: the closed minutes in the journal, which keeps all of them, then
// those from before the market began. Called by restore-view.ts.

import type { Bar, Candle, InstrumentSpec } from '@papertape/protocol'
import type { Past } from '@papertape/simulators'
import { decodeEvent, type EncodedEvent } from '@papertape/venue'

/** A day of minutes at a time: the venue reads them between two slices of the market. */
const CANDLES_PER_PAGE = 1_440

/** One instrument's closed minutes below a number, newest first. */
export type FetchCandles = (symbol: string, before: number, limit: number) => Promise<EncodedEvent[]>

/** @param before the number of the oldest candle that the feed has; undefined when it has all of them. */
export async function* olderBars(
  spec: InstrumentSpec,
  before: number | undefined,
  fetchCandles: FetchCandles,
  past: Past | undefined,
): AsyncGenerator<readonly Bar[], void> {
  for (let first = before; first !== undefined; ) {
    const page = await fetchCandles(spec.symbol, first, CANDLES_PER_PAGE)
    first = page.at(-1)?.seq
    if (first !== undefined) yield page.reverse().map(event => barOfCandle(decodeEvent(event).data as Candle))
  }
  if (past === undefined) return
  for (const { bars } of past.daysOf(spec)) yield bars
}

/** The bar of a closed minute. */
export function barOfCandle({ time, open, high, low, close, volume, vwap, trades }: Candle): Bar {
  return { time, open, high, low, close, volume, vwap, trades }
}
