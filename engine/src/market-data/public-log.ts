// The public events of the commands, numbered without gaps, each with the stamp of its command. The caller of the
// exchange takes them; nothing here reads them again.

import type { Bar, FeedEvent, LevelChange, News, Side, Stamp, Status } from '@papertape/protocol'
import type { TradedInstrument } from '../model/instrument.ts'

export class PublicLog {
  /** The number of the last event. */
  seq = 0
  /** The stamp of the current command. */
  ts = 0
  time = 0
  /** Events are neither numbered nor kept. */
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

  /** The quote in the instrument's `quoted`. */
  quote(instrument: TradedInstrument): void {
    if (this.muted) return
    const { ts, time } = this
    const { bid, bidLots, ask, askLots } = instrument.quoted
    this.#events.push({
      event: 'quote',
      data: {
        seq: ++this.seq,
        ts,
        time,
        symbol: instrument.symbol,
        bid: bid === 0 ? null : instrument.price(bid),
        bidSize: instrument.size(bidLots),
        ask: ask === 0 ? null : instrument.price(ask),
        askSize: instrument.size(askLots),
      },
    })
  }

  candle(symbol: string, bar: Bar): void {
    if (this.muted) return
    const { ts } = this
    const { time, open, high, low, close, volume, vwap, trades } = bar
    // The `time` of a candle is the start of its minute, not the time of the command.
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
