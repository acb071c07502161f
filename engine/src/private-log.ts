// The private events of the commands, each numbered in its own account's stream. Executions come as they happen; what
// they did to positions and cash is told once a command, after them, and only where it changed.

import type { Execution, PrivateEvent } from '@papertape/protocol'
import type { Account } from './account.ts'
import type { AccountOrder } from './account-order.ts'
import { type ExecutionDetails, executionOf } from './execution.ts'
import type { Listing } from './listing.ts'

export interface PrivateEnvelope {
  readonly accountId: string
  readonly event: PrivateEvent
}

export class PrivateLog {
  #envelopes: PrivateEnvelope[] = []
  /** Accounts whose cash or positions the command at work may have changed, and where they traded. */
  readonly #marked = new Map<Account, Listing[]>()

  get pending(): number {
    return this.#envelopes.length
  }

  take(): PrivateEnvelope[] {
    const envelopes = this.#envelopes
    this.#envelopes = []
    return envelopes
  }

  execution(order: AccountOrder, ts: number, details: ExecutionDetails): Execution {
    const { account } = order
    const execution = executionOf(order, ++account.streamSeq, ts, details)
    this.#envelopes.push({ accountId: account.accountId, event: execution })
    return execution
  }

  /** Where the order stands in its queue, when its owner does not know it yet. */
  queue(order: AccountOrder, ts: number): void {
    if (order.aheadLots === order.toldAheadLots) return
    order.toldAheadLots = order.aheadLots
    const { account, orderId, clientOrderId, symbol, listing } = order
    const { accountId } = account
    const place = { orderId, clientOrderId, symbol, aheadSize: listing.size(order.aheadLots) }
    this.#envelopes.push({ accountId, event: { type: 'queue', seq: ++account.streamSeq, ts, ...place } })
  }

  /** The account's cash or buying power may have changed; with a listing, its position there has. */
  mark(account: Account, listing?: Listing): void {
    let listings = this.#marked.get(account)
    if (listings === undefined) {
      listings = []
      this.#marked.set(account, listings)
    }
    if (listing !== undefined && !listings.includes(listing)) listings.push(listing)
  }

  /** Ends a command: positions and balances of the marked accounts. */
  state(ts: number): void {
    if (this.#marked.size === 0) return
    for (const [account, listings] of this.#marked) {
      const { accountId } = account
      for (const listing of listings) {
        const state = account.position(listing).state()
        this.#envelopes.push({ accountId, event: { type: 'position', seq: ++account.streamSeq, ts, ...state } })
      }
      if (!account.balanceIsNew()) continue
      const event: PrivateEvent = { type: 'balance', seq: ++account.streamSeq, ts, ...account.tellBalance() }
      this.#envelopes.push({ accountId, event })
    }
    this.#marked.clear()
  }
}
