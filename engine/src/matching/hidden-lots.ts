// The hidden lots of icebergs, beside the order pool and the ladder because few orders have any: by slot, and their sums
// by level and book side, so that a sweep counts them without walking a queue. Knows amounts only; when an iceberg
// refills is the engine's business. Called by the ladder's owner and by sweeps.

const SLOTS_MIN = 64

export class HiddenLots {
  /** How much each iceberg shows at most, and what it hides, in turn by slot. */
  private words = new Int32Array(SLOTS_MIN * 2)
  private readonly places: Float64Array
  private readonly bookSides: Float64Array

  constructor(placesCount: number, bookSidesCount: number) {
    this.places = new Float64Array(placesCount)
    this.bookSides = new Float64Array(bookSidesCount)
  }

  /** An order shows at most `displayLots`. Nothing is hidden yet. */
  open(slot: number, displayLots: number): void {
    while (slot * 2 >= this.words.length) this.grow()
    this.words[slot * 2] = displayLots
    this.words[slot * 2 + 1] = 0
  }

  /** Lots of an order go into hiding, or come out of it where they are negative. */
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
