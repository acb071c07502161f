// The events that any lane of the race has received, by their number in the log: what one lane lacks, another proves.
// Pure.

export class SeenEvents {
  /** Ascending. */
  readonly #seqs: number[] = []

  add(seq: number): void {
    const at = this.countUpTo(seq)
    if (this.#seqs[at - 1] !== seq) this.#seqs.splice(at, 0, seq)
  }

  get size(): number {
    return this.#seqs.length
  }

  /** How many have this number or a lower one. */
  countUpTo(seq: number): number {
    let low = 0
    let high = this.#seqs.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#seqs[middle]! <= seq) low = middle + 1
      else high = middle
    }
    return low
  }
}
