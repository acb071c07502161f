// The bars of the chart: the history from REST up to a position, and the bar that forms from the trades after it. Makes
// no request; feed.ts supplies both.

import { type Bar, createBarBuilder, INTERVALS, type Interval, joinBars, type Trade } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../reactive/observable.ts'

const BARS_KEPT = 1_000

/** Trades kept while the history is missing. */
const WAITING_MAX = 5_000

export type BarsPhase = 'loading' | 'ready' | 'failed'

export interface BarsState {
  readonly symbol: string
  readonly interval: Interval
  readonly phase: BarsPhase
  /** Oldest first; the last one is forming. */
  readonly bars: readonly Bar[]
}

export interface BarStore {
  readonly state: Observable<BarsState>
  clear(symbol: string, interval: Interval): void
  /** @param seq the position of the history: it contains the trades up to this one. */
  setHistory(symbol: string, interval: Interval, bars: readonly Bar[], seq: number): void
  fail(symbol: string, interval: Interval): void
  add(trade: Trade): void
}

export function createBarStore(frames: FrameScheduler): BarStore {
  let symbol = ''
  let interval: Interval = '1m'
  let phase: BarsPhase = 'loading'
  let closed: Bar[] = []
  let builder = createBarBuilder(INTERVALS[interval])
  // Trades that arrive while the history is requested. The history may contain them; its position decides.
  let waiting: Trade[] = []
  const state = createComputed<BarsState>(frames, () => ({ symbol, interval, phase, bars: withForming() }), 100)

  /** The forming bar may have begun before the end of the history, so the two are joined. */
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

  function build(trade: Trade): void {
    const done = builder.add(trade.time, trade.price, trade.size)
    if (done !== undefined) closed = append(closed, done)
  }

  return {
    state,
    clear(nextSymbol, nextInterval) {
      symbol = nextSymbol
      interval = nextInterval
      phase = 'loading'
      closed = []
      waiting = []
      builder = createBarBuilder(INTERVALS[interval])
      state.invalidate()
    },
    setHistory(of, at, bars, seq) {
      if (of !== symbol || at !== interval) return
      closed = bars.slice(-BARS_KEPT)
      builder = createBarBuilder(INTERVALS[interval])
      phase = 'ready'
      for (const trade of waiting) if (trade.seq > seq) build(trade)
      waiting = []
      state.invalidate()
    },
    fail(of, at) {
      if (of !== symbol || at !== interval || phase !== 'loading') return
      phase = 'failed'
      // The waiting trades are shown meanwhile, and counted again once the history is there.
      for (const trade of waiting) build(trade)
      state.invalidate()
    },
    add(trade) {
      if (trade.symbol !== symbol) return
      if (phase !== 'ready') {
        waiting.push(trade)
        if (waiting.length > WAITING_MAX) waiting.shift()
      }
      if (phase === 'loading') return
      build(trade)
      state.invalidate()
    },
  }
}
