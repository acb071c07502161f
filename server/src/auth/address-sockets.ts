// How many WebSockets an address has open, over the order channel and the adapters together.

import { CodedError, KeyedCount } from '@papertape/gateway'
import { addressKey } from './address-key.ts'

/** A connection that is refused for those of its address is tried again after this. */
const RETRY_MS = 5_000

export class AddressSockets {
  readonly #max: number
  readonly #open: KeyedCount

  /** @param max of an address; 0 does not limit. */
  constructor(max: number) {
    this.#max = max
    this.#open = new KeyedCount(max)
  }

  /** @throws {CodedError} too-many-connections */
  require(address: string): void {
    if (!this.#open.isFull(addressKey(address))) return
    const limit = `an address has at most ${this.#max} connections; close one, or try again later`
    throw new CodedError('too-many-connections', limit, RETRY_MS)
  }

  /** @returns its key, for close(). */
  open(address: string): string {
    const key = addressKey(address)
    this.#open.open(key)
    return key
  }

  close(key: string): void {
    this.#open.close(key)
  }
}
