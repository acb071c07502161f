// The order archive for the next command: answers and ends of commands that the journal has not yet, then those in it.
// Used by the sequencer.

import type { Exchange, OrderArchive, PrivateEnvelope } from '@papertape/engine'
import type { Execution, Order } from '@papertape/protocol'
import { type OrderRecord, recordsIn } from '../journal/order-records.ts'

export class PendingOrders implements OrderArchive {
  readonly #stored: OrderArchive
  readonly #exchange: Pick<Exchange, 'hasOpenOrder'>
  #records: OrderRecord[] = []
  readonly #answers = new Map<string, Execution>()
  readonly #ended = new Map<string, Order>()

  constructor(stored: OrderArchive, exchange: Pick<Exchange, 'hasOpenOrder'>) {
    this.#stored = stored
    this.#exchange = exchange
  }

  firstAnswer(accountId: string, clientOrderId: string): Execution | undefined {
    return this.#answers.get(keyOf(accountId, clientOrderId)) ?? this.#stored.firstAnswer(accountId, clientOrderId)
  }

  endedOrder(accountId: string, orderId: string): Order | undefined {
    const ended = this.#ended.get(keyOf(accountId, orderId))
    // Most commands are for open orders: to look for each of those in the journal takes as long as to cancel it.
    if (ended !== undefined || this.#exchange.hasOpenOrder(accountId, orderId)) return ended
    return this.#stored.endedOrder(accountId, orderId)
  }

  add(envelope: PrivateEnvelope): void {
    for (const record of recordsIn(envelope)) {
      this.#records.push(record)
      const { accountId } = record
      if ('answer' in record) this.#answers.set(keyOf(accountId, record.answer.clientOrderId), record.answer)
      else this.#ended.set(keyOf(accountId, record.ended.orderId), record.ended)
    }
  }

  /** Those since they were last taken, for a flush. They are looked up here until it is stored. */
  takeRecords(): OrderRecord[] {
    const records = this.#records
    this.#records = []
    return records
  }

  /** The journal has the flush with these records. */
  release(records: readonly OrderRecord[]): void {
    for (const record of records) {
      const { accountId } = record
      if ('answer' in record) remove(this.#answers, keyOf(accountId, record.answer.clientOrderId), record.answer)
      else remove(this.#ended, keyOf(accountId, record.ended.orderId), record.ended)
    }
  }
}

/** Unless a later flush has another one. */
function remove<Value>(values: Map<string, Value>, key: string, value: Value): void {
  if (values.get(key) === value) values.delete(key)
}

/** Neither id has a space in it. */
function keyOf(accountId: string, id: string): string {
  return `${accountId} ${id}`
}
