// The market at the head of the log: tickers, books, bars and news, reduced from events. Snapshots and REST routes read
// it.

import {
  type Bar,
  type BarBuilder,
  BookView,
  createBarBuilder,
  describeInstrument,
  type FeedEvent,
  type Instrument,
  type InstrumentSnapshot,
  type InstrumentSpec,
  type Interval,
  type News,
  SNAPSHOT_NEWS_MAX,
  type Snapshot,
  symbolOf,
  Ticker,
  tickerSnapshot,
  toPrice,
} from '@papertape/protocol'
import type { InstrumentState } from '@papertape/venue'
import type { Filter } from '../classes/filter.ts'
import { BarHistory, type BarQuery, type BarsAnswer } from './bar-history.ts'
import { barOfCandle } from './older-bars.ts'

/** An hour. */
const SECOND_BARS_MAX = 3_600
/** Enough for the last headlines of each instrument in a snapshot; GET /v1/news reads older ones from the journal. */
export const NEWS_MAX = 1_000

export class FeedInstrumentView {
  readonly spec: InstrumentSpec
  readonly ticker: Ticker
  readonly book: BookView
  /** Of closed minutes. */
  readonly minutes: BarHistory
  readonly #seconds: BarBuilder = createBarBuilder(1_000)
  readonly #minute: BarBuilder = createBarBuilder(60_000)
  #secondBars: Bar[] = []

  constructor(spec: InstrumentSpec, state: InstrumentState) {
    this.spec = spec
    this.minutes = new BarHistory(spec)
    this.ticker = new Ticker(spec.symbol, state.phase, toPrice(spec, spec.previousCloseTicks))
    this.ticker.reason = state.reason ?? null
    this.ticker.until = state.until ?? null
    this.ticker.auction = state.auction
    this.ticker.bands = state.bands
    this.book = new BookView(toPrice(spec, 1))
    this.book.reset(state.book)
  }

  /** Applies one event of this instrument, in log order. */
  apply(event: FeedEvent): void {
    this.ticker.apply(event)
    if (event.event === 'book') {
      if (this.book.apply(event.data) === 'gap')
        throw new Error(`book ${event.data.seq} does not follow ${this.book.seq}`)
    } else if (event.event === 'trade') {
      const { time, price, size } = event.data
      this.#addSecond(this.#seconds.add(time, price, size))
      this.#minute.add(time, price, size)
    } else if (event.event === 'candle') {
      this.minutes.add(barOfCandle(event.data))
      // The next trade opens a new minute; until then no bar is forming.
      this.#minute.close(event.data.time + 60_000)
    }
  }

  describe(): Instrument {
    return describeInstrument(this.spec, this.ticker.phase, this.ticker.bands)
  }

  snapshot(withBook: boolean): InstrumentSnapshot {
    const state = tickerSnapshot(this.ticker)
    return withBook ? { ...state, book: this.book.snapshot() } : state
  }

  /** Bars of an interval, the forming one included. Settles at once unless older ones have to be read. */
  async bars(interval: Interval, range: BarQuery): Promise<BarsAnswer> {
    return interval === '1s' ? this.#readSeconds(range) : this.minutes.read(interval, range, () => this.#minute.bar)
  }

  #readSeconds({ from, to, limit }: BarQuery): BarsAnswer {
    const forming = this.#seconds.bar
    const all = forming === undefined ? this.#secondBars : [...this.#secondBars, forming]
    return { bars: all.filter(({ time }) => time >= from && time < to).slice(-limit), beginning: all[0]?.time }
  }

  /** Removes the oldest 256 at a time, so that adding stays cheap. */
  #addSecond(bar: Bar | undefined): void {
    if (bar === undefined) return
    this.#secondBars.push(bar)
    if (this.#secondBars.length > SECOND_BARS_MAX + 256) this.#secondBars.splice(0, 256)
  }
}

export class FeedView {
  readonly #instruments: ReadonlyMap<string, FeedInstrumentView>
  /** Oldest first. */
  readonly #news: News[] = []

  constructor(specs: readonly InstrumentSpec[], states: readonly InstrumentState[]) {
    this.#instruments = new Map(specs.map((spec, index) => [spec.symbol, new FeedInstrumentView(spec, states[index]!)]))
  }

  get symbols(): string[] {
    return [...this.#instruments.keys()]
  }

  instrument(symbol: string): FeedInstrumentView | undefined {
    return this.#instruments.get(symbol)
  }

  all(): FeedInstrumentView[] {
    return [...this.#instruments.values()]
  }

  apply(event: FeedEvent): void {
    if (event.event === 'news') {
      append(this.#news, event.data, NEWS_MAX)
      return
    }
    const symbol = symbolOf(event)
    if (symbol !== null) this.#instruments.get(symbol)?.apply(event)
    else if (event.event === 'status') for (const instrument of this.#instruments.values()) instrument.apply(event)
  }

  /** @param id the position of the last event that was applied. */
  snapshot(id: string, filter: Filter): Snapshot {
    const included = this.all().filter(({ spec }) => filter.includesSymbol(spec.symbol))
    return {
      id,
      instruments: included.map(instrument => instrument.snapshot(filter.includesBook(instrument.spec.symbol))),
      ...(filter.hasNews && { news: this.#lastNews(filter) }),
    }
  }

  /** Newest first. */
  #lastNews(filter: Filter): News[] {
    return this.#news
      .filter(news => filter.includesNews(news))
      .slice(-SNAPSHOT_NEWS_MAX)
      .reverse()
  }
}

/** Removes the oldest ones 256 at a time, so that appending stays cheap. */
function append<T>(list: T[], added: T | undefined, max: number): void {
  if (added === undefined) return
  list.push(added)
  if (list.length > max + 256) list.splice(0, 256)
}
