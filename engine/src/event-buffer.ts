// What the last command did, as words in one Int32Array: eight an event, read by index, nothing allocated.
// Each command starts it afresh, so that a reader never sees an event of an earlier command. It grows when
// one order fills against more makers than it has room for.

import { assert } from './assert.ts'
import { EVENT } from './codes.ts'

const EVENT_SHIFT = 3
const FILL = EVENT.fill

export class EventBuffer {
  /** Events of the last command, in the order they happened. */
  count = 0
  private words: Int32Array

  constructor(eventsMax: number) {
    assert(eventsMax >= 1, 'an event buffer has room for one event')
    this.words = new Int32Array(eventsMax << EVENT_SHIFT)
  }

  /** EVENT.fill: a resting order (maker) and the arriving order (taker) traded at the maker's price. */
  kind(index: number): number {
    return this.word(index, 0)
  }

  symbol(index: number): number {
    return this.word(index, 1)
  }

  makerId(index: number): number {
    return this.word(index, 2)
  }

  takerId(index: number): number {
    return this.word(index, 3)
  }

  priceTicks(index: number): number {
    return this.word(index, 4)
  }

  sizeLots(index: number): number {
    return this.word(index, 5)
  }

  /** What the maker has left after this fill; 0: it is done. */
  makerOpenLots(index: number): number {
    return this.word(index, 6)
  }

  makerOwner(index: number): number {
    return this.word(index, 7)
  }

  clear(): void {
    this.count = 0
  }

  /** For the engine alone. */
  addFill(
    symbol: number,
    makerId: number,
    takerId: number,
    priceTicks: number,
    sizeLots: number,
    makerOpenLots: number,
    makerOwner: number,
  ): void {
    const at = this.count << EVENT_SHIFT
    if (at === this.words.length) this.grow()
    const words = this.words
    words[at] = FILL
    words[at + 1] = symbol
    words[at + 2] = makerId
    words[at + 3] = takerId
    words[at + 4] = priceTicks
    words[at + 5] = sizeLots
    words[at + 6] = makerOpenLots
    words[at + 7] = makerOwner
    this.count++
  }

  private word(index: number, field: number): number {
    assert(index >= 0 && index < this.count, 'an event is read within its count')
    return this.words[(index << EVENT_SHIFT) + field]!
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2)
    words.set(this.words)
    this.words = words
  }
}
