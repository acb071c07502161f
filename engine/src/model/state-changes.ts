// Which accounts and open orders have changed, so that a checkpoint writes those alone, and the hash over all of them, which
// is kept up to date from them. Every change to one is marked here, by whoever makes it; the texts are made when asked for.

import { HashSum, NO_HASH, type TextHash } from '../primitives/text-hash.ts'
import type { Account } from './account.ts'
import type { AccountOrder } from './account-order.ts'

/** One account or open order as a checkpoint keeps it. */
export interface StateRow {
  readonly part: 'account' | 'order'
  /** The account's index, or the orderId. */
  readonly id: number
  /** JSON; null: the order is not open any more. */
  readonly body: string | null
}

/** What an account or order carries for this file. */
export interface Recorded {
  /** Of its text, as far as it is in the sum. */
  hash: TextHash
  /** A checkpoint has a row of it. */
  isStored: boolean
}

export interface StateTexts {
  account(account: Account): string
  order(order: AccountOrder): string
}

export class StateChanges {
  readonly #texts: StateTexts
  readonly #sum = new HashSum()
  /** Since the hash was last asked for. */
  readonly #accounts = new Set<Account>()
  readonly #orders = new Set<AccountOrder>()
  /** Hashed since the last checkpoint: they belong to the next one. */
  readonly #unstored = new Map<Recorded, StateRow>()

  constructor(texts: StateTexts) {
    this.#texts = texts
  }

  /** How many rows the next checkpoint has, about. */
  get count(): number {
    return this.#accounts.size + this.#orders.size + this.#unstored.size
  }

  account(account: Account): void {
    this.#accounts.add(account)
  }

  /** Also when it ends: it leaves the state then. One that came and went between two checkpoints leaves no trace. */
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
