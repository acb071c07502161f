// The market as the page knows it: the client's view, as observables that panels watch. Opens no connection. Written by
// feed.ts alone.

import { MarketView } from '@papertape/client'
import { type ControlEvent, type FeedEvent, type Instrument, type News, Ticker } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { type ComputedObservable, createComputed, createObservable, type Observable } from '../reactive/observable.ts'
import { type InstrumentSummary, summaryOf } from './selectors.ts'

export interface MarketStore {
  readonly instruments: Observable<readonly Instrument[]>
  /** The market's own clock, milliseconds since 1970; 0 before the first event. */
  readonly clock: Observable<number>
  /** Newest first. */
  readonly news: Observable<readonly News[]>
  /** One instrument at a glance; the same observable for the same symbol. */
  summary(symbol: string): Observable<InstrumentSummary>
  /**
   * The same, as of the last trade or phase change: quotes, which are far more frequent, do not notify its listeners.
   */
  tradeSummary(symbol: string): Observable<InstrumentSummary>
  instrument(symbol: string): Instrument | undefined
  setInstruments(list: readonly Instrument[]): void
  apply(event: FeedEvent | ControlEvent): void
  /** Older headlines, as far as there is place for them. */
  addNews(older: readonly News[]): void
  /** Forgets everything: another market answers. */
  clear(): void
}

export const NEWS_KEPT = 200

/** Twenty rows that change sixty times a second are no easier to read than at ten. */
const TRADE_SUMMARY_INTERVAL_MS = 100

/** Changes of the last price, to be marked for a moment. */
interface LastPriceTicks {
  price: number | null
  count: number
  direction: InstrumentSummary['tickDirection']
}

interface SummaryEntry {
  readonly ticks: LastPriceTicks
  readonly summary: ComputedObservable<InstrumentSummary>
  readonly tradeSummary: ComputedObservable<InstrumentSummary>
}

export function createMarketStore(frames: FrameScheduler): MarketStore {
  const instruments = createObservable<readonly Instrument[]>([])
  const news = createObservable<readonly News[]>([])
  const entries = new Map<string, SummaryEntry>()
  let view = viewOf([])
  let timeMs = 0
  // The clock of the status bar shows seconds.
  const clock = createComputed(frames, () => timeMs, 250)

  function entryOf(symbol: string): SummaryEntry {
    const known = entries.get(symbol)
    if (known !== undefined) return known
    const unknown = new Ticker(symbol, 'closed', 0)
    const ticks: LastPriceTicks = { price: null, count: 0, direction: 'flat' }
    const compute = () => {
      const ticker = view.ticker(symbol) ?? unknown
      return summaryOf(ticker, ticks.count, ticks.direction)
    }
    const entry = {
      ticks,
      summary: createComputed(frames, compute),
      tradeSummary: createComputed(frames, compute, TRADE_SUMMARY_INTERVAL_MS),
    }
    entries.set(symbol, entry)
    return entry
  }

  function advance(time: number): void {
    if (time <= timeMs) return
    timeMs = time
    clock.invalidate()
  }

  function count(ticks: LastPriceTicks, price: number): void {
    if (ticks.price !== null && price !== ticks.price) {
      ticks.count++
      ticks.direction = price > ticks.price ? 'up' : 'down'
    }
    ticks.price = price
  }

  return {
    instruments,
    clock,
    news,
    summary: symbol => entryOf(symbol).summary,
    tradeSummary: symbol => entryOf(symbol).tradeSummary,
    instrument: symbol => instruments.get().find(one => one.symbol === symbol),
    setInstruments(list) {
      view = viewOf(list)
      instruments.set(list)
    },
    clear() {
      view = viewOf([])
      timeMs = 0
      clock.invalidate()
      for (const { ticks, summary, tradeSummary } of entries.values()) {
        ticks.price = null
        ticks.count = 0
        ticks.direction = 'flat'
        summary.invalidate()
        tradeSummary.invalidate()
      }
      news.set([])
      instruments.set([])
    },
    addNews(older) {
      view.addNews(older)
      news.set(view.news)
    },
    apply(event) {
      view.apply(event)
      if ('data' in event && 'time' in event.data) advance(event.data.time)
      if (event.event === 'trade') count(entryOf(event.data.symbol).ticks, event.data.price)
      if (event.event === 'snapshot') {
        for (const { symbol, lastTrade, quote } of event.data.instruments) {
          entryOf(symbol).ticks.price = lastTrade?.price ?? null
          advance(Math.max(lastTrade?.time ?? 0, quote?.time ?? 0))
        }
      }
      if (event.event === 'news' || event.event === 'snapshot') news.set(view.news)
      for (const symbol of view.takeDirty()) {
        const entry = entryOf(symbol)
        entry.summary.invalidate()
        if (event.event !== 'quote') entry.tradeSummary.invalidate()
      }
    },
  }
}

/** tape.ts keeps the trades of the selected instrument; the view's own are not shown. */
function viewOf(instruments: readonly Instrument[]): MarketView {
  return new MarketView({ instruments, tradesMax: 1, newsMax: NEWS_KEPT })
}
