// The order archive of a journal in memory: first answers by clientOrderId, and ended orders, until they expire. The
// server's is server/src/journal/order-table.ts.

import { REMEMBERED_US } from '@papertape/engine'
import type { Execution, Order } from '@papertape/protocol'
import type { AccountRows, OrderArchiveStore, OrderSeqs } from './journal.ts'
import type { OrderRecord } from './order-records.ts'
import { RetentionClock } from './retention-clock.ts'

interface EndedOrder {
  readonly order: Order
  /** Of the private event that ended it. */
  readonly seq: number
  readonly endedUs: number
}

interface AccountOrders {
  readonly answers: Map<string, Execution>
  /** By orderId, oldest end first. */
  readonly ended: Map<string, EndedOrder>
}

/** Plain data, which a structured clone copies. */
export interface SavedOrderStore {
  readonly nowUs: number
  readonly accounts: ReadonlyMap<string, AccountOrders>
}

export class MemoryOrderStore implements OrderArchiveStore {
  readonly #clock: RetentionClock
  readonly #accounts: Map<string, AccountOrders>

  /** @param saved to go on from. */
  constructor(saved?: SavedOrderStore) {
    this.#clock = new RetentionClock(saved?.nowUs)
    this.#accounts = new Map(saved?.accounts)
  }

  /** Shares its maps with the store: copy it before the next append. */
  save(): SavedOrderStore {
    return { nowUs: this.#clock.nowUs, accounts: this.#accounts }
  }

  advance(ts: number): void {
    this.#clock.advance(ts)
  }

  firstAnswer(accountId: string, clientOrderId: string): Execution | undefined {
    const account = this.#accounts.get(accountId)
    const answer = account?.answers.get(clientOrderId)
    const ended = answer === undefined ? undefined : account!.ended.get(answer.orderId)
    return ended === undefined || !this.#isExpired(ended) ? answer : undefined
  }

  endedOrder(accountId: string, orderId: string): Order | undefined {
    const ended = this.#accounts.get(accountId)?.ended.get(orderId)
    return ended === undefined || this.#isExpired(ended) ? undefined : ended.order
  }

  seqsOf(accountId: string, orderId: string): OrderSeqs {
    const account = this.#accounts.get(accountId)
    const answers = [...(account?.answers.values() ?? [])].filter(answer => answer.orderId === orderId)
    return { placed: answers[0]?.seq, ended: account?.ended.get(orderId)?.seq }
  }

  endedOrders(accountId: string, below: number, limit: number): Order[] {
    const found = [...(this.#accounts.get(accountId)?.ended.values() ?? [])].filter(
      ended => !this.#isExpired(ended) && Number(ended.order.orderId) < below,
    )
    const newestFirst = found.sort((a, b) => Number(b.order.orderId) - Number(a.order.orderId))
    return newestFirst.slice(0, limit).map(({ order }) => order)
  }

  append(records: readonly OrderRecord[]): void {
    for (const record of records) {
      const account = this.#account(record.accountId)
      if ('answer' in record) account.answers.set(record.answer.clientOrderId, record.answer)
      else {
        const { ended: order, seq } = record
        account.ended.set(order.orderId, { order, seq, endedUs: this.#clock.nowUs })
      }
    }
    for (const account of this.#accounts.values()) this.#forgetExpired(account)
  }

  holds(record: OrderRecord): boolean {
    const account = this.#accounts.get(record.accountId)
    if ('answer' in record) {
      const { clientOrderId, orderId, seq } = record.answer
      const answer = account?.answers.get(clientOrderId)
      return answer?.orderId === orderId && answer.seq === seq
    }
    const { ended: order, seq } = record
    const ended = account?.ended.get(order.orderId)
    return ended?.seq === seq && ended.order.ts === order.ts && ended.order.triggered === order.triggered
  }

  remembers(accountId: string, orderId: string): boolean {
    return this.endedOrder(accountId, orderId) !== undefined
  }

  rowsOf(accountId: string): AccountRows {
    const account = this.#accounts.get(accountId)
    const ended = account?.ended.size ?? 0
    const firstSeq = account?.ended.values().next().value?.seq ?? null
    return { ids: account?.answers.size ?? 0, ended, counted: ended, firstSeq }
  }

  get hasForgottenNothing(): boolean {
    return this.#clock.nowUs < REMEMBERED_US
  }

  mayForgetEarly(): boolean {
    return false
  }

  /** Ended orders are in the order of their ends: those that have not expired follow those that have. */
  #forgetExpired({ answers, ended }: AccountOrders): void {
    for (const [orderId, order] of ended) {
      if (!this.#isExpired(order)) return
      ended.delete(orderId)
      for (const [id, answer] of answers) if (answer.orderId === orderId) answers.delete(id)
    }
  }

  #isExpired({ endedUs }: EndedOrder): boolean {
    return endedUs + REMEMBERED_US <= this.#clock.nowUs
  }

  #account(accountId: string): AccountOrders {
    let account = this.#accounts.get(accountId)
    if (account === undefined) {
      account = { answers: new Map(), ended: new Map() }
      this.#accounts.set(accountId, account)
    }
    return account
  }
}
