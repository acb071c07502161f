// The listen keys of user data streams: names for streams of an account that are valid for an hour after they were made
// or extended. They read and do nothing else, live in memory alone, and end with the token that made them.

import type { Accounts, KnownAccount, Secrets } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'

const VALID_MS = 3_600_000
const KEY_BYTES = 32

interface ListenKey {
  readonly key: string
  readonly account: KnownAccount
  /** Called once, when it is valid no longer. */
  readonly onEnd: Set<() => void>
  readonly releaseToken: () => void
  cancelTimer: () => void
}

export class ListenKeys {
  readonly #accounts: Accounts
  readonly #clock: Clock
  readonly #secrets: Secrets
  readonly #keys = new Map<string, ListenKey>()
  /** One for each token. */
  readonly #byToken = new Map<string, ListenKey>()

  constructor({ accounts, clock, secrets }: { accounts: Accounts; clock: Clock; secrets: Secrets }) {
    this.#accounts = accounts
    this.#clock = clock
    this.#secrets = secrets
  }

  /** That of the token, extended, or a new one. */
  create(account: KnownAccount): string {
    const known = this.#byToken.get(account.tokenId)
    if (known !== undefined) {
      this.#extend(known)
      return known.key
    }
    const key = this.#secrets.random(KEY_BYTES, 'hex')
    const made: ListenKey = {
      key,
      account,
      onEnd: new Set(),
      releaseToken: this.#accounts.hold(account, () => this.#end(made)),
      cancelTimer: () => {},
    }
    this.#keys.set(key, made)
    this.#byToken.set(account.tokenId, made)
    this.#extend(made)
    return key
  }

  /** False for a key that is none of this account's. */
  extend(key: string, account: KnownAccount): boolean {
    const found = this.#find(key, account)
    if (found !== undefined) this.#extend(found)
    return found !== undefined
  }

  /** False for a key that is none of this account's. */
  close(key: string, account: KnownAccount): boolean {
    const found = this.#find(key, account)
    if (found !== undefined) this.#end(found)
    return found !== undefined
  }

  accountOf(key: string): KnownAccount | undefined {
    return this.#keys.get(key)?.account
  }

  /** A stream is open by this key. @returns the stream has ended by itself. */
  hold(key: string, onEnd: () => void): () => void {
    const { onEnd: holders } = this.#keys.get(key)!
    holders.add(onEnd)
    return () => void holders.delete(onEnd)
  }

  #find(key: string, { accountId }: KnownAccount): ListenKey | undefined {
    const found = this.#keys.get(key)
    return found?.account.accountId === accountId ? found : undefined
  }

  #extend(key: ListenKey): void {
    key.cancelTimer()
    key.cancelTimer = this.#clock.setTimer(() => this.#end(key), VALID_MS)
  }

  #end(key: ListenKey): void {
    key.cancelTimer()
    key.releaseToken()
    this.#keys.delete(key.key)
    this.#byToken.delete(key.account.tokenId)
    for (const onEnd of [...key.onEnd]) onEnd()
  }
}
