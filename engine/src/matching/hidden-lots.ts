// The hidden lots of icebergs by slot, and their sums by level and book side, so that a sweep counts them without
// walking a queue. Separate from order pool and ladder because few orders have any. matching-engine.ts decides when
// one refills.

const SLOTS_MIN = 64

export class HiddenLots {
  /** Two words a slot: the most that the iceberg shows, and its hidden lots. */
  private words = new Int32Array(SLOTS_MIN * 2)
  private readonly places: Float64Array
  private readonly bookSides: Float64Array

  constructor(placesCount: number, bookSidesCount: number) {
    this.places = new Float64Array(placesCount)
    this.bookSides = new Float64Array(bookSidesCount)
  }

  /** A new iceberg without hidden lots. */
  open(slot: number, displayLots: number): void {
    while (slot * 2 >= this.words.length) this.grow()
    this.words[slot * 2] = displayLots
    this.words[slot * 2 + 1] = 0
  }

  /** Adds hidden lots to an order; removes them where `lots` is negative. */
  hide(slot: number, bookSide: number, place: number, lots: number): void {
    this.words[slot * 2 + 1]! += lots
    this.places[place]! += lots
    this.bookSides[bookSide]! += lots
  }

  displayLots(slot: number): number {
    return this.words[slot * 2]!
  }

  hiddenLots(slot: number): number {
    return this.words[slot * 2 + 1]!
  }

  hiddenAt(bookSide: number, place: number): number {
    return this.bookSides[bookSide] === 0 ? 0 : this.places[place]!
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2)
    words.set(this.words)
    this.words = words
  }
}
