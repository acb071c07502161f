// Maps order ids to slots: open addressing with linear probing in one Int32Array. A deletion moves later entries back
// into the gap, so that cancels leave no tombstones. A Map would cost more than the matching itself, and holds
// 16,777,216 entries at most.

const HASH_MULTIPLIER = 0x9e3779b1 | 0 // 2^32 / golden ratio: spreads the consecutive ids that callers use
const CAPACITY_MIN = 16

export class IdTable {
  /** Pairs of id and slot; id 0 marks a free place. */
  private pairs: Int32Array
  private mask: number
  private shift: number
  private count = 0

  constructor(idsMax: number) {
    let capacity = CAPACITY_MIN
    while (capacity < idsMax * 2) capacity *= 2
    this.pairs = new Int32Array(capacity * 2)
    this.mask = capacity - 1
    this.shift = Math.clz32(capacity) + 1
  }

  /** The slot of an id, 0 when the id is not there. */
  slotOf(id: number): number {
    const pairs = this.pairs
    const mask = this.mask
    let place = Math.imul(id, HASH_MULTIPLIER) >>> this.shift
    for (;;) {
      const found = pairs[place << 1]!
      if (found === id) return pairs[(place << 1) | 1]!
      if (found === 0) return 0
      place = (place + 1) & mask
    }
  }

  /** The id must not be in the table. */
  add(id: number, slot: number): void {
    if (++this.count << 1 > this.mask) this.grow()
    const pairs = this.pairs
    const mask = this.mask
    let place = Math.imul(id, HASH_MULTIPLIER) >>> this.shift
    while (pairs[place << 1] !== 0) place = (place + 1) & mask
    pairs[place << 1] = id
    pairs[(place << 1) | 1] = slot
  }

  /** The id must be in the table. */
  delete(id: number): void {
    const pairs = this.pairs
    const mask = this.mask
    let gap = Math.imul(id, HASH_MULTIPLIER) >>> this.shift
    while (pairs[gap << 1] !== id) gap = (gap + 1) & mask
    this.count--
    let place = gap
    for (;;) {
      place = (place + 1) & mask
      const moved = pairs[place << 1]!
      if (moved === 0) break
      // An entry may move back into the gap only if its home does not lie between the gap and itself.
      const home = Math.imul(moved, HASH_MULTIPLIER) >>> this.shift
      if (((place - home) & mask) >= ((place - gap) & mask)) {
        pairs[gap << 1] = moved
        pairs[(gap << 1) | 1] = pairs[(place << 1) | 1]!
        gap = place
      }
    }
    pairs[gap << 1] = 0
    pairs[(gap << 1) | 1] = 0 // id 0 is no order and has no slot
  }

  /** In no order. */
  ids(): number[] {
    return [...this.pairs.filter((id, at) => (at & 1) === 0 && id !== 0)]
  }

  private grow(): void {
    const old = this.pairs
    this.pairs = new Int32Array(old.length * 2)
    this.mask = this.mask * 2 + 1
    this.shift--
    this.count = 1 // the id that add() is about to insert
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] !== 0) this.add(old[at]!, old[at + 1]!)
    }
  }
}
