// The events of the last command, eight words each in one Int32Array, read by index without allocation. Each command
// clears it. It doubles when a command has more events than it has room for.

import { assert } from '../primitives/assert.ts'

const EVENT_SHIFT = 3

export class EventBuffer {
  /** The number of events; the engine resets it at each command. */
  count = 0
  private words: Int32Array

  constructor(eventsMax: number) {
    assert(eventsMax >= 1, 'an event buffer has room for one event')
    this.words = new Int32Array(eventsMax << EVENT_SHIFT)
  }

  /** Of EVENT. */
  kind(index: number): number {
    return this.word(index, 0)
  }

  symbol(index: number): number {
    return this.word(index, 1)
  }

  /** fill, prevented: the order that rested. */
  makerId(index: number): number {
    return this.word(index, 2)
  }

  /** refilled, crossed: the order. */
  orderId(index: number): number {
    return this.word(index, 2)
  }

  /** fill, prevented, refilled: the order that arrived; 0 for a refill during an auction. */
  takerId(index: number): number {
    return this.word(index, 3)
  }

  /** crossed: the side of the order. */
  side(index: number): number {
    return this.word(index, 3) & 1
  }

  /** crossed: the limit of the order, which is its level. */
  levelTicks(index: number): number {
    return this.word(index, 3) >> 1
  }

  /** fill, prevented, refilled: the price of the maker. crossed: the one price of the auction. */
  priceTicks(index: number): number {
    return this.word(index, 4)
  }

  /** fill, crossed: the lots traded. prevented: the lots that would have traded. refilled: the lots shown now. */
  sizeLots(index: number): number {
    return this.word(index, 5)
  }

  /** fill, prevented: the maker's open lots after it, hidden ones included; 0: it has left the book. */
  makerOpenLots(index: number): number {
    return this.word(index, 6)
  }

  /** crossed: the order's open lots after it, hidden ones included; 0: it has left the book. */
  openLots(index: number): number {
    return this.word(index, 6)
  }

  /** refilled: the lots that are still hidden. */
  hiddenLots(index: number): number {
    return this.word(index, 6)
  }

  /** fill, prevented. */
  makerOwner(index: number): number {
    return this.word(index, 7)
  }

  /** refilled, crossed. */
  owner(index: number): number {
    return this.word(index, 7)
  }

  /** For the engine. */
  add(
    kind: number,
    symbol: number,
    orderId: number,
    other: number,
    priceTicks: number,
    sizeLots: number,
    openLots: number,
    owner: number,
  ): void {
    const at = this.count << EVENT_SHIFT
    if (at === this.words.length) this.grow()
    const words = this.words
    words[at] = kind
    words[at | 1] = symbol
    words[at | 2] = orderId
    words[at | 3] = other
    words[at | 4] = priceTicks
    words[at | 5] = sizeLots
    words[at | 6] = openLots
    words[at | 7] = owner
    this.count++
  }

  private word(index: number, field: number): number {
    assert(index >= 0 && index < this.count, 'an event is read within its count')
    return this.words[(index << EVENT_SHIFT) | field]!
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2)
    words.set(this.words)
    this.words = words
  }
}
