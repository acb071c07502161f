// All resting orders of all symbols: eight words each in one Int32Array, addressed by slot number. Slot 0 is never
// used, so that 0 ends a queue. Slots are internal to matching/; callers use order ids.

import { assert } from '../primitives/assert.ts'

/** The offset of each field of an order, in words from `slot << SLOT_SHIFT`. */
export const ORDER = {
  /** Slots of the orders behind and before this one at its price. */
  next: 0,
  previous: 1,
  id: 2,
  owner: 3,
  /** Of its price in the ladder. */
  place: 4,
  /** The lots that the book shows: all open ones, unless the order is an iceberg. */
  shownLots: 5,
  /** `symbol << 1 | side` in the bits of BOOK_SIDE_MASK, and the order's terms above them. */
  terms: 6,
  /** Counts up with each order that joins a queue, modulo 2^32. */
  arrival: 7,
} as const

export const SLOT_SHIFT = 3

export const BOOK_SIDE_MASK = (1 << 27) - 1
/** Three bits of SELF_TRADE. */
export const SELF_TRADE_SHIFT = 27
/** Set when the order has an entry in hidden-lots.ts. */
export const ICEBERG = 1 << 30

const SHIFT = SLOT_SHIFT // a local constant becomes part of the machine code, an imported one is a load
const SLOTS_MAX = 1 << 27

export class OrderPool {
  /** Replaced when the pool grows: read it again after take(). */
  words: Int32Array
  /** Orders now in the pool. */
  count = 0
  private freeHead = 0
  private slotsUsed = 1

  constructor(ordersMax: number) {
    this.words = new Int32Array((ordersMax + 1) << SHIFT)
  }

  /** A free slot: the one given back last, whose cache line is warm. Its words have old values. */
  take(): number {
    this.count++
    const slot = this.freeHead
    if (slot === 0) return this.takeUnused()
    this.freeHead = this.words[slot << SHIFT]!
    return slot
  }

  giveBack(slot: number): void {
    this.count--
    this.words[slot << SHIFT] = this.freeHead
    this.freeHead = slot
  }

  private takeUnused(): number {
    if (this.slotsUsed << SHIFT >= this.words.length) {
      assert(this.slotsUsed < SLOTS_MAX, 'the order pool stays addressable')
      const words = new Int32Array(this.words.length * 2)
      words.set(this.words)
      this.words = words
    }
    return this.slotsUsed++
  }
}
