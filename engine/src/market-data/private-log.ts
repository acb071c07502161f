// The private events of the commands, each numbered in its own account's stream. Executions come as they happen; what
// they did to positions and cash is told once a command, after them, and only where it changed.

import type { Execution, Order, PrivateEvent } from '@papertape/protocol'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { Listing } from '../model/instrument.ts'
import type { StateChanges } from '../model/state-changes.ts'
import { type ExecutionDetails, executionOf } from './execution.ts'

export interface PrivateEnvelope {
  readonly accountId: string
  readonly event: PrivateEvent
  /** The event is what its clientOrderId was first answered with. */
  readonly isFirstAnswer?: true
  /** The order as it has ended with this event: the exchange does not know it any more. */
  readonly ended?: Order
}

export class PrivateLog {
  readonly #changes: StateChanges
  #envelopes: PrivateEnvelope[] = []
  /** Accounts whose cash or positions the command at work may have changed, and where they traded. */
  readonly #marked = new Map<Account, Listing[]>()

  constructor(changes: StateChanges) {
    this.#changes = changes
  }

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
    this.#changes.account(account)
    this.#changes.order(order)
    this.#envelopes.push({
      accountId: account.accountId,
      event: execution,
      ...(isFirstAnswer(details) ? { isFirstAnswer: true } : {}),
      ...(order.ended ? { ended: order.state() } : {}),
    })
    return execution
  }

  /** Where the order stands in its queue. */
  queue(order: AccountOrder, aheadLots: number, ts: number): void {
    order.toldAheadLots = aheadLots
    const { account, orderId, clientOrderId, symbol, listing } = order
    const { accountId } = account
    this.#changes.account(account)
    this.#changes.order(order)
    const place = { orderId, clientOrderId, symbol, aheadSize: listing.size(aheadLots) }
    this.#envelopes.push({ accountId, event: { type: 'queue', seq: ++account.streamSeq, ts, ...place } })
  }

  /** The account's cash or buying power may have changed; with a listing, its position there has. */
  mark(account: Account, listing?: Listing): void {
    let listings = this.#marked.get(account)
    if (listings === undefined) {
      this.#changes.account(account)
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

/** A replace that the exchange does on its own answers nobody. */
function isFirstAnswer({ execType, origClientOrderId }: ExecutionDetails): boolean {
  return execType === 'new' || execType === 'rejected' || (execType === 'replaced' && origClientOrderId !== undefined)
}
