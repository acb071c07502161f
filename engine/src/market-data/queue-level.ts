// The accounts' orders at one price in the order of their queue, each with the lots ahead of it. A Fenwick tree over the
// places holds what has gone from before them, so that one change costs a logarithm of the orders, not the orders.
// queue-positions.ts keeps one for each price at which an account's order rests.

import type { AccountOrder } from '../model/account-order.ts'
import { assert } from '../primitives/assert.ts'

/** Places of orders that have left are given up when there are so many more of them than orders. */
const HOLES_MAX = 32

export class QueueLevel {
  /** By place; undefined: the order has left. */
  #orders: (AccountOrder | undefined)[] = []
  /** The core's arrivals by place, rising modulo 2^32, also of those that have left. */
  #arrivals: number[] = []
  /** The lots ahead, less what the tree says of the place. */
  #bases: number[] = []
  /** Of the differences between the sums of neighbouring places; its first entry is unused. */
  #tree: number[] = [0]
  /** A place at or before the next order, for places of orders that have left. */
  #skips: number[] = []
  #count = 0
  /** The first place whose order stands elsewhere than before the command at work; the number of places when none does. */
  #changedFrom = 0

  get count(): number {
    return this.#count
  }

  add(order: AccountOrder, aheadLots: number, arrival: number): void {
    const place = this.#orders.length
    // Those that stood elsewhere may have left: that they did must not say anything of one that comes now.
    const isUnchanged = this.#next(this.#changedFrom) >= place
    this.#orders.push(order)
    this.#arrivals.push(arrival)
    this.#skips.push(place)
    const at = place + 1
    const sum = this.#sum(at - 1)
    this.#tree.push(sum - this.#sum(at - (at & -at)))
    this.#bases.push(aheadLots - sum)
    order.queuePlace = place
    this.#count++
    if (isUnchanged) this.#changedFrom = place + 1
  }

  remove(order: AccountOrder): void {
    const place = order.queuePlace
    assert(this.#orders[place] === order, 'an order leaves the queue that it is in')
    this.#orders[place] = undefined
    this.#skips[place] = place + 1
    order.queuePlace = -1
    this.#count--
    if (this.#orders.length > 2 * this.#count + HOLES_MAX) this.#compact()
  }

  aheadLots(order: AccountOrder): number {
    return this.#bases[order.queuePlace]! + this.#sum(order.queuePlace + 1)
  }

  /** The first of the whole queue has lost lots: all others move up. @returns whether there are any. */
  headLost(engineId: number, lots: number): boolean {
    const first = this.#next(0)
    const isOwn = this.#orders[first]?.engineId === engineId
    return this.#advance(isOwn ? first + 1 : first, lots)
  }

  /** An order that arrived then has lost lots: those behind it move up. @returns whether there are any. */
  lost(arrival: number, lots: number): boolean {
    let low = 0
    let high = this.#arrivals.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (((this.#arrivals[middle]! - arrival) | 0) > 0) high = middle
      else low = middle + 1
    }
    return this.#advance(low, lots)
  }

  /** Its owner is to be told, as of one that has moved up. */
  markChanged(order: AccountOrder): void {
    this.#changedFrom = Math.min(this.#changedFrom, order.queuePlace)
  }

  /** Some of those that stand elsewhere since the last call, the first in the queue first. */
  *takeChanged(most: number): Generator<AccountOrder> {
    let place = this.#next(this.#changedFrom)
    this.#changedFrom = this.#orders.length
    for (let taken = 0; taken < most; taken++) {
      const order = this.#orders[place]
      if (order === undefined) return
      yield order
      place = this.#next(place + 1)
    }
  }

  #advance(from: number, lots: number): boolean {
    const first = this.#next(from)
    if (first >= this.#orders.length) return false
    for (let at = first + 1; at < this.#tree.length; at += at & -at) this.#tree[at]! -= lots
    assert(this.aheadLots(this.#orders[first]!) >= 0, 'no fewer than no lots are ahead')
    this.#changedFrom = Math.min(this.#changedFrom, first)
    return true
  }

  /** What the first `count` differences add up to. */
  #sum(count: number): number {
    let sum = 0
    for (let at = count; at > 0; at -= at & -at) sum += this.#tree[at]!
    return sum
  }

  /** The first place from this one on whose order is there; the number of places when there is none. */
  #next(from: number): number {
    let place = from
    while (place < this.#orders.length && this.#orders[place] === undefined) {
      const skip = this.#skips[place]!
      const beyond = skip < this.#skips.length && this.#orders[skip] === undefined ? this.#skips[skip]! : skip
      this.#skips[place] = beyond
      place = beyond
    }
    return place
  }

  #compact(): void {
    const left = this.#orders.filter(order => order !== undefined)
    const changed = this.#orders[this.#next(this.#changedFrom)]
    const places = left.map(order => ({
      order,
      aheadLots: this.aheadLots(order),
      arrival: this.#arrivals[order.queuePlace]!,
    }))
    this.#orders = []
    this.#arrivals = []
    this.#bases = []
    this.#tree = [0]
    this.#skips = []
    this.#count = 0
    this.#changedFrom = 0
    for (const { order, aheadLots, arrival } of places) this.add(order, aheadLots, arrival)
    this.#changedFrom = changed === undefined ? this.#orders.length : changed.queuePlace
  }
}
