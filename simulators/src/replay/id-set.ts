// A set of order ids, with open addressing: at most sixteen bytes an id, and not limited to the 16 million entries of
// a Set. Ids are safe integers, negative ones too.

const FIRST_SLOTS = 1 << 10
/** A free slot: no id is NaN. */
const FREE = Number.NaN

export class IdSet {
  #slots = new Float64Array(FIRST_SLOTS).fill(FREE)
  #count = 0

  /** False when the id is already in the set. */
  add(id: number): boolean {
    if (this.#count * 2 >= this.#slots.length) this.#grow()
    const at = this.#find(id)
    if (this.#slots[at] === id) return false
    this.#slots[at] = id
    this.#count++
    return true
  }

  has(id: number): boolean {
    return this.#slots[this.#find(id)] === id
  }

  /** The slot of the id, or the free slot where it belongs. */
  #find(id: number): number {
    const mask = this.#slots.length - 1
    // Hashes both halves of the number: ids often share their low bits.
    let at = (Math.imul(id | 0, 0x9e3779b1) ^ Math.imul((id / 0x1_0000_0000) | 0, 0x85ebca6b)) & 0x7fff_ffff
    at = (at ^ (at >>> 15)) & mask
    while (!Number.isNaN(this.#slots[at]!) && this.#slots[at] !== id) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const ids = this.#slots.filter(id => !Number.isNaN(id))
    this.#slots = new Float64Array(this.#slots.length * 2).fill(FREE)
    for (const id of ids) this.#slots[this.#find(id)] = id
  }
}
