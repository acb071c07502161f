// The stop orders of one side of one symbol that wait, in the order in which the market reaches them: the stop price
// nearest to it first, of equal ones the oldest first. A binary heap; what was canceled stays in it until it comes up or
// makes up half of it. Pure; stops.ts asks it after trades.

import { SIDE } from './codes.ts'

interface Waiting<Order> {
  readonly stopTicks: number
  /** Counts up: the younger of two has the higher one. */
  readonly turn: number
  readonly order: Order
}

export class StopBook<Order> {
  readonly #side: number
  #heap: Waiting<Order>[] = []
  readonly #waiting = new Map<Order, Waiting<Order>>()
  #turn = 0

  /** @param side of the orders: buy stops are reached from below, sell stops from above. */
  constructor(side: number) {
    this.#side = side
  }

  get size(): number {
    return this.#waiting.size
  }

  add(order: Order, stopTicks: number): void {
    const waiting = { stopTicks, turn: ++this.#turn, order }
    this.#waiting.set(order, waiting)
    this.#heap.push(waiting)
    this.#rise(this.#heap.length - 1)
  }

  remove(order: Order): void {
    this.#waiting.delete(order)
    if (this.#heap.length > 16 && this.#heap.length > 2 * this.#waiting.size) this.#heap = this.#inTurn()
  }

  /** Whether a trade at this price, which may lie off the tick grid, triggers the first one. */
  isReached(tradeTicks: number): boolean {
    const first = this.#first()
    return first !== undefined && this.#triggers(first, tradeTicks)
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

  #triggers({ stopTicks }: Waiting<Order>, tradeTicks: number): boolean {
    return this.#side === SIDE.buy ? tradeTicks >= stopTicks : tradeTicks <= stopTicks
  }

  /** The top of the heap once the canceled ones above it are gone. */
  #first(): Waiting<Order> | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || this.#waiting.get(first.order) === first) return first
      this.#drop()
    }
  }

  #isBefore(a: Waiting<Order>, b: Waiting<Order>): boolean {
    if (a.stopTicks === b.stopTicks) return a.turn < b.turn
    return this.#side === SIDE.buy ? a.stopTicks < b.stopTicks : a.stopTicks > b.stopTicks
  }

  /** A sorted list is a heap too. */
  #inTurn(): Waiting<Order>[] {
    return [...this.#waiting.values()].sort((a, b) => (this.#isBefore(a, b) ? -1 : 1))
  }

  #drop(): void {
    const last = this.#heap.pop()!
    if (this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #rise(at: number): void {
    const heap = this.#heap
    for (let child = at; child > 0; ) {
      const parent = (child - 1) >> 1
      if (!this.#isBefore(heap[child]!, heap[parent]!)) return
      this.#swap(child, parent)
      child = parent
    }
  }

  #sink(at: number): void {
    const heap = this.#heap
    for (let parent = at; ; ) {
      let first = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && this.#isBefore(heap[child]!, heap[first]!)) first = child
      }
      if (first === parent) return
      this.#swap(first, parent)
      parent = first
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap
    const waiting = heap[a]!
    heap[a] = heap[b]!
    heap[b] = waiting
  }
}
