// The stop orders of one side of one symbol that wait, in the order in which the market reaches them: the stop price
// nearest to it first, of equal ones the oldest first. A binary heap; what was canceled stays in it until it comes up or
// makes up half of it. Pure; trigger-stops.ts asks it after trades.

import { SIDE } from '../matching/codes.ts'

interface Waiting<Order> {
  /** The lower comes first: the stop price of a buy, less than nothing by that of a sell. */
  readonly rank: number
  /** Counts up: the younger of two has the higher one. */
  readonly turn: number
  readonly order: Order
  isCanceled: boolean
}

export class StopBook<Order> {
  /** 1 for buys, -1 for sells: what makes the stop price nearest to the market the lowest rank. */
  readonly #sign: number
  #heap: Waiting<Order>[] = []
  readonly #waiting = new Map<Order, Waiting<Order>>()
  #turn = 0

  /** @param side of the orders: buy stops are reached from below, sell stops from above. */
  constructor(side: number) {
    this.#sign = side === SIDE.buy ? 1 : -1
  }

  get size(): number {
    return this.#waiting.size
  }

  add(order: Order, stopTicks: number): void {
    const waiting = { rank: stopTicks * this.#sign, turn: ++this.#turn, order, isCanceled: false }
    this.#waiting.set(order, waiting)
    this.#rise(waiting)
  }

  remove(order: Order): void {
    const waiting = this.#waiting.get(order)
    if (waiting === undefined) return
    waiting.isCanceled = true
    this.#waiting.delete(order)
    if (this.#heap.length > 16 && this.#heap.length > 2 * this.#waiting.size) this.#heap = this.#inTurn()
  }

  /** The next one that a trade at this price triggers; it waits no longer. */
  take(tradeTicks: number): Order | undefined {
    const first = this.#first()
    if (first === undefined || !this.#triggers(first, tradeTicks)) return undefined
    this.#drop()
    this.#waiting.delete(first.order)
    return first.order
  }

  /** In the order in which they would trigger: adding them again in it makes the same book. */
  list(): Order[] {
    return this.#inTurn().map(({ order }) => order)
  }

  #triggers({ rank }: Waiting<Order>, tradeTicks: number): boolean {
    return tradeTicks * this.#sign >= rank
  }

  /** The top of the heap once the canceled ones above it are gone. */
  #first(): Waiting<Order> | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || !first.isCanceled) return first
      this.#drop()
    }
  }

  /** A sorted list is a heap too. */
  #inTurn(): Waiting<Order>[] {
    return [...this.#waiting.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1))
  }

  #drop(): void {
    const last = this.#heap.pop()!
    if (this.#heap.length > 0) this.#sink(last)
  }

  #rise(waiting: Waiting<Order>): void {
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(waiting, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = waiting
  }

  /** Into the place of the first, and down from there. */
  #sink(waiting: Waiting<Order>): void {
    const heap = this.#heap
    const end = heap.length
    let at = 0
    for (let child = 1; child < end; child = 2 * at + 1) {
      if (child + 1 < end && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, waiting)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = waiting
  }
}

function isBefore(a: Waiting<unknown>, b: Waiting<unknown>): boolean {
  return a.rank === b.rank ? a.turn < b.turn : a.rank < b.rank
}
