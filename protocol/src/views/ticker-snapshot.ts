// A ticker as the snapshot event has it. Beside the ticker, because a page only reads snapshots.

import type { InstrumentSnapshot } from '../schemas/feed/control-events.ts'
import type { Ticker } from './ticker.ts'

/** Without a book. A ticker that is reset to it is the same. */
export function tickerSnapshot(ticker: Ticker): InstrumentSnapshot {
  const { symbol, phase, reason, until, quote, lastTrade, day, auction, bands } = ticker
  return {
    symbol,
    phase,
    ...(reason === null ? {} : { reason }),
    ...(until === null ? {} : { until }),
    quote,
    lastTrade,
    day,
    ...(auction === undefined ? {} : { auction }),
    ...(bands === undefined ? {} : { bands }),
  }
}
