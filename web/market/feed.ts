// Brings the market into the store: asks REST for what has been, opens the feeds for what comes, and joins the two by
// position, so that nothing is missing and nothing counts twice. One feed, shared with the other tabs: the quotes and
// trades of all instruments, the book of the chosen one. What opens a connection is handed in by app/.

import type { SharedFeedOptions, SharedFeedSession, SharedFeedState } from '@papertape/client'
import {
  type CandlesAnswer,
  INTERVALS,
  type Instrument,
  type Interval,
  parsePosition,
  type TradesAnswer,
} from '@papertape/protocol'
import type { Line, Lines } from '../connections/connection.ts'
import type { BarsKeeper } from './bars.ts'
import type { DepthKeeper } from './depth.ts'
import { SPARK_MINUTES, type SparkKeeper } from './sparklines.ts'
import type { MarketStore } from './store.ts'
import type { TapeKeeper } from './tape.ts'

/** The world as the feed needs it. */
export interface MarketPorts {
  instruments(): Promise<readonly Instrument[]>
  candles(symbol: string, interval: Interval, fromMs?: number): Promise<CandlesAnswer>
  trades(symbol: string, limit: number): Promise<TradesAnswer>
  openFeed(
    options: Pick<SharedFeedOptions, 'events' | 'books' | 'maxHz' | 'onEvent' | 'onState' | 'onEpoch'>,
  ): SharedFeedSession
  /** Of all answers so far. */
  bytesAnswered(): number
  /** The wall clock, milliseconds since 1970. */
  nowMs(): number
  /** Calls back once; returns what cancels it. */
  setTimer(run: () => void, delayMs: number): () => void
}

export interface MarketParts {
  readonly store: MarketStore
  readonly depth: DepthKeeper
  readonly tape: TapeKeeper
  readonly bars: BarsKeeper
  readonly sparks: SparkKeeper
  readonly lines: Lines
}

export interface MarketFeed {
  start(): void
  stop(): void
  /** Shows another instrument, or another interval of it. */
  show(symbol: string, interval: Interval): void
  /** The instruments whose last hour is in sight. */
  setSparksInSight(symbols: ReadonlySet<string>): void
  /** Tries again now what waits for its next try. */
  reconnect(): void
}

const TAPE_HISTORY = 60
const RETRY_MS = 2_000
/** How long a history waits for the feed to begin. */
const START_MS = 1_000
/** Before a history is asked for again that ends before the feed began. */
const AGAIN_MS = 100
/** Between two requests that nobody waits for. */
const SPARK_PAUSE_MS = 800
/** How often the counters of the connections are read. */
const COUNT_MS = 250

