// Time and sales of the chosen instrument: its last trades, newest first, each once. Begins with what REST remembers and
// goes on with the feed. Written to by feed.ts.

import type { Trade } from '@papertape/protocol'
import type { Frames } from '../reactive/frame-scheduler.ts'
import { type Cell, createCell } from '../reactive/observable.ts'

export const TRADES_KEPT = 200

export interface TapeState {
  readonly symbol: string
  readonly loading: boolean
  /** Newest first. */
  readonly trades: readonly Trade[]
}

export interface TapeKeeper {
  readonly cell: Cell<TapeState>
  clear(symbol: string): void
  /** What happened before we listened, in any order; may overlap with what came since. */
  addHistory(symbol: string, trades: readonly Trade[]): void
  add(trade: Trade): void
}

export function createTapeKeeper(frames: Frames): TapeKeeper {
  let symbol = ''
  let loading = true
  let trades: Trade[] = []
  const cell = createCell<TapeState>(frames, () => ({ symbol, loading, trades: trades.slice() }), 100)
  return {
    cell,
    clear(next) {
      symbol = next
      loading = true
      trades = []
      cell.touch()
    },
    addHistory(of, history) {
      if (of !== symbol) return
      loading = false
      const bySeq = new Map([...history, ...trades].map(trade => [trade.seq, trade]))
      trades = [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, TRADES_KEPT)
      cell.touch()
    },
    add(trade) {
      if (trade.symbol !== symbol || trade.seq <= (trades[0]?.seq ?? 0)) return
      trades.unshift(trade)
      if (trades.length > TRADES_KEPT) trades.length = TRADES_KEPT
      cell.touch()
    },
  }
}
