// Which order a clientOrderId means: a replaced order keeps its orderId and gets another clientOrderId, and the earlier
// ones still mean it. Learned from the private stream, forgotten when the order has ended. Pure; request-table.ts asks
// whether an execution answers a cancel.

import type { Execution, Order } from '@papertape/protocol'

type NamedOrder = Pick<Execution | Order, 'orderId' | 'clientOrderId'>

export class OrderNames {
  readonly #orderIds = new Map<string, string>()
  /** By orderId. */
  readonly #names = new Map<string, string[]>()

  orderIdOf(clientOrderId: string): string | undefined {
    return this.#orderIds.get(clientOrderId)
  }

  learn({ orderId, clientOrderId }: NamedOrder): void {
    if (this.#orderIds.has(clientOrderId)) return
    this.#orderIds.set(clientOrderId, orderId)
    this.#names.set(orderId, [...(this.#names.get(orderId) ?? []), clientOrderId])
  }

  forget(orderId: string): void {
    for (const name of this.#names.get(orderId) ?? []) this.#orderIds.delete(name)
    this.#names.delete(orderId)
  }

  clear(): void {
    this.#orderIds.clear()
    this.#names.clear()
  }
}
