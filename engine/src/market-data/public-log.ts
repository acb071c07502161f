// The public events of the commands, numbered without holes, each with the stamp of the command that caused it.
// Whoever drives the exchange takes them away; nothing here looks at them again.

import type { Bar, FeedEvent, LevelChange, News, Side, Stamp, Status } from '@papertape/protocol'
import type { Listing } from '../model/instrument.ts'

export class PublicLog {
  /** The number of the last event. */
  seq = 0
  /** The stamp of the command at work. */
  ts = 0
  time = 0
  /** Nobody listens: nothing is numbered or kept. */
  readonly muted: boolean
  #events: FeedEvent[] = []

  constructor(muted: boolean) {
    this.muted = muted
  }

  get pending(): number {
    return this.#events.length
  }

  stamp(stamp: Stamp): void {
    this.ts = stamp.ts
    this.time = stamp.time
  }

  take(): FeedEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  trade(
    symbol: string,
    tradeId: number,
    price: number,
    size: number,
    aggressor: Side,
    kind?: 'hidden' | 'auction',
  ): void {
    if (this.muted) return
    const { ts, time } = this
    const data = { seq: ++this.seq, ts, time, symbol, tradeId, price, size, aggressor }
    this.#events.push({ event: 'trade', data: kind === undefined ? data : { ...data, [kind]: true } })
  }

  book(symbol: string, prevSeq: number, changes: LevelChange[], checksum: number): void {
    if (this.muted) return
    const { ts, time } = this
    this.#events.push({ event: 'book', data: { seq: ++this.seq, ts, time, symbol, prevSeq, changes, checksum } })
  }

  /** The listing's quote as it now stands in `quoted`. */
  quote(listing: Listing): void {
    if (this.muted) return
    const { ts, time } = this
    const { bid, bidLots, ask, askLots } = listing.quoted
    this.#events.push({
      event: 'quote',
      data: {
        seq: ++this.seq,
        ts,
        time,
        symbol: listing.symbol,
        bid: bid === 0 ? null : listing.price(bid),
        bidSize: listing.size(bidLots),
        ask: ask === 0 ? null : listing.price(ask),
        askSize: listing.size(askLots),
      },
    })
  }

  candle(symbol: string, bar: Bar): void {
    if (this.muted) return
    const { ts } = this
    const { time, open, high, low, close, volume, vwap, trades } = bar
    // `time` of a candle is when its minute opened, not of the command that closed it.
    this.#events.push({
      event: 'candle',
      data: { seq: ++this.seq, ts, symbol, interval: '1m', time, open, high, low, close, volume, vwap, trades },
    })
  }

  status(status: Omit<Status, 'seq' | 'ts' | 'time'>): void {
    if (this.muted) return
    const { ts, time } = this
    this.#events.push({ event: 'status', data: { seq: ++this.seq, ts, time, ...status } })
  }

  news(headline: string, symbols: readonly string[], severity: News['severity']): void {
    if (this.muted) return
    const { ts, time } = this
    this.#events.push({ event: 'news', data: { seq: ++this.seq, ts, time, headline, symbols: [...symbols], severity } })
  }
}
