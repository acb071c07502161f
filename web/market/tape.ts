// Time and sales of the selected instrument: its last trades, newest first, each once. Starts with the history from
// REST and goes on with the feed. Written by feed.ts.

import type { Trade } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../reactive/observable.ts'

/** Enough for a size filter to leave some. */
export const TRADES_KEPT = 500

export interface TapeState {
  readonly symbol: string
  readonly loading: boolean
  /** Newest first. */
  readonly trades: readonly Trade[]
}

export interface TapeStore {
  readonly state: Observable<TapeState>
  clear(symbol: string): void
  /** Past trades in any order; may overlap with those of the feed. */
  addHistory(symbol: string, trades: readonly Trade[]): void
  add(trade: Trade): void
}

export function createTapeStore(frames: FrameScheduler): TapeStore {
  let symbol = ''
  let loading = true
  let trades: Trade[] = []
  const state = createComputed<TapeState>(frames, () => ({ symbol, loading, trades: trades.slice() }), 100)
  return {
    state,
    clear(next) {
      symbol = next
      loading = true
      trades = []
      state.invalidate()
    },
    addHistory(of, history) {
      if (of !== symbol) return
      loading = false
      const bySeq = new Map([...history, ...trades].map(trade => [trade.seq, trade]))
      trades = [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, TRADES_KEPT)
      state.invalidate()
    },
    add(trade) {
      if (trade.symbol !== symbol || trade.seq <= (trades[0]?.seq ?? 0)) return
      trades.unshift(trade)
      if (trades.length > TRADES_KEPT) trades.length = TRADES_KEPT
      state.invalidate()
    },
  }
}