export function createMarketFeed(ports: MarketPorts, parts: MarketParts): MarketFeed {
  const { store, depth, tape, bars, sparks, lines } = parts
  let running = false
  let symbol = ''
  // The instrument whose book and tape are open.
  let shown = ''
  let interval: Interval = '1m'
  let feed: SharedFeedSession | undefined
  let bookEvents = 0
  // Where the feed's events begin, and where the history ends that was asked for before it: between them may be a hole.
  let startSeq: number | undefined
  let historySeq: number | undefined
  // The feed does not begin: a history with a hole is better than none.
  let isOverdue = false
  // Which market this is; an answer of the one before is nobody's.
  let epoch: string | undefined
  let generation = 0
  // The instruments in sight, and those whose last hour has been asked for.
  let sparksWanted: ReadonlySet<string> = new Set()
  const sparksLoaded = new Set<string>()
  let isLoadingSparks = false
  let stopTimers = new Set<() => void>()

  function later(run: () => void, delayMs: number): void {
    const cancel = ports.setTimer(() => {
      stopTimers.delete(cancel)
      if (running) run()
    }, delayMs)
    stopTimers.add(cancel)
  }

  /** One request, counted; what fails is noted on the line, and undefined. */
  async function ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    const asked = generation
    try {
      const answer = await request()
      if (asked !== generation) return undefined
      lines.requests.received(1)
      lines.requests.update({ state: 'live', lastAtMs: ports.nowMs(), bytes: ports.bytesAnswered(), note: null })
      return answer
    } catch (error) {
      lines.requests.update({ state: 'waiting', note: error instanceof Error ? error.message : String(error) })
      return undefined
    }
  }

  async function begin(): Promise<void> {
    lines.requests.update({ state: 'connecting' })
    const begun = generation
    const list = await ask(ports.instruments)
    if (!running || begun !== generation) return
    if (list === undefined || list.length === 0) {
      later(() => void begin(), RETRY_MS)
      return
    }
    store.setInstruments(list)
    openFeed()
    if (shown !== symbol) showChosen()
  }

  function openFeed(): void {
    startSeq = undefined
    isOverdue = false
    const session = ports.openFeed({
      events: ['quote', 'trade', 'book', 'status', 'news'],
      // The choice may have been made with the list, before there was a feed.
      books: shown === '' ? [] : [shown],
      maxHz: 10,
      onEvent(event) {
        if (session !== feed) return
        if (event.event === 'book' || event.event === 'snapshot') depth.apply(event)
        if (event.event === 'book') {
          bookEvents++
          return
        }
        store.apply(event)
        if (event.event === 'trade') {
          tape.add(event.data)
          bars.add(event.data)
          sparks.add(event.data)
        }
        if (event.event === 'snapshot' && startSeq === undefined) {
          startSeq = parsePosition(event.data.id)?.seq
          if (!isOverdue || endsBeforeStart(historySeq)) loadHistory()
        }
        // A hole of unknown size: what was drawn from trades has to be asked for again.
        if (event.event === 'reset') {
          startSeq = undefined
          isOverdue = true
          loadHistory()
          sparksLoaded.clear()
        }
      },
      onState: state => {
        if (session === feed) note(state)
      },
      onEpoch: seeEpoch,
    })
    feed = session
    later(() => {
      if (session !== feed || startSeq !== undefined) return
      isOverdue = true
      loadHistory()
    }, START_MS)
  }

  /** Another epoch is another market at the same address: nothing that is shown is of it. */
  function seeEpoch(seen: string): void {
    const before = epoch
    epoch = seen
    if (before === undefined || before === seen) return
    generation++
    feed?.close()
    feed = undefined
    shown = symbol = ''
    store.clear()
    depth.clear()
    tape.clear('')
    bars.clear('', interval)
    sparks.clear()
    sparksLoaded.clear()
    void begin()
  }

  function openBook(instrument: Instrument): void {
    depth.open(instrument, () => feed?.resnapshot())
    feed?.setBooks([instrument.symbol])
  }

  /** Tape and book come over one connection; each counts its own events. */
  function note(state: SharedFeedState): void {
    // What came before a loss is not proved by what comes after it, until the book itself has come again.
    if (state.phase !== 'live') depth.doubt()
    noteLine(lines.tape, state, state.eventsReceived - bookEvents)
    noteLine(lines.book, state, bookEvents)
  }

  function noteLine(line: Line, state: SharedFeedState, events: number): void {
    const since = line.facts.doubtfulSinceMs
    line.update({
      state: state.phase,
      doubtfulSinceMs: {
        live: null,
        // A session that has replaced a doubtful one has nothing to show yet: the doubt stays.
        none: since,
        doubtful: since ?? state.lastArrivalMs ?? state.doubtfulSinceMs ?? ports.nowMs(),
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

  function count(): void {
    if (feed !== undefined) note(feed.state)
    if (nextSpark() !== undefined) void loadSparks()
    later(count, COUNT_MS)
  }

  function showChosen(): void {
    const instrument = store.instrument(symbol)
    if (instrument === undefined) return
    shown = symbol
    openBook(instrument)
    tape.clear(symbol)
    loadHistory()
  }

  function endsBeforeStart(seq: number | undefined): boolean {
    return seq !== undefined && startSeq !== undefined && seq < startSeq
  }

  /** Once the feed has begun: a history that was asked for sooner would end before it. */
  function mayLoad(): boolean {
    return symbol !== '' && (startSeq !== undefined || isOverdue)
  }

  function loadHistory(): void {
    historySeq = undefined
    if (mayLoad()) void loadTrades(symbol)
    startBars()
  }

  function startBars(): void {
    bars.clear(symbol, interval)
    if (mayLoad()) void loadBars(symbol, interval)
  }

  async function loadTrades(of: string): Promise<void> {
    const answer = await ask(() => ports.trades(of, TAPE_HISTORY))
    if (!running || of !== symbol) return
    if (answer === undefined) {
      later(() => void loadTrades(of), RETRY_MS)
      return
    }
    const endSeq = parsePosition(answer.id)?.seq ?? 0
    historySeq = Math.min(historySeq ?? endSeq, endSeq)
    if (endsBeforeStart(endSeq)) later(() => void loadTrades(of), AGAIN_MS)
    else tape.addHistory(of, answer.trades)
  }

  async function loadBars(of: string, at: Interval): Promise<void> {
    const answer = await ask(() => ports.candles(of, at))
    if (!running || of !== symbol || at !== interval) return
    if (answer === undefined) {
      bars.fail(of, at)
      later(() => void loadBars(of, at), RETRY_MS)
      return
    }
    const endSeq = parsePosition(answer.id)?.seq ?? 0
    historySeq = Math.min(historySeq ?? endSeq, endSeq)
    if (endsBeforeStart(endSeq)) later(() => void loadBars(of, at), AGAIN_MS)
    else bars.setHistory(of, at, answer.candles, endSeq)
  }

  /**
   * The last hour of the instruments that are in sight, one request after the other with pauses: they must not hold up
   * the streams and the chart on the six connections of HTTP/1.1, or on a slow line.
   */
  async function loadSparks(): Promise<void> {
    if (isLoadingSparks) return
    isLoadingSparks = true
    for (let of = nextSpark(); of !== undefined && running; of = nextSpark()) {
      const wanted = of
      sparksLoaded.add(wanted)
      const from = store.clock.get() - SPARK_MINUTES * INTERVALS['1m']
      const answer = await ask(() => ports.candles(wanted, '1m', from))
      if (answer !== undefined) sparks.setHistory(wanted, answer.candles.slice(-SPARK_MINUTES))
      await new Promise<void>(resolve => later(resolve, SPARK_PAUSE_MS))
    }
    isLoadingSparks = false
  }

  /** None before something is live and the chart has its bars: what is looked at comes first. */
  function nextSpark(): string | undefined {
    if (store.clock.get() === 0 || bars.cell.get().phase === 'loading') return undefined
    return [...sparksWanted].find(of => !sparksLoaded.has(of) && store.instrument(of) !== undefined)
  }

  return {
    start() {
      if (running) return
      running = true
      shown = ''
      void begin()
      count()
    },
    stop() {
      running = false
      isLoadingSparks = false
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
      if (other) showChosen()
      else if (otherInterval && store.instrument(symbol) !== undefined) startBars()
    },
    setSparksInSight(symbols) {
      sparksWanted = symbols
    },
    reconnect: () => feed?.reconnect(),
  }
}
