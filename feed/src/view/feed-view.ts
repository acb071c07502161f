// The market at the head of the log: tickers, books, bars and news, reduced from events. Snapshots and REST routes read
// it.

import {
  type Bar,
  type BarBuilder,
  BookView,
  createBarBuilder,
  describeInstrument,
  type FeedEvent,
  INTERVALS,
  type Instrument,
  type InstrumentSnapshot,
  type InstrumentSpec,
  type Interval,
  joinBars,
  type News,
  SNAPSHOT_NEWS_MAX,
  type Snapshot,
  symbolOf,
  Ticker,
  toPrice,
} from '@papertape/protocol'
import type { InstrumentState } from '@papertape/venue'
import type { Filter } from '../classes/filter.ts'

/** An hour of seconds, a week of minutes. */
const SECOND_BARS_MAX = 3_600
const MINUTE_BARS_MAX = 10_080
/** Enough for the last headlines of each instrument in a snapshot; GET /v1/news reads older ones from the journal. */
export const NEWS_MAX = 1_000

export class FeedInstrumentView {
  readonly spec: InstrumentSpec
  readonly ticker: Ticker
  readonly book: BookView
  readonly #seconds: BarBuilder = createBarBuilder(1_000)
  readonly #minute: BarBuilder = createBarBuilder(60_000)
  #secondBars: Bar[] = []
  #minuteBars: Bar[] = []

  constructor(spec: InstrumentSpec, state: InstrumentState) {
    this.spec = spec
    this.ticker = new Ticker(spec.symbol, state.phase, toPrice(spec, spec.previousCloseTicks))
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
      append(this.#secondBars, this.#seconds.add(time, price, size), SECOND_BARS_MAX)
      this.#minute.add(time, price, size)
    } else if (event.event === 'candle') {
      const { time, open, high, low, close, volume, vwap, trades } = event.data
      append(this.#minuteBars, { time, open, high, low, close, volume, vwap, trades }, MINUTE_BARS_MAX)
      // The next trade opens a new minute; until then no bar is forming.
      this.#minute.close(time + 60_000)
    }
  }

  describe(): Instrument {
    return describeInstrument(this.spec, this.ticker.phase, this.ticker.bands)
  }

  snapshot(withBook: boolean): InstrumentSnapshot {
    const state = this.ticker.snapshot()
    return withBook ? { ...state, book: this.book.snapshot() } : state
  }

  /** Bars of an interval, oldest first, the forming one last. */
  bars(interval: Interval): Bar[] {
    if (interval === '1s') return withForming(this.#secondBars, this.#seconds.bar)
    const minutes = withForming(this.#minuteBars, this.#minute.bar)
    return interval === '1m' ? minutes : joinBars(minutes, INTERVALS[interval])
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

function withForming(closed: readonly Bar[], forming: Bar | undefined): Bar[] {
  return forming === undefined ? closed.slice() : [...closed, forming]
}

/** Removes the oldest ones 256 at a time, so that appending stays cheap. */
function append<T>(list: T[], added: T | undefined, max: number): void {
  if (added === undefined) return
  list.push(added)
  if (list.length > max + 256) list.splice(0, 256)
}
