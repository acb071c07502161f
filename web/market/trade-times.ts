// When a fill happened by the market's clock. An execution has the time of the exchange, which goes on while the market
// is paused or runs at another pace; its trade in the feed has both. Used by bars.ts.

import type { Trade } from '@papertape/protocol'

/** More than a chart has fills of; older ones are placed by the nearest trade that is known. */
const TRADES_KEPT = 5_000

export interface TradeTimes {
  add(trade: Pick<Trade, 'ts' | 'time'>): void
  /** @param ts microseconds since 1970, as of an execution. @returns milliseconds of the market. */
  timeOf(ts: number): number
}

export function createTradeTimes(): TradeTimes {
  // Oldest first.
  const known: Pick<Trade, 'ts' | 'time'>[] = []
  return {
    add({ ts, time }) {
      known.push({ ts, time })
      if (known.length > TRADES_KEPT) known.shift()
    },
    timeOf(ts) {
      const nearest = known.findLast(trade => trade.ts <= ts) ?? known[0]
      return nearest === undefined ? ts / 1_000 : nearest.time + (ts - nearest.ts) / 1_000
    },
  }
}
