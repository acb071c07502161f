// The open streams of accounts' private events over SSE: opens and bounds them, and ends all of them when the server
// goes away. What a stream is sent is decided in account-reader.ts.

import type { Accounts, KnownAccount } from '../accounts/accounts.ts'
import { SESSIONS_MAX } from '../orders/session-registry.ts'
import { AccountReader, type AccountReaderDeps, type AccountSubscription } from './account-reader.ts'

export interface AccountStreamsDeps extends Omit<AccountReaderDeps, 'limits'> {
  readonly accounts: Accounts
  readonly streamsMax: number
  readonly lagMaxMs: number
  /** Absent in a greeting when it is not known. */
  readonly streamAgeMaxMs?: number
}

/** An open stream, as its transport ends it. */
export interface OpenAccountStream {
  /** Ends it and says after how long its reader should reconnect. */
  drain(retryMs: number): void
  /** To be called when the connection has gone. */
  close(): void
}

export class AccountStreams {
  readonly #accounts: Accounts
  readonly #deps: AccountReaderDeps
  // A reader writes to its own wire only: the set need not know the type of its chunks.
  readonly #readers = new Map<string, Set<AccountReader<never>>>()
  #size = 0

  constructor({ accounts, streamsMax, lagMaxMs, streamAgeMaxMs, ...deps }: AccountStreamsDeps) {
    this.#accounts = accounts
    const age = streamAgeMaxMs === undefined ? {} : { streamAgeMaxMs }
    this.#deps = { ...deps, limits: { streamsMax, accountStreamsMax: SESSIONS_MAX, lagMaxMs, ...age } }
  }

  /** True when no further stream of this account may be opened. */
  isFull({ accountId }: KnownAccount): boolean {
    const { streamsMax, accountStreamsMax } = this.#deps.limits
    return this.#size >= streamsMax || (this.#readers.get(accountId)?.size ?? 0) >= accountStreamsMax
  }

  open<Chunk>(account: KnownAccount, subscription: Omit<AccountSubscription<Chunk>, 'accountId'>): OpenAccountStream {
    const { accountId } = account
    const reader = new AccountReader(this.#deps, { ...subscription, accountId })
    const readers = this.#readers.get(accountId) ?? new Set()
    this.#readers.set(accountId, readers.add(reader as AccountReader<never>))
    this.#size++
    const releaseToken = this.#accounts.hold(account, () => reader.expire())
    reader.start()
    const close = () => {
      releaseToken()
      reader.close()
      if (!readers.delete(reader as AccountReader<never>)) return
      this.#size--
      if (readers.size === 0) this.#readers.delete(accountId)
    }
    return { drain: retryMs => reader.drain(retryMs), close }
  }

  /** Ends all. @param retryMs after how long a reader should reconnect, drawn for each. */
  close(retryMs: () => number): void {
    for (const readers of this.#readers.values()) for (const reader of readers) reader.drain(retryMs())
  }
}
