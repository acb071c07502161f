// Maps the desks' own numbers of their orders (ref) to ids of the matching engine, and back. A ref is unique among the
// desk's resting orders and free again when the order has left the book. Small numbers are indexes of an array, since
// simulated participants look up their orders very often; all others are keys of a map.

import { IdTable } from '../primitives/id-table.ts'

const DENSE_DESKS = 64
const DENSE_REFS = 1 << 18
const ORDERS_FIRST = 1 << 10

export class DeskOrders {
  readonly #dense: Int32Array[] = []
  /** ref + 1, since 0 means none. */
  readonly #denseRefs = new IdTable(ORDERS_FIRST)
  readonly #sparse = new Map<number, Map<number, number>>()
  readonly #sparseRefs = new Map<number, number>()

  /** The matching engine's id of a desk's resting order, 0 when there is none. */
  idOf(desk: number, ref: number): number {
    if (isDense(desk, ref)) return this.#dense[desk]?.[ref] ?? 0
    return this.#sparse.get(desk)?.get(ref) ?? 0
  }

  /** The ref of a resting order, which must be a desk's. */
  refOf(id: number): number {
    const dense = this.#denseRefs.slotOf(id)
    return dense > 0 ? dense - 1 : this.#sparseRefs.get(id)!
  }

  /** The matching engine's ids of all, in no order. */
  ids(): number[] {
    return [...this.#denseRefs.ids(), ...this.#sparseRefs.keys()]
  }

  add(desk: number, ref: number, id: number): void {
    if (isDense(desk, ref)) {
      this.#denseIds(desk, ref)[ref] = id
      this.#denseRefs.add(id, ref + 1)
      return
    }
    const ids = this.#sparse.get(desk) ?? new Map<number, number>()
    this.#sparse.set(desk, ids.set(ref, id))
    this.#sparseRefs.set(id, ref)
  }

  remove(desk: number, id: number): void {
    const ref = this.refOf(id)
    if (isDense(desk, ref)) {
      this.#dense[desk]![ref] = 0
      this.#denseRefs.delete(id)
      return
    }
    this.#sparse.get(desk)!.delete(ref)
    this.#sparseRefs.delete(id)
  }

  /** The desk's array, grown to have room for this ref. */
  #denseIds(desk: number, ref: number): Int32Array {
    while (this.#dense.length <= desk) this.#dense.push(new Int32Array(ORDERS_FIRST))
    const ids = this.#dense[desk]!
    if (ref < ids.length) return ids
    let length = ids.length
    while (length <= ref) length *= 2
    const wider = new Int32Array(length)
    wider.set(ids)
    this.#dense[desk] = wider
    return wider
  }
}

/** Integers from 0 up. */
function isDense(desk: number, ref: number): boolean {
  return ref >>> 0 === ref && ref < DENSE_REFS && desk < DENSE_DESKS
}
