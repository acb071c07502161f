// Brings the market into the store: asks REST for what has been, opens the feeds for what comes, and joins the two by
// position, so that nothing is missing and nothing counts twice. At most two streams: one for all instruments, one for
// the chosen one's book. What opens a connection is handed in by app/.

import type { FeedOptions, FeedSession, FeedState } from '@papertape/client'
import {
  type CandlesAnswer,
  INTERVALS,
  type Instrument,
  type Interval,
  parsePosition,
  type TradesAnswer,
} from '@papertape/protocol'
import type { BarsKeeper } from './bars.ts'
import type { DepthKeeper } from './depth.ts'
import type { Line, LineFacts, Lines } from './line.ts'
import { SPARK_MINUTES, type SparkKeeper } from './sparks.ts'
import type { MarketStore } from './store.ts'
import type { TapeKeeper } from './tape.ts'

/** The world as the feed needs it. */
export interface MarketPorts {
  instruments(): Promise<readonly Instrument[]>
  candles(symbol: string, interval: Interval, fromMs?: number): Promise<CandlesAnswer>
  trades(symbol: string, limit: number): Promise<TradesAnswer>
  openFeed(options: Pick<FeedOptions, 'symbols' | 'events' | 'maxHz' | 'onEvent' | 'onState'>): FeedSession
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
  /** Tries again now what waits for its next try. */
  reconnect(): void
}

const TAPE_HISTORY = 60
const RETRY_MS = 2_000
/** How often the counters of the connections are read. */
const COUNT_MS = 250

type Counts = Pick<LineFacts, 'events' | 'bytes'>
const NOTHING_YET: Counts = { events: 0, bytes: 0 }

export function createMarketFeed(ports: MarketPorts, parts: MarketParts): MarketFeed {
  const { store, depth, tape, bars, sparks, lines } = parts
  let running = false
  let symbol = ''
  // The instrument whose book and tape are open.
  let shown = ''
  let interval: Interval = '1m'
  let tapeFeed: FeedSession | undefined
  let bookFeed: FeedSession | undefined
  // What the sessions before this one have received: a change of the instrument opens another.
  let bookBase = NOTHING_YET
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
    try {
      const answer = await request()
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
    const list = await ask(ports.instruments)
    if (!running) return
    if (list === undefined || list.length === 0) {
      later(() => void begin(), RETRY_MS)
      return
    }
    store.setInstruments(list)
    openTape()
    if (shown !== symbol) showChosen()
    void loadSparks(list)
  }

  function openTape(): void {
    tapeFeed = ports.openFeed({
      events: ['quote', 'trade', 'status', 'news'],
      maxHz: 10,
      onEvent(event) {
        store.apply(event)
        if (event.event === 'trade') {
          tape.add(event.data)
          bars.add(event.data)
          sparks.add(event.data)
        }
        // A hole of unknown size: what was drawn from trades has to be asked for again.
        if (event.event === 'reset') {
          loadHistory()
          void loadSparks(store.instruments.get())
        }
      },
      onState: state => note(lines.tape, state, NOTHING_YET),
    })
  }

  function openBook(instrument: Instrument): void {
    bookFeed?.close()
    bookBase = lines.book.cell.get()
    const session = ports.openFeed({
      symbols: [instrument.symbol],
      events: ['book'],
      maxHz: 10,
      onEvent: event => {
        if (session === bookFeed) depth.apply(event)
      },
      onState: state => {
        if (session === bookFeed) note(lines.book, state, bookBase)
      },
    })
    bookFeed = session
    depth.open(instrument, () => session.resnapshot())
  }

  function note(line: Line, state: FeedState, base: Counts): void {
    line.update({
      state: state.phase,
      transport: state.transport,
      lastAtMs: state.lastArrivalMs ?? null,
      position: state.lastEventId ?? null,
      retries: Math.max(0, state.connections - 1),
      retryAtMs: state.retryInMs === undefined ? null : ports.nowMs() + state.retryInMs,
      note: state.reason?.text ?? null,
      events: base.events + state.eventsReceived,
      bytes: base.bytes + state.bytesReceived,
    })
  }

  function count(): void {
    if (tapeFeed !== undefined) note(lines.tape, tapeFeed.state, NOTHING_YET)
    if (bookFeed !== undefined) note(lines.book, bookFeed.state, bookBase)
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

  function loadHistory(): void {
    void loadTrades(symbol)
    void loadBars(symbol, interval)
  }

  async function loadTrades(of: string): Promise<void> {
    const answer = await ask(() => ports.trades(of, TAPE_HISTORY))
    if (!running || of !== symbol) return
    if (answer === undefined) later(() => void loadTrades(of), RETRY_MS)
    else tape.addHistory(of, answer.trades)
  }

  async function loadBars(of: string, at: Interval): Promise<void> {
    bars.clear(of, at)
    const answer = await ask(() => ports.candles(of, at))
    if (!running || of !== symbol || at !== interval) return
    if (answer === undefined) {
      bars.fail(of, at)
      later(() => void loadBars(symbol, interval), RETRY_MS)
    } else bars.setHistory(of, at, answer.candles, parsePosition(answer.id)?.seq ?? 0)
  }

  /** One after the other: twenty requests at once would hold up the streams on HTTP/1.1. */
  async function loadSparks(list: readonly Instrument[]): Promise<void> {
    for (const { symbol: of } of list) {
      if (!running) return
      const from = store.clock.get() - SPARK_MINUTES * INTERVALS['1m']
      const answer = await ask(() => ports.candles(of, '1m', from > 0 ? from : undefined))
      if (answer !== undefined) sparks.setHistory(of, answer.candles.slice(-SPARK_MINUTES))
    }
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
      tapeFeed?.close()
      bookFeed?.close()
      tapeFeed = bookFeed = undefined
      for (const cancel of stopTimers) cancel()
      stopTimers = new Set()
    },
    show(nextSymbol, nextInterval) {
      const other = nextSymbol !== symbol
      const otherInterval = nextInterval !== interval
      symbol = nextSymbol
      interval = nextInterval
      if (other) showChosen()
      else if (otherInterval && store.instrument(symbol) !== undefined) void loadBars(symbol, interval)
    },
    reconnect() {
      tapeFeed?.reconnect()
      bookFeed?.reconnect()
    },
  }
}
