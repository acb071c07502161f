// Trades, quotes, bars and snapshots as Alpaca writes them: the same objects over REST and in the data stream, where a
// message's kind and symbol are added. The time is a parameter: a stream in MessagePack has no text for it. Pure.

import type { Bar, Quote, Trade } from '@papertape/protocol'

/** A time as a codec writes it. @param ms since 1970, on the market's clock. */
export type WriteTime<Time> = (ms: number) => Time

/** Placeholders: this market is one exchange, and its trades have no conditions. */
const EXCHANGE = 'V'
const TAPE = 'C'

export function alpacaTrade<Time>({ tradeId, price, size, time }: Trade, write: WriteTime<Time>) {
  return { i: tradeId, x: EXCHANGE, p: price, s: size, t: write(time), c: [], z: TAPE }
}

/** A side without orders has the price 0, as Alpaca has it. */
export function alpacaQuote<Time>({ bid, bidSize, ask, askSize, time }: Quote, write: WriteTime<Time>) {
  const sides = { ax: EXCHANGE, ap: ask ?? 0, as: askSize, bx: EXCHANGE, bp: bid ?? 0, bs: bidSize }
  return { ...sides, t: write(time), c: [], z: TAPE }
}

export function alpacaBar<Time>(bar: Bar, write: WriteTime<Time>) {
  const { time, open, high, low, close, volume, vwap, trades } = bar
  return { t: write(time), o: open, h: high, l: low, c: close, v: volume, n: trades, vw: vwap }
}

export interface SnapshotParts {
  readonly trade: Trade | null
  readonly quote: Quote | null
  readonly minute: Bar | undefined
  readonly day: Bar | undefined
  readonly previousDay: Bar | undefined
}

export function alpacaSnapshot(parts: SnapshotParts, write: WriteTime<string>) {
  const { trade, quote, minute, day, previousDay } = parts
  return {
    latestTrade: trade && alpacaTrade(trade, write),
    latestQuote: quote && alpacaQuote(quote, write),
    minuteBar: minute === undefined ? null : alpacaBar(minute, write),
    dailyBar: day === undefined ? null : alpacaBar(day, write),
    prevDailyBar: previousDay === undefined ? null : alpacaBar(previousDay, write),
  }
}
