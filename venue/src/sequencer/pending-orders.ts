// The order archive as the next command sees it: what commands since the last flush have answered and ended, then what the
// journal has stored. For the sequencer alone.

import type { OrderArchive, PrivateEnvelope } from '@papertape/engine'
import type { Execution, Order } from '@papertape/protocol'
import { type OrderRecord, recordsIn } from '../journal/order-records.ts'

export class PendingOrders implements OrderArchive {
  readonly #stored: OrderArchive
  #records: OrderRecord[] = []
  readonly #answers = new Map<string, Execution>()
  readonly #ended = new Map<string, Order>()

  constructor(stored: OrderArchive) {
    this.#stored = stored
  }

  firstAnswer(accountId: string, clientOrderId: string): Execution | undefined {
    return this.#answers.get(keyOf(accountId, clientOrderId)) ?? this.#stored.firstAnswer(accountId, clientOrderId)
  }

  endedOrder(accountId: string, orderId: string): Order | undefined {
    return this.#ended.get(keyOf(accountId, orderId)) ?? this.#stored.endedOrder(accountId, orderId)
  }

  add(envelope: PrivateEnvelope): void {
    for (const record of recordsIn(envelope)) {
      this.#records.push(record)
      const { accountId } = record
      if ('answer' in record) this.#answers.set(keyOf(accountId, record.answer.clientOrderId), record.answer)
      else this.#ended.set(keyOf(accountId, record.ended.orderId), record.ended)
    }
  }

  /** For the flush, which stores them. */
  take(): OrderRecord[] {
    const records = this.#records
    this.#records = []
    this.#answers.clear()
    this.#ended.clear()
    return records
  }
}

/** Neither id has a space in it. */
function keyOf(accountId: string, id: string): string {
  return `${accountId} ${id}`
}
