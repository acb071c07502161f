// The size traded at each price of the selected instrument, as far as the page has seen its trades: the history of the
// tape, then the feed. Each trade counts once. Written by feed.ts.

import type { Side, Trade } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../reactive/observable.ts'

/** By the side of the aggressor. */
export interface TradedSize {
  readonly bought: number
  readonly sold: number
}

export interface TradedVolume {
  readonly symbol: string
  readonly byPrice: ReadonlyMap<number, TradedSize>
  /** The newest trade; undefined before the first. */
  readonly last: { readonly price: number; readonly aggressor: Side } | undefined
}

export interface VolumeStore {
  readonly state: Observable<TradedVolume>
  clear(symbol: string): void
  /** Past trades in any order; may overlap with those of the feed. */
  addHistory(symbol: string, trades: readonly Trade[]): void
  add(trade: Trade): void
}

/** Of more prices, those that have traded first are forgotten. */
export const PRICES_KEPT = 2_000
/** The trades whose numbers are remembered, so that none counts twice. Older ones count as counted. */
const TRADES_REMEMBERED = 2_000

export function createVolumeStore(frames: FrameScheduler): VolumeStore {
  let symbol = ''
  let byPrice = new Map<number, TradedSize>()
  let counted = new Set<number>()
  let countedUpTo = 0
  let last: Trade | undefined
  const state = createComputed<TradedVolume>(frames, () => ({ symbol, byPrice: new Map(byPrice), last }), 100)

  function count(trade: Trade): void {
    if (trade.symbol !== symbol || trade.seq <= countedUpTo || counted.has(trade.seq)) return
    remember(trade.seq)
    const { bought, sold } = byPrice.get(trade.price) ?? { bought: 0, sold: 0 }
    const isBuy = trade.aggressor === 'buy'
    byPrice.set(trade.price, {
      bought: bought + (isBuy ? trade.size : 0),
      sold: sold + (isBuy ? 0 : trade.size),
    })
    dropFirst(byPrice, PRICES_KEPT)
    if (last === undefined || trade.seq > last.seq) last = trade
    state.invalidate()
  }

  function remember(seq: number): void {
    counted.add(seq)
    countedUpTo = Math.max(countedUpTo, dropFirst(counted, TRADES_REMEMBERED) ?? 0)
  }

  return {
    state,
    clear(next) {
      symbol = next
      byPrice = new Map()
      counted = new Set()
      countedUpTo = 0
      last = undefined
      state.invalidate()
    },
    addHistory(of, trades) {
      if (of === symbol) for (const trade of trades) count(trade)
    },
    add: count,
  }
}

/** Drops the entry that was added first while there are more than `most`, and returns its key. */
function dropFirst(entries: Map<number, unknown> | Set<number>, most: number): number | undefined {
  if (entries.size <= most) return undefined
  const [first] = entries.keys()
  entries.delete(first!)
  return first
}
