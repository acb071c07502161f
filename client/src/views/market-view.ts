// The market as a page shows it: a ticker, a book and the recent trades of each instrument, reduced from the feed with
// the same reducers as the server's. Draws nothing, sends nothing, schedules nothing. It reports which symbols changed,
// and calls back when a book needs a snapshot.

import type { Book, ControlEvent, FeedEvent, Instrument, News, Snapshot, Trade } from '@papertape/protocol'
import { BookView, parsePosition, Ticker } from '@papertape/protocol'

export interface MarketViewOptions {
  readonly instruments: readonly Pick<Instrument, 'symbol' | 'tickSize' | 'phase'>[]
  /** Kept for each symbol; 200 when absent. */
  readonly tradesMax?: number
  /** Kept for the whole market; 100 when absent. */
  readonly newsMax?: number
  /** The symbol's book missed a change or fails its checksum; it needs a snapshot. Once for each gap. */
  onGap?(symbol: string, why: 'gap' | 'checksum'): void
}

interface InstrumentView {
  readonly ticker: Ticker
  readonly book: BookView
  /** `none`: no snapshot with a book was received; `gap`: the book differs from the market's. */
  bookState: BookState
  /** Oldest first, between tradesMax and twice that. */
  trades: Trade[]
}
export type BookState = 'none' | 'sound' | 'gap'

export class MarketView {
  readonly #entries = new Map<string, InstrumentView>()
  readonly #options: MarketViewOptions
  #dirty = new Set<string>()
  #news: News[] = []
  #epoch: string | undefined

  constructor(options: MarketViewOptions) {
    this.#options = options
    this.#clear()
    this.#dirty.clear()
  }

  get symbols(): readonly string[] {
    return [...this.#entries.keys()]
  }

  ticker(symbol: string): Ticker | undefined {
    return this.#entries.get(symbol)?.ticker
  }

  /** Undefined before a snapshot with a book. `bookState` says whether it is complete. */
  book(symbol: string): BookView | undefined {
    const entry = this.#entries.get(symbol)
    return entry === undefined || entry.bookState === 'none' ? undefined : entry.book
  }

  bookState(symbol: string): BookState {
    return this.#entries.get(symbol)?.bookState ?? 'none'
  }

  /** Newest first; a new array at each call. */
  trades(symbol: string, count = this.#tradesMax): Trade[] {
    const trades = this.#entries.get(symbol)?.trades ?? []
    return trades.slice(-Math.min(count, this.#tradesMax)).reverse()
  }

  /** Newest first. */
  get news(): readonly News[] {
    return this.#news
  }

  /** The symbols that changed since the last call; `*` for news. For one redraw per animation frame. */
  takeDirty(): ReadonlySet<string> {
    const dirty = this.#dirty
    this.#dirty = new Set()
    return dirty
  }

  /** Applies what a feed session delivers, in its order. Symbols that are not in the options are ignored. */
  apply(event: FeedEvent | ControlEvent): void {
    switch (event.event) {
      case 'hello':
        this.#setEpoch(event.data.epoch)
        break
      case 'snapshot':
        this.#setEpoch(parsePosition(event.data.id)?.epoch)
        this.#reset(event.data)
        break
      case 'reset':
        this.#setEpoch(event.data.epoch)
        // Trades in between were missed: an empty list is better than one with a gap.
        for (const [symbol, entry] of this.#entries) {
          entry.trades = []
          this.#dirty.add(symbol)
        }
        break
      case 'news':
        this.addNews([event.data])
        break
      case 'status':
        if (event.data.symbol === null) for (const symbol of this.#entries.keys()) this.#applyTo(symbol, event)
        else this.#applyTo(event.data.symbol, event)
        break
      case 'quote':
      case 'trade':
      case 'book':
        this.#applyTo(event.data.symbol, event)
        break
    }
  }

  /** Headlines from a snapshot or from REST among those that are known, each once. */
  addNews(news: readonly News[]): void {
    const bySeq = new Map([...news, ...this.#news].map(one => [one.seq, one]))
    const newestFirst = [...bySeq.values()].sort((a, b) => b.seq - a.seq)
    this.#news = newestFirst.slice(0, this.#options.newsMax ?? 100)
    this.#dirty.add('*')
  }

  /** Another epoch is another market: nothing known before is valid, even for symbols of the same name. */
  #setEpoch(epoch: string | undefined): void {
    if (epoch === undefined) return
    if (this.#epoch !== undefined && this.#epoch !== epoch) this.#clear()
    this.#epoch = epoch
  }

  #clear(): void {
    for (const { symbol, tickSize, phase } of this.#options.instruments) {
      const ticker = new Ticker(symbol, phase, 0)
      this.#entries.set(symbol, { ticker, book: new BookView(tickSize), bookState: 'none', trades: [] })
      this.#dirty.add(symbol)
    }
    this.#news = []
    this.#dirty.add('*')
  }

  get #tradesMax(): number {
    return this.#options.tradesMax ?? 200
  }

  #applyTo(symbol: string, event: FeedEvent): void {
    const entry = this.#entries.get(symbol)
    if (entry === undefined) return
    if (event.event === 'book') {
      if (!this.#applyBook(entry, event.data)) return
    } else {
      // Conflated quotes have no id; the seq shows whether it is older than the known one.
      if (event.event === 'quote' && event.data.seq <= (entry.ticker.quote?.seq ?? 0)) return
      entry.ticker.apply(event)
      if (event.event === 'trade') this.#keepTrade(entry, event.data)
    }
    this.#dirty.add(symbol)
  }

  #keepTrade(entry: InstrumentView, trade: Trade): void {
    entry.trades.push(trade)
    if (entry.trades.length >= this.#tradesMax * 2) entry.trades = entry.trades.slice(-this.#tradesMax)
  }

  /**
   * @returns whether the book has changed. After a gap nothing is applied before a snapshot: the book would look
   * complete.
   */
  #applyBook(entry: InstrumentView, book: Book): boolean {
    if (entry.bookState === 'gap') return false
    const update = entry.book.apply(book)
    if (update === 'stale') return false
    const why = update === 'gap' ? 'gap' : entry.book.checksum() === book.checksum ? undefined : 'checksum'
    if (why === undefined) return true
    entry.bookState = 'gap'
    this.#options.onGap?.(book.symbol, why)
    return true
  }

  #reset({ instruments, news }: Snapshot): void {
    if (news !== undefined) this.addNews(news)
    for (const instrument of instruments) {
      const entry = this.#entries.get(instrument.symbol)
      if (entry === undefined) continue
      entry.ticker.reset(instrument)
      if (instrument.book !== undefined) {
        entry.book.reset(instrument.book)
        entry.bookState = 'sound'
      }
      this.#dirty.add(instrument.symbol)
    }
  }
}
