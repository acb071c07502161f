// Delivers private events to the sessions of their account. Stores nothing: the streams are in the journal.

import type { Batch, EncodedPrivateEvent } from '@papertape/venue'

export interface PrivateReader {
  deliver(event: EncodedPrivateEvent): void
  /** deliver() has thrown: the reader ends, and no other. */
  fail(error: unknown): void
}

export class PrivateStreams {
  readonly #readers = new Map<string, Set<PrivateReader>>()

  publish(events: Batch['privateEvents']): void {
    for (const event of events) {
      const readers = this.#readers.get(event.accountId)
      if (readers === undefined) continue
      for (const reader of readers) deliver(reader, event)
    }
  }

  /** The number of accounts with a session. */
  get accounts(): number {
    return this.#readers.size
  }

  join(accountId: string, reader: PrivateReader): void {
    const readers = this.#readers.get(accountId)
    if (readers === undefined) this.#readers.set(accountId, new Set([reader]))
    else readers.add(reader)
  }

  leave(accountId: string, reader: PrivateReader): void {
    const readers = this.#readers.get(accountId)
    readers?.delete(reader)
    if (readers?.size === 0) this.#readers.delete(accountId)
  }
}

function deliver(reader: PrivateReader, event: EncodedPrivateEvent): void {
  try {
    reader.deliver(event)
  } catch (error) {
    reader.fail(error)
  }
}
