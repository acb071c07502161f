// The order book of the selected instrument, for the ladder, the depth chart and the ticket. A gap is reported, never
// hidden. Written by feed.ts.

import { type Book, BookView, type Instrument, type Snapshot } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../reactive/observable.ts'

export interface DepthLevel {
  readonly price: number
  readonly size: number
  /** Of this level and all better ones. */
  readonly total: number
}

/**
 * `waiting`: no snapshot yet; `verified`: our checksum is the exchange's; `stale`: from the loss of its connection
 * until the book's next event; `gap`: from a missed change until the next snapshot.
 */
export type BookProof = 'waiting' | 'verified' | 'stale' | 'gap'

export interface DepthState {
  readonly symbol: string
  readonly proof: BookProof
  readonly seq: number
  /** The whole book, best first. */
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
}

export interface DepthStore {
  readonly state: Observable<DepthState>
  /** Begins the book of another instrument, empty. */
  open(instrument: Instrument, onGap: () => void): void
  applySnapshot(snapshot: Snapshot): void
  applyBook(book: Book): void
  /** Its connection is lost: changes may have been missed. */
  markStale(): void
  /** No instrument, as in a market that has just changed. */
  clear(): void
}

export function createDepthStore(frames: FrameScheduler): DepthStore {
  let symbol = ''
  let view: BookView | undefined
  let progress: 'waiting' | 'complete' | 'gap' = 'waiting'
  let isStale = false
  let reportGap = () => {}
  const state = createComputed<DepthState>(frames, compute, 100)

  function compute(): DepthState {
    if (view === undefined || progress === 'waiting') return { symbol, proof: 'waiting', seq: 0, bids: [], asks: [] }
    const proof = progress === 'gap' ? 'gap' : isStale ? 'stale' : 'verified'
    return { symbol, proof, seq: view.seq, bids: cumulate(view.bids), asks: cumulate(view.asks) }
  }

  function begin(nextSymbol: string, nextView: BookView | undefined): void {
    symbol = nextSymbol
    view = nextView
    progress = 'waiting'
    isStale = false
    state.invalidate()
  }

  return {
    state,
    open({ symbol: nextSymbol, tickSize }, onGap) {
      reportGap = onGap
      begin(nextSymbol, new BookView(tickSize))
    },
    clear: () => begin('', undefined),
    markStale() {
      if (isStale) return
      isStale = true
      state.invalidate()
    },
    applySnapshot({ instruments }) {
      const book = instruments.find(one => one.symbol === symbol)?.book
      if (view === undefined || book === undefined) return
      view.reset(book)
      progress = 'complete'
      isStale = false
      state.invalidate()
    },
    applyBook(book) {
      if (view === undefined || book.symbol !== symbol) return
      isStale = false
      state.invalidate()
      // After a gap no change is applied until a snapshot: the book would look complete again.
      if (progress === 'gap') return
      const update = view.apply(book)
      if (update === 'stale' || (update === 'applied' && view.checksum() === book.checksum)) return
      progress = 'gap'
      reportGap()
    },
  }
}

export function cumulate(levels: readonly (readonly [price: number, size: number])[]): DepthLevel[] {
  let total = 0
  return levels.map(([price, size]) => {
    total += size
    return { price, size, total }
  })
}

/**
 * The size that fills a bar of the ladder: the largest, but at most four times the median, so that one very large level
 * does not make all others look empty.
 */
export function fullBarSize(sizes: readonly number[]): number {
  const sorted = sizes.toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1] ?? 1
  return Math.max(1, Math.min(sorted.at(-1) ?? 1, median * 4))
}

/**
 * What a market order of this size would cost or bring in, by the book as it stands; undefined if the book is too thin.
 */
export function sweepCost(levels: readonly DepthLevel[], size: number): number | undefined {
  let left = size
  let cost = 0
  for (const level of levels) {
    const taken = Math.min(left, level.size)
    cost += taken * level.price
    left -= taken
    if (left === 0) return cost
  }
  return undefined
}
