// The chosen instrument's book as the ladder and the depth chart look at it. The client's view folds it; a gap is
// reported, never papered over. Written to by feed.ts.

import { MarketView } from '@papertape/client'
import type { ControlEvent, FeedEvent, Instrument } from '@papertape/protocol'
import type { Frames } from '../reactive/frame-scheduler.ts'
import { type Cell, createCell } from '../reactive/observable.ts'

export interface DepthLevel {
  readonly price: number
  readonly size: number
  /** This level and all better ones. */
  readonly total: number
}

/**
 * `waiting` before the first snapshot; `verified` while our checksum is the exchange's; `old` from the loss of its
 * connection until the book has come again; `gap` until a new snapshot.
 */
export type BookProof = 'waiting' | 'verified' | 'old' | 'gap'

export interface Depth {
  readonly symbol: string
  readonly proof: BookProof
  readonly seq: number
  /** Best first. */
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
}

export interface DepthKeeper {
  readonly cell: Cell<Depth>
  /** Begins another instrument's book, with nothing in it. */
  open(instrument: Instrument, onGap: () => void): void
  apply(event: FeedEvent | ControlEvent): void
  /** Its connection is lost: the book may have changed unseen. */
  doubt(): void
  /** Another market: no book. */
  clear(): void
}

const LEVELS_SHOWN = 60

export function createDepthKeeper(frames: Frames): DepthKeeper {
  let symbol = ''
  let view = new MarketView({ instruments: [] })
  let isOld = false
  const cell = createCell<Depth>(frames, compute, 100)

  function compute(): Depth {
    const book = view.book(symbol)
    if (book === undefined) return { symbol, proof: 'waiting', seq: 0, bids: [], asks: [] }
    const proof = view.bookState(symbol) !== 'sound' ? 'gap' : isOld ? 'old' : 'verified'
    return { symbol, proof, seq: book.seq, bids: cumulate(book.bids), asks: cumulate(book.asks) }
  }

  return {
    cell,
    open(instrument, onGap) {
      symbol = instrument.symbol
      isOld = false
      view = new MarketView({ instruments: [instrument], tradesMax: 1, onGap })
      cell.touch()
    },
    doubt() {
      if (isOld) return
      isOld = true
      cell.touch()
    },
    clear() {
      symbol = ''
      view = new MarketView({ instruments: [] })
      cell.touch()
    },
    apply(event) {
      view.apply(event)
      const hasCome = event.event === 'snapshot' || event.event === 'book'
      if (isOld && hasCome) {
        isOld = false
        cell.touch()
      }
      if (view.takeDirty().size > 0) cell.touch()
    },
  }
}

export function cumulate(levels: readonly (readonly [price: number, size: number])[]): DepthLevel[] {
  let total = 0
  return levels.slice(0, LEVELS_SHOWN).map(([price, size]) => {
    total += size
    return { price, size, total }
  })
}

/**
 * The size that fills a bar of the ladder: the largest, but no more than four times the median, or a single wall would
 * make every other level look empty.
 */
export function fullBarSize(levels: readonly DepthLevel[]): number {
  const sizes = levels.map(({ size }) => size).sort((a, b) => a - b)
  const median = sizes[sizes.length >> 1] ?? 1
  return Math.max(1, Math.min(sizes.at(-1) ?? 1, median * 4))
}

/** What a market order of this size would pay or get in all, by the book as it stands; undefined when it is too thin. */
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
