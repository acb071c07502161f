// The private events of the commands, each numbered in its account's stream. Executions are added as they happen;
// positions and balances once a command, after them, and only where they have changed.

import type { AlertState, Execution, Order, PrivateEvent } from '@papertape/protocol'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import type { StateChanges } from '../model/state-changes.ts'
import { type ExecutionDetails, executionOf } from './execution.ts'

export interface PrivateEnvelope {
  readonly accountId: string
  readonly event: PrivateEvent
  /** The event is the first answer to its clientOrderId. */
  readonly isFirstAnswer?: true
  /** The order's final state, if this event ended it: the exchange no longer has it. */
  readonly ended?: Order
}

export class PrivateLog {
  readonly #changes: StateChanges
  #envelopes: PrivateEnvelope[] = []
  /** Accounts whose cash or positions the current command may have changed, and the instruments that they traded. */
  readonly #changed = new Map<Account, TradedInstrument[]>()

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
    order.sentStopTicks = order.stopTicks
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

  /** An event that is about no order and changes the account's cash; its number is the stream's newest. */
  add(account: Account, event: PrivateEvent): void {
    this.#envelopes.push({ accountId: account.accountId, event })
    this.markChanged(account)
  }

  /** The order's position in its queue. */
  queue(order: AccountOrder, aheadLots: number, ts: number): void {
    order.sentAheadLots = aheadLots
    const { account, orderId, clientOrderId, symbol, instrument } = order
    const { accountId } = account
    this.#changes.account(account)
    this.#changes.order(order)
    const position = { orderId, clientOrderId, symbol, aheadSize: instrument.size(aheadLots) }
    this.#envelopes.push({ accountId, event: { type: 'queue', seq: ++account.streamSeq, ts, ...position } })
  }

  /** An alert of the account has triggered. */
  alert(account: Account, state: AlertState, ts: number): void {
    this.#changes.account(account)
    const event: PrivateEvent = { type: 'alert', seq: ++account.streamSeq, ts, ...state }
    this.#envelopes.push({ accountId: account.accountId, event })
  }

  /** The account's cash or buying power may have changed; with an instrument, its position there has. */
  markChanged(account: Account, instrument?: TradedInstrument): void {
    let instruments = this.#changed.get(account)
    if (instruments === undefined) {
      this.#changes.account(account)
      instruments = []
      this.#changed.set(account, instruments)
    }
    if (instrument !== undefined && !instruments.includes(instrument)) instruments.push(instrument)
  }

  /** At the end of a command: positions and balances of the changed accounts. */
  publishChanges(ts: number): void {
    if (this.#changed.size === 0) return
    for (const [account, instruments] of this.#changed) {
      const { accountId } = account
      for (const instrument of instruments) {
        const state = account.position(instrument).state()
        this.#envelopes.push({ accountId, event: { type: 'position', seq: ++account.streamSeq, ts, ...state } })
      }
      if (!account.hasNewBalance) continue
      const event: PrivateEvent = { type: 'balance', seq: ++account.streamSeq, ts, ...account.sendBalance() }
      this.#envelopes.push({ accountId, event })
    }
    this.#changed.clear()
  }
}

/** A replace by the exchange itself is no answer. */
function isFirstAnswer({ execType, origClientOrderId }: ExecutionDetails): boolean {
  return execType === 'new' || execType === 'rejected' || (execType === 'replaced' && origClientOrderId !== undefined)
}
