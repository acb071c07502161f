// What an account's ids stand for: its orders by either id, and the first answer that each clientOrderId was given. Both
// are kept for 24 hours after the order has ended, so that a command sent again, even after a restart, does nothing twice.

import type { Execution } from '@papertape/protocol'
import type { AccountOrder } from './account-order.ts'

export const REMEMBERED_US = 24 * 3_600 * 1_000_000
/** Orders forgotten at a command, at most: more than can be remembered by a typical one, and a bound on the work. */
const FORGOTTEN_PER_COMMAND = 4
const COMPACTED_FROM = 1024

export interface FirstAnswer {
  readonly order: AccountOrder
  readonly answer: Execution
}

export class OrderMemory {
  /** By the exchange's id, oldest first. */
  readonly orders = new Map<string, AccountOrder>()
  readonly #answers = new Map<string, FirstAnswer>()

  /** What the id was first answered with; undefined when it is free, or free again. */
  firstAnswer(clientOrderId: string, ts: number): FirstAnswer | undefined {
    const first = this.#answers.get(clientOrderId)
    return first === undefined || isDue(first.order, ts) ? undefined : first
  }

  /** The order's first answers, each under the id that it carries. */
  remember(order: AccountOrder, ...answers: readonly Execution[]): void {
    this.orders.set(order.orderId, order)
    for (const answer of answers) this.#answers.set(answer.clientOrderId, { order, answer })
  }

  /** An id that another order has taken since stays that one's. */
  forget(order: AccountOrder): void {
    this.orders.delete(order.orderId)
    for (const id of order.clientOrderIds) {
      if (this.#answers.get(id)?.order === order) this.#answers.delete(id)
    }
  }

  /** The first answers that are still the order's, oldest first. */
  answersOf(order: AccountOrder): Execution[] {
    const firsts = order.clientOrderIds.map(id => this.#answers.get(id))
    return firsts.filter(first => first?.order === order).map(first => first!.answer)
  }
}

/** The ended orders of all accounts in the order of their ends: the oldest are forgotten first. */
export class EndedOrders {
  #orders: AccountOrder[] = []
  #from = 0

  add(order: AccountOrder): void {
    this.#orders.push(order)
  }

  /** A few of those whose time is up; called at each command. */
  forgetDue(ts: number): void {
    for (let count = 0; count < FORGOTTEN_PER_COMMAND; count++) {
      const order = this.#orders[this.#from]
      if (order === undefined || !isDue(order, ts)) return
      order.account.memory.forget(order)
      this.#from++
      this.#compact()
    }
  }

  /** Oldest end first. */
  list(): AccountOrder[] {
    return this.#orders.slice(this.#from)
  }

  #compact(): void {
    if (this.#from < COMPACTED_FROM || this.#from * 2 < this.#orders.length) return
    this.#orders = this.#orders.slice(this.#from)
    this.#from = 0
  }
}

function isDue(order: AccountOrder, ts: number): boolean {
  return order.ended && order.endedTs + REMEMBERED_US <= ts
}
