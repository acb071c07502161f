// Brings the market into the stores: requests the history from REST, opens the feed, and joins the two by position, so
// that no trade is missing and none counts twice. One feed, shared with the other tabs: quotes and trades of all
// instruments, the book of the selected one. app/ hands in what opens connections.

import type { SharedFeedOptions, SharedFeedSession, SharedFeedState } from '@papertape/client'
import {
  type CandlesAnswer,
  type CandlesBySymbolAnswer,
  INTERVALS,
  type Instrument,
  type Interval,
  type NewsAnswer,
  parsePosition,
  type TradesAnswer,
} from '@papertape/protocol'
import type { PageConnection, PageConnections } from '../connections/connection.ts'
import { createOutageRecorder, type FeedOutage } from '../connections/outage.ts'
import type { Observable } from '../reactive/observable.ts'
import type { BarStore } from './bars.ts'
import type { DepthStore } from './depth.ts'
import { SPARKLINE_MINUTES, type SparklineStore } from './sparklines.ts'
import { type MarketStore, NEWS_KEPT } from './store.ts'
import type { TapeStore } from './tape.ts'
import type { VolumeStore } from './volume-at-price.ts'

/** Which bars: those that open at or after `from` and before `to`, the newest of them. */
export interface CandleRange {
  readonly from?: number
  readonly to?: number
  readonly limit?: number
}

/** What the feed needs of the outside. */
export interface MarketPorts {
  instruments(): Promise<readonly Instrument[]>
  candles(symbol: string, interval: Interval, range?: CandleRange): Promise<CandlesAnswer>
  /** The last bars of one minute of several instruments, at most so many of each. */
  minutesOf(symbols: readonly string[], fromMs: number, limit: number): Promise<CandlesBySymbolAnswer>
  trades(symbol: string, limit: number): Promise<TradesAnswer>
  /** Headlines below a seq, newest first. */
  news(limit: number, before: number): Promise<NewsAnswer>
  openFeed(
    options: Pick<SharedFeedOptions, 'events' | 'books' | 'maxHz' | 'onEvent' | 'onState' | 'onEpoch'>,
  ): SharedFeedSession
  /** Bytes of all REST responses so far. */
  bytesAnswered(): number
  /** The wall clock, milliseconds since 1970. */
  nowMs(): number
  /** Calls back once; returns what cancels it. */
  setTimer(run: () => void, delayMs: number): () => void
}

export interface MarketParts {
  readonly store: MarketStore
  readonly depth: DepthStore
  readonly tape: TapeStore
  readonly volume: VolumeStore
  readonly bars: BarStore
  readonly sparklines: SparklineStore
  readonly connections: PageConnections
}

export interface MarketFeed {
  start(): void
  stop(): void
  /** Shows another instrument, or another interval of it. */
  show(symbol: string, interval: Interval): void
  /** Requests the page of bars before the oldest one, unless there is none or it is being requested. */
  loadEarlierBars(): void
  /** The instruments whose sparkline is on screen. */
  setVisibleSymbols(symbols: ReadonlySet<string>): void
  /** Adds a page of headlines from before the oldest that is shown. @returns whether there may be more. */
  loadOlderNews(): Promise<boolean>
  /** Retries at once instead of at the next due time. */
  reconnect(): void
  /** What the last loss cost, until it is dismissed. */
  readonly lastOutage: Observable<FeedOutage | null>
  dismissOutage(): void
}

const TAPE_HISTORY = 60
const NEWS_PAGE = 50
/** Bars of a page of the chart's history. */
const EARLIER_BARS = 600
const RETRY_MS = 2_000
/** How long the history waits for the feed to begin. */
const START_MS = 1_000
/** Until a history that ends before the feed began is requested again. */
const HISTORY_RETRY_MS = 100
/** Between two requests for sparklines, as one scrolls through the list. */
const SPARKLINE_PAUSE_MS = 800
/** How often the counters of the connections are read. */
const COUNTERS_MS = 250

