// An order archive in memory, for exchanges without a journal: simulated runs and tests. The caller sets its clock. It
// grows with the orders of a day, so it must not be used in a server.

import type { Execution, Order } from '@papertape/protocol'
import type { PrivateEnvelope } from './market-data/private-log.ts'
import { type OrderArchive, REMEMBERED_US } from './model/order-archive.ts'

interface ArchivedOrder {
  readonly order: Order
  readonly endedUs: number
}

interface AccountArchive {
  readonly answers: Map<string, Execution>
  /** By orderId, oldest end first. */
  readonly ended: Map<string, ArchivedOrder>
}

/** JSON-compatible; the constructor restores it. */
export interface ArchiveState {
  readonly nowUs: number
  readonly accounts: readonly {
    readonly accountId: string
    readonly answers: readonly Execution[]
    readonly ended: readonly ArchivedOrder[]
  }[]
}

export class MemoryArchive implements OrderArchive {
  readonly #accounts = new Map<string, AccountArchive>()
  #nowUs = 0

  constructor(state?: ArchiveState) {
    if (state === undefined) return
    this.#nowUs = state.nowUs
    for (const { accountId, answers, ended } of state.accounts) {
      const account = this.#account(accountId)
      for (const answer of answers) account.answers.set(answer.clientOrderId, answer)
      for (const each of ended) account.ended.set(each.order.orderId, each)
    }
  }

  firstAnswer(accountId: string, clientOrderId: string): Execution | undefined {
    const account = this.#accounts.get(accountId)
    const answer = account?.answers.get(clientOrderId)
    if (answer === undefined) return undefined
    const ended = account!.ended.get(answer.orderId)
    if (ended === undefined || !this.#isOver(ended)) return answer
    account!.answers.delete(clientOrderId)
    return undefined
  }

  endedOrder(accountId: string, orderId: string): Order | undefined {
    const ended = this.#accounts.get(accountId)?.ended.get(orderId)
    return ended === undefined || this.#isOver(ended) ? undefined : ended.order
  }

  /** Those that are still remembered, newest order first. */
  endedOrders(accountId: string): Order[] {
    const ended = [...(this.#accounts.get(accountId)?.ended.values() ?? [])].filter(each => !this.#isOver(each))
    return ended.map(({ order }) => order).sort((a, b) => Number(b.orderId) - Number(a.orderId))
  }

  /** Adds what a command did. */
  add(envelopes: readonly PrivateEnvelope[]): void {
    for (const { accountId, event, isFirstAnswer, ended } of envelopes) {
      if (isFirstAnswer) this.#account(accountId).answers.set((event as Execution).clientOrderId, event as Execution)
      if (ended !== undefined) {
        this.#account(accountId).ended.set(ended.orderId, { order: ended, endedUs: this.#nowUs })
      }
    }
  }

  /** Sets the clock, in integer microseconds; it never runs backwards. */
  advance(ts: number): void {
    this.#nowUs = Math.max(this.#nowUs, ts)
  }

  state(): ArchiveState {
    const accounts = [...this.#accounts].map(([accountId, { answers, ended }]) => ({
      accountId,
      answers: [...answers.values()].filter(({ clientOrderId }) => this.firstAnswer(accountId, clientOrderId)),
      ended: [...ended.values()].filter(each => !this.#isOver(each)),
    }))
    return { nowUs: this.#nowUs, accounts }
  }

  #isOver({ endedUs }: ArchivedOrder): boolean {
    return endedUs + REMEMBERED_US <= this.#nowUs
  }

  #account(accountId: string): AccountArchive {
    let account = this.#accounts.get(accountId)
    if (account === undefined) {
      account = { answers: new Map(), ended: new Map() }
      this.#accounts.set(accountId, account)
    }
    return account
  }
}
