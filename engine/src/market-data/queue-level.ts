// The accounts' orders at one price in the order of their queue, each with the lots ahead of it. A Fenwick tree over
// their indexes sums the lots that have left, so that a change costs a logarithm of the number of orders.
// queue-positions.ts has one for each price at which an account's order rests.

import type { AccountOrder } from '../model/account-order.ts'
import { assert } from '../primitives/assert.ts'

/** The arrays are compacted when they have this many more empty indexes than orders. */
const HOLES_MAX = 32

export class QueueLevel {
  /** By index; undefined: the order has left. */
  #orders: (AccountOrder | undefined)[] = []
  /** Arrival numbers by index, rising modulo 2^32, also of orders that have left. */
  #arrivals: number[] = []
  /** The lots ahead minus the tree's sum for the index. */
  #bases: number[] = []
  /** Over the differences between the sums of neighbouring indexes; its first entry is unused. */
  #tree: number[] = [0]
  /** For indexes whose order has left: an index at or before the next order. */
  #skips: number[] = []
  #count = 0
  /** The first index whose order's position the current command has changed; the number of indexes when none has. */
  #changedFrom = 0

  get count(): number {
    return this.#count
  }

  add(order: AccountOrder, aheadLots: number, arrival: number): void {
    const index = this.#orders.length
    // The changed orders may all have left: the new order must not count as changed because of them.
    const isUnchanged = this.#next(this.#changedFrom) >= index
    this.#orders.push(order)
    this.#arrivals.push(arrival)
    this.#skips.push(index)
    const at = index + 1
    const sum = this.#sum(at - 1)
    this.#tree.push(sum - this.#sum(at - (at & -at)))
    this.#bases.push(aheadLots - sum)
    order.queueIndex = index
    this.#count++
    if (isUnchanged) this.#changedFrom = index + 1
  }

  remove(order: AccountOrder): void {
    const index = order.queueIndex
    assert(this.#orders[index] === order, 'an order leaves its own queue')
    this.#orders[index] = undefined
    this.#skips[index] = index + 1
    order.queueIndex = -1
    this.#count--
    if (this.#orders.length > 2 * this.#count + HOLES_MAX) this.#compact()
  }

  aheadLots(order: AccountOrder): number {
    return this.#bases[order.queueIndex]! + this.#sum(order.queueIndex + 1)
  }

  /** The first order of the whole queue has lost lots. @returns whether any order here is behind it. */
  headReduced(engineId: number, lots: number): boolean {
    const first = this.#next(0)
    const isOwn = this.#orders[first]?.engineId === engineId
    return this.#advance(isOwn ? first + 1 : first, lots)
  }

  /** The order with this arrival number has lost lots. @returns whether any order here is behind it. */
  reduced(arrival: number, lots: number): boolean {
    let low = 0
    let high = this.#arrivals.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (((this.#arrivals[middle]! - arrival) | 0) > 0) high = middle
      else low = middle + 1
    }
    return this.#advance(low, lots)
  }

  /** As if the order had moved up: its position is to be sent. */
  markChanged(order: AccountOrder): void {
    this.#changedFrom = Math.min(this.#changedFrom, order.queueIndex)
  }

  /** Orders whose position has changed since the last call, the first in the queue first. */
  *takeChanged(most: number): Generator<AccountOrder> {
    let index = this.#next(this.#changedFrom)
    this.#changedFrom = this.#orders.length
    for (let taken = 0; taken < most; taken++) {
      const order = this.#orders[index]
      if (order === undefined) return
      yield order
      index = this.#next(index + 1)
    }
  }

  #advance(from: number, lots: number): boolean {
    const first = this.#next(from)
    if (first >= this.#orders.length) return false
    for (let at = first + 1; at < this.#tree.length; at += at & -at) this.#tree[at]! -= lots
    assert(this.aheadLots(this.#orders[first]!) >= 0, 'the lots ahead are not negative')
    this.#changedFrom = Math.min(this.#changedFrom, first)
    return true
  }

  /** The sum of the first `count` differences. */
  #sum(count: number): number {
    let sum = 0
    for (let at = count; at > 0; at -= at & -at) sum += this.#tree[at]!
    return sum
  }

  /** The first index from this one on that has an order; the number of indexes when none has. */
  #next(from: number): number {
    let index = from
    while (index < this.#orders.length && this.#orders[index] === undefined) {
      const skip = this.#skips[index]!
      const beyond = skip < this.#skips.length && this.#orders[skip] === undefined ? this.#skips[skip]! : skip
      this.#skips[index] = beyond
      index = beyond
    }
    return index
  }

  #compact(): void {
    const left = this.#orders.filter(order => order !== undefined)
    const changed = this.#orders[this.#next(this.#changedFrom)]
    const kept = left.map(order => ({
      order,
      aheadLots: this.aheadLots(order),
      arrival: this.#arrivals[order.queueIndex]!,
    }))
    this.#orders = []
    this.#arrivals = []
    this.#bases = []
    this.#tree = [0]
    this.#skips = []
    this.#count = 0
    this.#changedFrom = 0
    for (const { order, aheadLots, arrival } of kept) this.add(order, aheadLots, arrival)
    this.#changedFrom = changed === undefined ? this.#orders.length : changed.queueIndex
  }
}