export function createMarketFeed(ports: MarketPorts, parts: MarketParts): MarketFeed {
  const { store, depth, tape, volume, bars, sparklines, connections } = parts
  const outages = createOutageRecorder(ports.nowMs)
  let running = false
  let symbol = ''
  // The instrument whose book and tape are open.
  let shown = ''
  let interval: Interval = '1m'
  // The series of bars that is shown; answers for another one are dropped.
  let barSeries = 0
  let feed: SharedFeedSession | undefined
  let bookEvents = 0
  // The seq at which the feed's events begin, and the one at which the requested history ends: trades between are
  // missing.
  let startSeq: number | undefined
  let historySeq: number | undefined
  // The feed does not begin in time: a history that may lack trades is better than none.
  let isOverdue = false
  // Which market this is. The generation counts markets: responses of an earlier one are dropped.
  let epoch: string | undefined
  let generation = 0
  // The instruments on screen, and those whose sparkline has been requested.
  let visibleSymbols: ReadonlySet<string> = new Set()
  const requestedSparklines = new Set<string>()
  let isLoadingSparklines = false
  let stopTimers = new Set<() => void>()

  function later(run: () => void, delayMs: number): void {
    const cancel = ports.setTimer(() => {
      stopTimers.delete(cancel)
      if (running) run()
    }, delayMs)
    stopTimers.add(cancel)
  }

  /** Sends one request and counts it; undefined after a failure, which the connection shows. */
  async function request<T>(send: () => Promise<T>): Promise<T | undefined> {
    const sentIn = generation
    try {
      const answer = await send()
      if (sentIn !== generation) return undefined
      connections.requests.received(1)
      connections.requests.update({ state: 'live', lastAtMs: ports.nowMs(), bytes: ports.bytesAnswered(), note: null })
      return answer
    } catch (error) {
      connections.requests.update({ state: 'waiting', note: error instanceof Error ? error.message : String(error) })
      return undefined
    }
  }

  async function begin(): Promise<void> {
    connections.requests.update({ state: 'connecting' })
    const begunIn = generation
    const list = await request(ports.instruments)
    if (!running || begunIn !== generation) return
    if (list === undefined || list.length === 0) {
      later(() => void begin(), RETRY_MS)
      return
    }
    store.setInstruments(list)
    openFeed()
    if (shown !== symbol) showSelected()
  }

  function openFeed(): void {
    startSeq = undefined
    isOverdue = false
    const session = ports.openFeed({
      events: ['quote', 'trade', 'book', 'status', 'news'],
      // An instrument may have been selected as soon as the list was there, before the feed was.
      books: shown === '' ? [] : [shown],
      maxHz: 10,
      onEvent(event, id) {
        if (session !== feed) return
        outages.receive(event, id)
        if (event.event === 'book') {
          depth.applyBook(event.data)
          bookEvents++
          return
        }
        if (event.event === 'snapshot') depth.applySnapshot(event.data)
        store.apply(event)
        if (event.event === 'trade') {
          tape.add(event.data)
          volume.add(event.data)
          bars.add(event.data)
          sparklines.add(event.data)
        }
        if (event.event === 'snapshot' && startSeq === undefined) {
          startSeq = parsePosition(event.data.id)?.seq
          if (!isOverdue || endsBeforeStart(historySeq)) loadHistory()
        }
        // Unknown events are missing: request again what was computed from trades.
        if (event.event === 'reset') {
          startSeq = undefined
          isOverdue = true
          loadHistory()
          requestedSparklines.clear()
        }
      },
      onState: state => {
        if (session === feed) updateFeed(state)
      },
      onEpoch: handleEpoch,
    })
    feed = session
    later(() => {
      if (session !== feed || startSeq !== undefined) return
      isOverdue = true
      loadHistory()
    }, START_MS)
  }

  /** Another epoch is another market at the same address: everything shown is of the old one. */
  function handleEpoch(next: string): void {
    const before = epoch
    epoch = next
    if (before === undefined || before === next) return
    generation++
    feed?.close()
    feed = undefined
    // After the close, which is no loss.
    outages.clear()
    shown = symbol = ''
    store.clear()
    depth.clear()
    tape.clear('')
    volume.clear('')
    barSeries = bars.clear('', interval)
    sparklines.clear()
    requestedSparklines.clear()
    void begin()
  }

  function openBook(instrument: Instrument): void {
    depth.open(instrument, () => feed?.resnapshot())
    feed?.setBooks([instrument.symbol])
  }

  /** Tape and book share one connection; each counts its own events. */
  function updateFeed(state: SharedFeedState): void {
    // After a loss the book is verified by the next book event, not by other events.
    if (state.phase !== 'live') depth.markStale()
    outages.update(state)
    updateConnection(connections.tape, state, state.eventsReceived - bookEvents)
    updateConnection(connections.book, state, bookEvents)
  }

  function updateConnection(connection: PageConnection, state: SharedFeedState, events: number): void {
    const since = connection.current.staleSinceMs
    connection.update({
      state: state.phase,
      staleSinceMs: {
        live: null,
        // A session that replaced a stale one has no data yet: stays stale.
        none: since,
        stale: since ?? state.lastArrivalMs ?? state.staleSinceMs ?? ports.nowMs(),
      }[state.freshness],
      transport: state.transport,
      lastAtMs: state.lastArrivalMs ?? null,
      position: state.lastEventId ?? null,
      retries: Math.max(0, state.connections - 1),
      retryAtMs: state.retryInMs === undefined ? null : ports.nowMs() + state.retryInMs,
      note: state.reason?.text ?? null,
      events,
      bytes: state.bytesReceived,
      sharing: state.sharing,
    })
  }

  function updateCounters(): void {
    if (feed !== undefined) updateFeed(feed.state)
    if (missingSparklines().length > 0) void loadSparklines()
    later(updateCounters, COUNTERS_MS)
  }

  function showSelected(): void {
    const instrument = store.instrument(symbol)
    if (instrument === undefined) return
    shown = symbol
    openBook(instrument)
    tape.clear(symbol)
    volume.clear(symbol)
    loadHistory()
  }

  function endsBeforeStart(seq: number | undefined): boolean {
    return seq !== undefined && startSeq !== undefined && seq < startSeq
  }

  /** Once the feed has begun: a history requested earlier would end before it. */
  function mayLoad(): boolean {
    return symbol !== '' && (startSeq !== undefined || isOverdue)
  }

  function loadHistory(): void {
    historySeq = undefined
    if (mayLoad()) void loadTrades(symbol)
    startBars()
  }

  function startBars(): void {
    barSeries = bars.clear(symbol, interval)
    if (mayLoad()) void loadBars(barSeries, symbol, interval)
  }

  async function loadTrades(of: string): Promise<void> {
    const answer = await request(() => ports.trades(of, TAPE_HISTORY))
    if (!running || of !== symbol) return
    if (answer === undefined) {
      later(() => void loadTrades(of), RETRY_MS)
      return
    }
    const endSeq = parsePosition(answer.id)?.seq ?? 0
    historySeq = Math.min(historySeq ?? endSeq, endSeq)
    if (endsBeforeStart(endSeq)) later(() => void loadTrades(of), HISTORY_RETRY_MS)
    else {
      tape.addHistory(of, answer.trades)
      volume.addHistory(of, answer.trades)
    }
  }

  async function loadBars(series: number, of: string, at: Interval): Promise<void> {
    const answer = await request(() => ports.candles(of, at))
    if (!running || series !== barSeries) return
    if (answer === undefined) {
      bars.fail(series)
      later(() => void loadBars(series, of, at), RETRY_MS)
      return
    }
    const endSeq = parsePosition(answer.id)?.seq ?? 0
    historySeq = Math.min(historySeq ?? endSeq, endSeq)
    if (endsBeforeStart(endSeq)) later(() => void loadBars(series, of, at), HISTORY_RETRY_MS)
    else bars.setHistory(series, answer.candles, endSeq, answer.beginning)
  }

  async function loadEarlierBars(): Promise<void> {
    const wanted = bars.requestEarlier()
    if (wanted === undefined) return
    const range = { to: wanted.toMs, limit: EARLIER_BARS }
    const answer = await request(() => ports.candles(wanted.symbol, wanted.interval, range))
    if (answer === undefined) bars.failEarlier(wanted.series)
    else bars.addEarlier(wanted.series, answer.candles, answer.beginning)
  }

  /** The last hour of the instruments on screen, in one request; of those that come into view later in another one. */
  async function loadSparklines(): Promise<void> {
    if (isLoadingSparklines) return
    isLoadingSparklines = true
    for (let wanted = missingSparklines(); wanted.length > 0 && running; wanted = missingSparklines()) {
      const symbols = wanted
      const from = store.clock.get() - SPARKLINE_MINUTES * INTERVALS['1m']
      const answer = await request(() => ports.minutesOf(symbols, from, SPARKLINE_MINUTES))
      if (answer !== undefined) for (const of of symbols) requestedSparklines.add(of)
      for (const [of, candles] of Object.entries(answer?.candles ?? {})) sparklines.setHistory(of, candles)
      await new Promise<void>(resolve => later(resolve, answer === undefined ? RETRY_MS : SPARKLINE_PAUSE_MS))
    }
    isLoadingSparklines = false
  }

  /** None until the feed is live and the chart has its bars: those come first. */
  function missingSparklines(): readonly string[] {
    if (store.clock.get() === 0 || bars.state.get().phase === 'loading') return []
    return [...visibleSymbols].filter(of => !requestedSparklines.has(of) && store.instrument(of) !== undefined)
  }

  return {
    start() {
      if (running) return
      running = true
      shown = ''
      void begin()
      updateCounters()
    },
    stop() {
      running = false
      isLoadingSparklines = false
      feed?.close()
      feed = undefined
      for (const cancel of stopTimers) cancel()
      stopTimers = new Set()
    },
    show(nextSymbol, nextInterval) {
      const other = nextSymbol !== symbol
      const otherInterval = nextInterval !== interval
      symbol = nextSymbol
      interval = nextInterval
      if (other) showSelected()
      else if (otherInterval && store.instrument(symbol) !== undefined) startBars()
    },
    loadEarlierBars: () => void loadEarlierBars(),
    setVisibleSymbols(symbols) {
      visibleSymbols = symbols
    },
    async loadOlderNews() {
      const oldest = store.news.get().at(-1)
      if (oldest === undefined) return false
      const answer = await request(() => ports.news(NEWS_PAGE, oldest.seq))
      if (answer === undefined) return true
      store.addNews(answer.news)
      return answer.news.length === NEWS_PAGE && store.news.get().length < NEWS_KEPT
    },
    reconnect: () => feed?.reconnect(),
    lastOutage: outages.latest,
    dismissOutage: outages.dismiss,
  }
}
