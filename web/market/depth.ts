// The order book of the selected instrument, for the ladder, the depth chart and the ticket. A gap is reported, never
// hidden. Written by feed.ts.

import { MarketView } from '@papertape/client'
import type { ControlEvent, FeedEvent, Instrument } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../reactive/observable.ts'

export interface DepthLevel {
  readonly price: number
  readonly size: number
  /** Of this level and all better ones. */
  readonly total: number
}

/**
 * `waiting`: no snapshot yet; `verified`: our checksum is the exchange's; `stale`: from the loss of its connection until the
 * next snapshot or change; `gap`: from a missed change until the next snapshot.
 */
export type BookProof = 'waiting' | 'verified' | 'stale' | 'gap'

export interface DepthState {
  readonly symbol: string
  readonly proof: BookProof
  readonly seq: number
  /** Best first. */
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
}

export interface DepthStore {
  readonly state: Observable<DepthState>
  /** Begins the book of another instrument, empty. */
  open(instrument: Instrument, onGap: () => void): void
  apply(event: FeedEvent | ControlEvent): void
  /** Its connection is lost: changes may have been missed. */
  markStale(): void
  /** No instrument, as in a market that has just changed. */
  clear(): void
}

const LEVELS_SHOWN = 60

export function createDepthStore(frames: FrameScheduler): DepthStore {
  let symbol = ''
  let view = new MarketView({ instruments: [] })
  let isStale = false
  const state = createComputed<DepthState>(frames, compute, 100)

  function compute(): DepthState {
    const book = view.book(symbol)
    if (book === undefined) return { symbol, proof: 'waiting', seq: 0, bids: [], asks: [] }
    const proof = view.bookState(symbol) !== 'sound' ? 'gap' : isStale ? 'stale' : 'verified'
    return { symbol, proof, seq: book.seq, bids: cumulate(book.bids), asks: cumulate(book.asks) }
  }

  return {
    state,
    open(instrument, onGap) {
      symbol = instrument.symbol
      isStale = false
      view = new MarketView({ instruments: [instrument], tradesMax: 1, onGap })
      state.invalidate()
    },
    markStale() {
      if (isStale) return
      isStale = true
      state.invalidate()
    },
    clear() {
      symbol = ''
      view = new MarketView({ instruments: [] })
      state.invalidate()
    },
    apply(event) {
      view.apply(event)
      const hasCome = event.event === 'snapshot' || event.event === 'book'
      if (isStale && hasCome) {
        isStale = false
        state.invalidate()
      }
      if (view.takeDirty().size > 0) state.invalidate()
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
 * The size that fills a bar of the ladder: the largest, but at most four times the median, so that one very large level does
 * not make all others look empty.
 */
export function fullBarSize(levels: readonly DepthLevel[]): number {
  const sizes = levels.map(({ size }) => size).sort((a, b) => a - b)
  const median = sizes[sizes.length >> 1] ?? 1
  return Math.max(1, Math.min(sizes.at(-1) ?? 1, median * 4))
}

/** What a market order of this size would cost or bring in, by the book as it stands; undefined if the book is too thin. */
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
