// Tracks which accounts and open orders have changed, so that a checkpoint writes only those, and keeps the hash over
// all of them up to date. Whatever changes one marks it here; its text is made when a checkpoint or the hash needs it.

import { HashSum, NO_HASH } from '../primitives/text-hash.ts'
import type { Account } from './account.ts'
import type { AccountOrder } from './account-order.ts'
import type { Recorded, StateRow } from './recorded.ts'

interface StateTexts {
  account(account: Account): string
  order(order: AccountOrder): string
}

export class StateChanges {
  readonly #texts: StateTexts
  readonly #sum = new HashSum()
  /** Changed since the hash was last updated. */
  readonly #accounts = new Set<Account>()
  readonly #orders = new Set<AccountOrder>()
  /** Rows for the next checkpoint that are already in the hash. */
  readonly #unstored = new Map<Recorded, StateRow>()

  constructor(texts: StateTexts) {
    this.#texts = texts
  }

  /** About how many rows the next checkpoint has. */
  get count(): number {
    return this.#accounts.size + this.#orders.size + this.#unstored.size
  }

  account(account: Account): void {
    this.#accounts.add(account)
  }

  /** Also when it ends and leaves the state. An order that begins and ends between two checkpoints has no row. */
  order(order: AccountOrder): void {
    if (order.ended && !order.isStored && order.hash === NO_HASH) this.#orders.delete(order)
    else this.#orders.add(order)
  }

  /** Over all accounts and open orders. */
  hash(): string {
    this.#update()
    return this.#sum.text()
  }

  /** The rows that have changed since the last call. */
  take(): StateRow[] {
    this.#update()
    const rows = [...this.#unstored.values()]
    for (const [recorded, { body }] of this.#unstored) recorded.isStored = body !== null
    this.#unstored.clear()
    return rows
  }

  #update(): void {
    for (const account of this.#accounts) {
      this.#record(account, 'account', account.index, this.#texts.account(account))
    }
    for (const order of this.#orders) {
      this.#record(order, 'order', Number(order.orderId), order.ended ? null : this.#texts.order(order))
    }
    this.#accounts.clear()
    this.#orders.clear()
  }

  #record(recorded: Recorded, part: StateRow['part'], id: number, body: string | null): void {
    recorded.hash = this.#sum.replace(recorded.hash, body === null ? undefined : `${part} ${id} ${body}`)
    if (body === null && !recorded.isStored) this.#unstored.delete(recorded)
    else this.#unstored.set(recorded, { part, id, body })
  }
}
