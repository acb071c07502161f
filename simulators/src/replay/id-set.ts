// A set of order ids from a file: more than 16 million, where a Set ends, at sixteen bytes an id or less. Ids are safe
// integers, negative ones too. For the parsers and the replays of real tapes.

const FIRST_SLOTS = 1 << 10
/** No id is this: a free place. */
const FREE = Number.NaN

export class IdSet {
  #slots = new Float64Array(FIRST_SLOTS).fill(FREE)
  #count = 0

  /** False when it was there already. */
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

  /** Where the id is, or would be. */
  #find(id: number): number {
    const mask = this.#slots.length - 1
    // Both halves of the number, spread by an odd constant: ids often share their low bits.
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
