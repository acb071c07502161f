// Which order of the matching core is which desk's: a desk names its orders by numbers of its own, unique among those
// that rest, and free again once an order is gone.

export class DeskOrders {
  readonly #idsByDesk = new Map<number, Map<number, number>>()
  readonly #refs = new Map<number, number>()

  /** The core's id of a desk's resting order, 0 when there is none. */
  idOf(desk: number, ref: number): number {
    return this.#idsByDesk.get(desk)?.get(ref) ?? 0
  }

  /** The desk's name for a resting order that is known to be a desk's. */
  refOf(id: number): number {
    return this.#refs.get(id)!
  }

  add(desk: number, ref: number, id: number): void {
    let ids = this.#idsByDesk.get(desk)
    if (ids === undefined) {
      ids = new Map()
      this.#idsByDesk.set(desk, ids)
    }
    ids.set(ref, id)
    this.#refs.set(id, ref)
  }

  remove(desk: number, id: number): void {
    this.#idsByDesk.get(desk)!.delete(this.#refs.get(id)!)
    this.#refs.delete(id)
  }
}
