// Every resting order of every symbol: eight words each in one Int32Array, reached by slot number.
// Slot 0 is nobody, so that 0 ends a queue. Only the engine's own files see slots; users see order ids.

import { assert } from './assert.ts'

/** Where each field of an order lies, in words from the start of its slot. */
export const ORDER = {
  next: 0,
  previous: 1,
  id: 2,
  owner: 3,
  priceTicks: 4,
  openLots: 5,
  /** Symbol in the high bits, side in the lowest. */
  symbolAndSide: 6,
  /** Kept for later: the hidden lots of an iceberg. */
  spare: 7,
} as const

/** A slot's first word is `slot << ORDER_SHIFT`. */
export const ORDER_SHIFT = 3

const SLOTS_MAX = 1 << 27

export class OrderPool {
  /** Replaced when the pool grows: read it again after take(). */
  words: Int32Array
  /** Orders now in use. */
  count = 0
  #freeHead = 0
  #slotsUsed = 1

  constructor(ordersMax: number) {
    this.words = new Int32Array((ordersMax + 1) << ORDER_SHIFT)
  }

  /** A free slot, the one given back last first, since its cache line is warm. Its words hold old values. */
  take(): number {
    this.count++
    const slot = this.#freeHead
    if (slot !== 0) {
      this.#freeHead = this.words[slot << ORDER_SHIFT]!
      return slot
    }
    if (this.#slotsUsed << ORDER_SHIFT >= this.words.length) this.#grow()
    return this.#slotsUsed++
  }

  giveBack(slot: number): void {
    this.count--
    this.words[slot << ORDER_SHIFT] = this.#freeHead
    this.#freeHead = slot
  }

  #grow(): void {
    assert(this.#slotsUsed < SLOTS_MAX, 'the order pool stays addressable')
    const words = new Int32Array(this.words.length * 2)
    words.set(this.words)
    this.words = words
  }
}
