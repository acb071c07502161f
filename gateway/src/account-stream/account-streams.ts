// The open streams of accounts' private events over SSE: opens and bounds them, and ends all of them when the server
// goes away. What a stream is sent is decided in account-reader.ts.

import { SESSIONS_MAX } from '../orders/session-registry.ts'
import { AccountReader, type AccountReaderDeps, type AccountSubscription } from './account-reader.ts'

export interface AccountStreamsDeps extends Omit<AccountReaderDeps, 'limits'> {
  readonly streamsMax: number
  readonly lagMaxMs: number
}

export class AccountStreams {
  readonly #deps: AccountReaderDeps
  // A reader writes to its own wire only: the set need not know the type of its chunks.
  readonly #accounts = new Map<string, Set<AccountReader<never>>>()
  #size = 0

  constructor({ streamsMax, lagMaxMs, ...deps }: AccountStreamsDeps) {
    this.#deps = { ...deps, limits: { streamsMax, accountStreamsMax: SESSIONS_MAX, lagMaxMs } }
  }

  /** True when no further stream of this account may be opened. */
  isFull(accountId: string): boolean {
    const { streamsMax, accountStreamsMax } = this.#deps.limits
    return this.#size >= streamsMax || (this.#accounts.get(accountId)?.size ?? 0) >= accountStreamsMax
  }

  /** @returns closes the stream; the caller does so when the connection has gone. */
  open<Chunk>(subscription: AccountSubscription<Chunk>): () => void {
    const { accountId } = subscription
    const reader = new AccountReader(this.#deps, subscription)
    const readers = this.#accounts.get(accountId) ?? new Set()
    this.#accounts.set(accountId, readers.add(reader as AccountReader<never>))
    this.#size++
    reader.start()
    return () => {
      reader.close()
      if (!readers.delete(reader as AccountReader<never>)) return
      this.#size--
      if (readers.size === 0) this.#accounts.delete(accountId)
    }
  }

  /** Ends all. @param retryMs after how long a reader should reconnect, drawn for each. */
  close(retryMs: () => number): void {
    for (const readers of this.#accounts.values()) for (const reader of readers) reader.drain(retryMs())
  }
}
