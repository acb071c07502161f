// The waiting stop orders of one side of one symbol, in the order in which trades reach them: the stop price nearest
// to the market first, of equal ones the oldest. A binary heap; canceled orders stay in it until they reach the top or
// are more than half of it. Pure. trigger-stops.ts reads it after trades.

import { SIDE } from '../matching/codes.ts'

interface Waiting<Order> {
  /** Lowest first: the stop price of a buy, the negative stop price of a sell. */
  readonly rank: number
  /** Counts up: the younger of two orders has the higher one. */
  readonly turn: number
  readonly order: Order
  isCanceled: boolean
}

export class StopBook<Order> {
  /** 1 for buys, -1 for sells, which gives the stop price nearest to the market the lowest rank. */
  readonly #sign: number
  #heap: Waiting<Order>[] = []
  readonly #waiting = new Map<Order, Waiting<Order>>()
  #turn = 0

  /** @param side SIDE of the orders: buy stops are reached from below, sell stops from above. */
  constructor(side: number) {
    this.#sign = side === SIDE.buy ? 1 : -1
  }

  get size(): number {
    return this.#waiting.size
  }

  add(order: Order, stopTicks: number): void {
    const waiting = { rank: stopTicks * this.#sign, turn: ++this.#turn, order, isCanceled: false }
    this.#waiting.set(order, waiting)
    this.#siftUp(waiting)
  }

  remove(order: Order): void {
    const waiting = this.#waiting.get(order)
    if (waiting === undefined) return
    waiting.isCanceled = true
    this.#waiting.delete(order)
    if (this.#heap.length > 16 && this.#heap.length > 2 * this.#waiting.size) this.#heap = this.#sorted()
  }

  /** Removes the next order that a trade at this price triggers. */
  take(tradeTicks: number): Order | undefined {
    const first = this.#first()
    if (first === undefined || !this.#triggers(first, tradeTicks)) return undefined
    this.#removeFirst()
    this.#waiting.delete(first.order)
    return first.order
  }

  /** In the order in which they would trigger; adding them in that order makes the same book. */
  list(): Order[] {
    return this.#sorted().map(({ order }) => order)
  }

  #triggers({ rank }: Waiting<Order>, tradeTicks: number): boolean {
    return tradeTicks * this.#sign >= rank
  }

  /** The top of the heap, after canceled ones above it are removed. */
  #first(): Waiting<Order> | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || !first.isCanceled) return first
      this.#removeFirst()
    }
  }

  /** A sorted list is a valid heap. */
  #sorted(): Waiting<Order>[] {
    return [...this.#waiting.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1))
  }

  #removeFirst(): void {
    const last = this.#heap.pop()!
    if (this.#heap.length > 0) this.#siftDown(last)
  }

  #siftUp(waiting: Waiting<Order>): void {
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

  /** Replaces the first entry and sifts down from there. */
  #siftDown(waiting: Waiting<Order>): void {
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
