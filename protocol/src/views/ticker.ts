// A ticker: phase, best quote, last trade and day of an instrument, as a reducer over the feed. Used by the server for
// the snapshot event (ticker-snapshot.ts) and by the page for its list.

import type { Phase } from '../constants/instruments.ts'
import type { Day, InstrumentSnapshot } from '../schemas/feed/control-events.ts'
import type { FeedEvent, Indication, Quote, Status, Trade } from '../schemas/feed/events.ts'
import type { Bands } from '../schemas/instruments.ts'

const DAY_MS = 86_400_000

export class Ticker {
  readonly symbol: string
  phase: Phase
  quote: Quote | null = null
  lastTrade: Trade | null = null
  /** The indicative auction result; undefined outside of call phases. */
  auction: Indication | undefined
  /** Why the phase began and when it ends, on the market's clock; null while unknown. */
  reason: string | null = null
  until: number | null = null
  /** The price bands; undefined before the exchange has published any. */
  bands: Bands | undefined
  #day: Day
  /** Undefined before the first trade, which belongs to the day that is there. */
  #dayNumber: number | undefined

  constructor(symbol: string, phase: Phase, previousClose: number) {
    this.symbol = symbol
    this.phase = phase
    this.#day = { open: null, high: null, low: null, volume: 0, previousClose }
  }

  get day(): Day {
    return this.#day
  }

  /** Change of the last trade against the previous close, as a fraction; null before the first trade. */
  get change(): number | null {
    return this.lastTrade === null ? null : this.lastTrade.price / this.#day.previousClose - 1
  }

  /** Applies an event of this symbol or a status of the whole market. */
  apply(event: FeedEvent): void {
    if (event.event === 'trade') this.#trade(event.data)
    else if (event.event === 'quote') this.quote = event.data
    else if (event.event === 'status') this.#status(event.data)
  }

  reset(state: InstrumentSnapshot): void {
    this.phase = state.phase
    this.reason = state.reason ?? null
    this.until = state.until ?? null
    this.quote = state.quote
    this.lastTrade = state.lastTrade
    this.#day = state.day
    this.auction = state.auction
    this.bands = state.bands
    this.#dayNumber = state.lastTrade === null ? undefined : Math.floor(state.lastTrade.time / DAY_MS)
  }

  #status({ phase, reason, until, auction, bands }: Status): void {
    this.phase = phase
    this.reason = reason
    this.until = until
    this.auction = auction
    if (bands !== undefined) this.bands = bands
  }

  #trade(trade: Trade): void {
    const dayNumber = Math.floor(trade.time / DAY_MS)
    if (this.#dayNumber !== undefined && dayNumber !== this.#dayNumber) this.#openDay()
    this.#dayNumber = dayNumber
    const { open, high, low, volume, previousClose } = this.#day
    this.#day = {
      open: open ?? trade.price,
      high: high === null ? trade.price : Math.max(high, trade.price),
      low: low === null ? trade.price : Math.min(low, trade.price),
      volume: volume + trade.size,
      previousClose,
    }
    this.lastTrade = trade
  }

  /** Days are those of UTC; the last price of a day is the previous close of the next. */
  #openDay(): void {
    const previousClose = this.lastTrade?.price ?? this.#day.previousClose
    this.#day = { open: null, high: null, low: null, volume: 0, previousClose }
  }
}
