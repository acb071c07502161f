// Which order of the matching core is which desk's: a desk names its orders by numbers of its own, unique among those
// that rest, and free again once an order is gone. Small numbers of the house's desks are places in an array, since simulated
// participants ask for their orders all the time; any others are keys of a map.

import { IdTable } from '../primitives/id-table.ts'

const NEAR_DESKS = 64
const NEAR_REFS = 1 << 18
const ORDERS_FIRST = 1 << 10

export class DeskOrders {
  readonly #near: Int32Array[] = []
  /** Of near orders: one more than the ref. */
  readonly #nearRefs = new IdTable(ORDERS_FIRST)
  readonly #far = new Map<number, Map<number, number>>()
  readonly #farRefs = new Map<number, number>()

  /** The core's id of a desk's resting order, 0 when there is none. */
  idOf(desk: number, ref: number): number {
    if (isNear(desk, ref)) return this.#near[desk]?.[ref] ?? 0
    return this.#far.get(desk)?.get(ref) ?? 0
  }

  /** The desk's name for a resting order that is known to be a desk's. */
  refOf(id: number): number {
    const near = this.#nearRefs.slotOf(id)
    return near > 0 ? near - 1 : this.#farRefs.get(id)!
  }

  /** The core's ids of all, in no order. */
  ids(): number[] {
    return [...this.#nearRefs.ids(), ...this.#farRefs.keys()]
  }

  add(desk: number, ref: number, id: number): void {
    if (isNear(desk, ref)) {
      this.#nearIds(desk, ref)[ref] = id
      this.#nearRefs.add(id, ref + 1)
      return
    }
    const ids = this.#far.get(desk) ?? new Map<number, number>()
    this.#far.set(desk, ids.set(ref, id))
    this.#farRefs.set(id, ref)
  }

  remove(desk: number, id: number): void {
    const ref = this.refOf(id)
    if (isNear(desk, ref)) {
      this.#near[desk]![ref] = 0
      this.#nearRefs.delete(id)
      return
    }
    this.#far.get(desk)!.delete(ref)
    this.#farRefs.delete(id)
  }

  /** The desk's array, with room for this ref. */
  #nearIds(desk: number, ref: number): Int32Array {
    while (this.#near.length <= desk) this.#near.push(new Int32Array(ORDERS_FIRST))
    const ids = this.#near[desk]!
    if (ref < ids.length) return ids
    let length = ids.length
    while (length <= ref) length *= 2
    const wider = new Int32Array(length)
    wider.set(ids)
    this.#near[desk] = wider
    return wider
  }
}

/** Only whole numbers from 0 up are places. */
function isNear(desk: number, ref: number): boolean {
  return ref >>> 0 === ref && ref < NEAR_REFS && desk < NEAR_DESKS
}
