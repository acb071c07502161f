// The bars of the chart: the history from REST up to a position, earlier pages of it, and the bar that forms from the
// trades after it. Makes no request; feed.ts supplies all of them. A series is what one request for the history begins:
// answers for an earlier series are ignored, however late they come.

import { type Bar, createBarBuilder, INTERVALS, type Interval, joinBars, type Trade } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../reactive/observable.ts'

export const BARS_KEPT = 20_000

/** Trades kept while the history is missing. */
const WAITING_MAX = 5_000

export type BarsPhase = 'loading' | 'ready' | 'failed'

/** What is known of the bars before the oldest: none exist (`none`), or no more are kept (`full`). */
export type EarlierBars = 'unknown' | 'loading' | 'failed' | 'none' | 'full'

export interface BarsState {
  readonly symbol: string
  readonly interval: Interval
  readonly phase: BarsPhase
  readonly earlier: EarlierBars
  /** Oldest first; the last one is forming. */
  readonly bars: readonly Bar[]
}

/** A request for the page of bars before `toMs`. */
export interface EarlierRequest {
  readonly series: number
  readonly symbol: string
  readonly interval: Interval
  readonly toMs: number
}

export interface BarStore {
  readonly state: Observable<BarsState>
  /** Begins a series without bars. @returns its number. */
  clear(symbol: string, interval: Interval): number
  /**
   * @param seq the position of the history: it contains the trades up to this one
   * @param beginningMs when the first bar of the market opens, if it is known
   */
  setHistory(series: number, bars: readonly Bar[], seq: number, beginningMs?: number): void
  fail(series: number): void
  /** The page to request next; undefined if none is needed, or while one is requested. */
  requestEarlier(): EarlierRequest | undefined
  /** @param page the bars before the requested time, oldest first; none: the market began with the oldest bar. */
  addEarlier(series: number, page: readonly Bar[], beginningMs?: number): void
  failEarlier(series: number): void
  add(trade: Trade): void
}

export function createBarStore(frames: FrameScheduler): BarStore {
  let symbol = ''
  let interval: Interval = '1m'
  let phase: BarsPhase = 'loading'
  let earlier: EarlierBars = 'unknown'
  let series = 0
  let closed: Bar[] = []
  let builder = createBarBuilder(INTERVALS[interval])
  // Trades that arrive while the history is requested. The history may contain them; its position decides.
  let waiting: Trade[] = []
  const state = createComputed<BarsState>(frames, compute, 100)

  function compute(): BarsState {
    return { symbol, interval, phase, earlier: isFull() ? 'full' : earlier, bars: withForming() }
  }

  function isWhole(beginningMs: number | undefined): boolean {
    const [oldest] = closed
    return oldest !== undefined && beginningMs !== undefined && oldest.time <= beginningMs
  }

  function isFull(): boolean {
    return closed.length >= BARS_KEPT
  }

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
      earlier = 'unknown'
      closed = []
      waiting = []
      builder = createBarBuilder(INTERVALS[interval])
      state.invalidate()
      return ++series
    },
    setHistory(of, bars, seq, beginningMs) {
      if (of !== series) return
      closed = bars.slice(-BARS_KEPT)
      if (isWhole(beginningMs)) earlier = 'none'
      builder = createBarBuilder(INTERVALS[interval])
      phase = 'ready'
      for (const trade of waiting) if (trade.seq > seq) build(trade)
      waiting = []
      state.invalidate()
    },
    fail(of) {
      if (of !== series || phase !== 'loading') return
      phase = 'failed'
      // The waiting trades are shown meanwhile, and counted again once the history is there.
      for (const trade of waiting) build(trade)
      state.invalidate()
    },
    requestEarlier() {
      const oldest = closed[0] ?? builder.bar
      const isDue = earlier === 'unknown' || earlier === 'failed'
      if (phase !== 'ready' || oldest === undefined || !isDue || isFull()) return undefined
      earlier = 'loading'
      state.invalidate()
      return { series, symbol, interval, toMs: oldest.time }
    },
    addEarlier(of, page, beginningMs) {
      if (of !== series) return
      const oldestMs = (closed[0] ?? builder.bar)?.time ?? 0
      const older = page.filter(bar => bar.time < oldestMs)
      closed = [...older, ...closed].slice(-BARS_KEPT)
      earlier = older.length === 0 || isWhole(beginningMs) ? 'none' : 'unknown'
      state.invalidate()
    },
    failEarlier(of) {
      if (of !== series) return
      earlier = 'failed'
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
