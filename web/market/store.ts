// The market as the page knows it: the client's view, cut into cells that panels look at. Opens no connection and knows
// no React. Written to by feed.ts only.

import { MarketView } from '@papertape/client'
import { type ControlEvent, type FeedEvent, type Instrument, type News, Ticker, type Trade } from '@papertape/protocol'
import type { Frames } from '../reactive/frame-scheduler.ts'
import { type Cell, createCell, createValue, type SourceCell } from '../reactive/observable.ts'
import { type Row, rowOf } from './selectors.ts'

export interface MarketStore {
  readonly instruments: Cell<readonly Instrument[]>
  /** The market's own clock, milliseconds since 1970; 0 before the first event. */
  readonly clock: Cell<number>
  /** Newest first. */
  readonly news: Cell<readonly News[]>
  /** One instrument at a glance; the same cell for the same symbol. */
  row(symbol: string): Cell<Row>
  /** The same, as of the last trade or change of phase: quotes, which come far more often, do not wake its readers. */
  print(symbol: string): Cell<Row>
  instrument(symbol: string): Instrument | undefined
  /** Newest first: what has come since the page was opened, or since the feed last lost its place. */
  trades(symbol: string): readonly Trade[]
  setInstruments(list: readonly Instrument[]): void
  apply(event: FeedEvent | ControlEvent): void
  /** Another market: nothing that is known is of it. */
  clear(): void
}

/** Twenty lines that change sixty times a second are no easier to read than at ten. */
const PRINT_INTERVAL_MS = 100

/** What the last price did, to be marked for a moment. */
interface Ticks {
  price: number | null
  count: number
  direction: Row['tickDirection']
}

interface Line {
  readonly ticks: Ticks
  readonly row: SourceCell<Row>
  readonly print: SourceCell<Row>
}

export function createMarketStore(frames: Frames): MarketStore {
  const instruments = createValue<readonly Instrument[]>([])
  const news = createValue<readonly News[]>([])
  const lines = new Map<string, Line>()
  let view = new MarketView({ instruments: [] })
  let timeMs = 0
  // The clock of the status bar shows seconds.
  const clock = createCell(frames, () => timeMs, 250)

  function lineOf(symbol: string): Line {
    const known = lines.get(symbol)
    if (known !== undefined) return known
    const unknown = new Ticker(symbol, 'closed', 0)
    const ticks: Ticks = { price: null, count: 0, direction: 'flat' }
    const read = () => rowOf(view.ticker(symbol) ?? unknown, ticks.count, ticks.direction)
    const line = { ticks, row: createCell(frames, read), print: createCell(frames, read, PRINT_INTERVAL_MS) }
    lines.set(symbol, line)
    return line
  }

  function advance(time: number): void {
    if (time <= timeMs) return
    timeMs = time
    clock.touch()
  }

  function mark(ticks: Ticks, price: number): void {
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
    row: symbol => lineOf(symbol).row,
    print: symbol => lineOf(symbol).print,
    instrument: symbol => instruments.get().find(one => one.symbol === symbol),
    trades: symbol => view.trades(symbol),
    setInstruments(list) {
      view = new MarketView({ instruments: list })
      instruments.set(list)
    },
    clear() {
      view = new MarketView({ instruments: [] })
      timeMs = 0
      clock.touch()
      for (const { ticks, row, print } of lines.values()) {
        ticks.price = null
        ticks.count = 0
        row.touch()
        print.touch()
      }
      news.set([])
      instruments.set([])
    },
    apply(event) {
      view.apply(event)
      if ('data' in event && 'time' in event.data) advance(event.data.time)
      if (event.event === 'trade') mark(lineOf(event.data.symbol).ticks, event.data.price)
      if (event.event === 'snapshot') {
        for (const { symbol, lastTrade, quote } of event.data.instruments) {
          lineOf(symbol).ticks.price = lastTrade?.price ?? null
          advance(Math.max(lastTrade?.time ?? 0, quote?.time ?? 0))
        }
      }
      if (event.event === 'news') news.set(view.news)
      for (const symbol of view.takeDirty()) {
        const line = lineOf(symbol)
        line.row.touch()
        if (event.event !== 'quote') line.print.touch()
      }
    },
  }
}
