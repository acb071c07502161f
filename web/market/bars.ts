// The bars of the chart: history from REST up to a position, and the bar that forms from the trades after it. No request
// is made here; feed.ts brings both.

import { type Bar, createBarBuilder, INTERVALS, type Interval, joinBars, type Trade } from '@papertape/protocol'
import type { Frames } from '../reactive/frame-scheduler.ts'
import { type Cell, createCell } from '../reactive/observable.ts'

export const BARS_KEPT = 1_000

/** Trades that are kept while the history cannot be had. */
const WAITING_MAX = 5_000

export type BarsPhase = 'loading' | 'ready' | 'failed'

export interface BarsState {
  readonly symbol: string
  readonly interval: Interval
  readonly phase: BarsPhase
  /** Oldest first; the last one is forming. */
  readonly bars: readonly Bar[]
}

export interface BarsKeeper {
  readonly cell: Cell<BarsState>
  clear(symbol: string, interval: Interval): void
  /** @param seq the position that the history is true at: trades up to it are in it. */
  setHistory(symbol: string, interval: Interval, bars: readonly Bar[], seq: number): void
  fail(symbol: string, interval: Interval): void
  add(trade: Trade): void
}

export function createBarsKeeper(frames: Frames): BarsKeeper {
  let symbol = ''
  let interval: Interval = '1m'
  let phase: BarsPhase = 'loading'
  let closed: Bar[] = []
  let builder = createBarBuilder(INTERVALS[interval])
  // Trades that come while the history is under way: it may hold them already, its position will tell.
  let waiting: Trade[] = []
  const cell = createCell<BarsState>(frames, () => ({ symbol, interval, phase, bars: withForming() }), 100)

  /** The forming bar may have begun before the history's end, so the two are joined, not appended. */
  function withForming(): readonly Bar[] {
    const forming = builder.bar
    return forming === undefined ? closed : append(closed, forming)
  }

  function append(bars: readonly Bar[], bar: Bar): Bar[] {
    const tail = bars.at(-1)
    if (tail !== undefined && tail.time > bar.time) return bars.slice()
    const joined = tail === undefined ? [bar] : joinBars([tail, bar], INTERVALS[interval])
    return [...bars.slice(-BARS_KEPT, -1), ...joined]
  }

  function fold(trade: Trade): void {
    const done = builder.add(trade.time, trade.price, trade.size)
    if (done !== undefined) closed = append(closed, done)
  }

  return {
    cell,
    clear(nextSymbol, nextInterval) {
      symbol = nextSymbol
      interval = nextInterval
      phase = 'loading'
      closed = []
      waiting = []
      builder = createBarBuilder(INTERVALS[interval])
      cell.touch()
    },
    setHistory(of, at, bars, seq) {
      if (of !== symbol || at !== interval) return
      closed = bars.slice(-BARS_KEPT)
      builder = createBarBuilder(INTERVALS[interval])
      phase = 'ready'
      for (const trade of waiting) if (trade.seq > seq) fold(trade)
      waiting = []
      cell.touch()
    },
    fail(of, at) {
      if (of !== symbol || at !== interval || phase !== 'loading') return
      phase = 'failed'
      // What has come since is shown all the same, and counted again once the history is there.
      for (const trade of waiting) fold(trade)
      cell.touch()
    },
    add(trade) {
      if (trade.symbol !== symbol) return
      if (phase !== 'ready') {
        waiting.push(trade)
        if (waiting.length > WAITING_MAX) waiting.shift()
      }
      if (phase === 'loading') return
      fold(trade)
      cell.touch()
    },
  }
}
