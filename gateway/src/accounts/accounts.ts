// Opens paper accounts, and finds them by their tokens; makes, lists and revokes tokens. A token is returned once and
// never stored: the journal has its hash.

import type { FoundToken } from '@papertape/engine'
import { type Clock, type NewAccount, type NewToken, OPENING_CASH, type TokenState } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'
import type { VenuePort } from '../venue-client.ts'
import type { Secrets } from './secrets.ts'
import { TokenHolders } from './token-holders.ts'

const MINUTE_MS = 60_000

export interface OpenedAccount {
  readonly accountId: string
  readonly token: string
  readonly cash: number
  readonly margin?: true
  readonly testing?: true
}

/** An account as a token opens it. */
export type KnownAccount = FoundToken

export class Accounts {
  readonly #venue: VenuePort
  readonly #secrets: Secrets
  readonly #clock: Clock
  readonly #holders: TokenHolders
  /** Tokens whose use in this minute is recorded. */
  readonly #used = new Set<string>()
  #minute = 0

  constructor(venue: VenuePort, secrets: Secrets, clock: Clock, holders = new TokenHolders(clock)) {
    this.#venue = venue
    this.#secrets = secrets
    this.#clock = clock
    this.#holders = holders
  }

  async open({ cash = OPENING_CASH, margin = false, testing = false }: NewAccount = {}): Promise<OpenedAccount> {
    const accountId = `p${this.#secrets.random(6, 'hex')}`
    const { token, tokenHash, tokenId } = this.#newToken()
    const kind = { ...(margin ? ({ margin } as const) : {}), ...(testing ? ({ testing } as const) : {}) }
    await this.#venue.submit({ type: 'account.open', accountId, tokenHash, tokenId, cash, ...kind }).answer
    return { accountId, token, cash, ...kind }
  }

  /** @throws {CodedError} not-logged-on without a token, bad-token with an unknown one. */
  async require(token: string | undefined): Promise<KnownAccount> {
    if (token === undefined) {
      throw new CodedError('not-logged-on', 'send Authorization: Bearer with the token that POST /v1/accounts gave you')
    }
    const account = await this.find(token)
    if (account !== undefined) return account
    throw new CodedError('bad-token', 'the token opens no account here; POST /v1/accounts opens a new one')
  }

  /** undefined without a token, and with one that is unknown, revoked or has expired. */
  async find(token: string | undefined): Promise<KnownAccount | undefined> {
    if (token === undefined) return undefined
    const found = await this.#venue.query('findToken', { tokenHash: this.#secrets.hash(token) })
    if (found === undefined || (found.expiresUs !== null && found.expiresUs <= this.#clock.wallMs() * 1_000)) {
      return undefined
    }
    this.#recordUse(found)
    return found
  }

  /** A connection is open by this token. @param onEnd called once when the token opens the account no longer. */
  hold({ tokenId, expiresUs }: KnownAccount, onEnd: () => void): () => void {
    return this.#holders.add(tokenId, expiresUs === null ? null : Math.ceil(expiresUs / 1_000), onEnd)
  }

  tokens({ accountId }: KnownAccount): Promise<readonly TokenState[]> {
    return this.#venue.query('tokens', { accountId })
  }

  /** @throws {CodedError} too-many-tokens */
  async addToken(account: KnownAccount, { name, readOnly = false, expiresInDays }: NewToken) {
    const { accountId } = account
    const { token, tokenHash, tokenId } = this.#newToken()
    const expiry = expiresInDays === undefined ? {} : { expiresInDays }
    const command = { type: 'token.add', accountId, tokenId, tokenHash, name, readOnly, ...expiry } as const
    const state = await this.#submit(command)
    if (state !== null) return { ...state, token }
    throw new CodedError(
      'too-many-tokens',
      'DELETE /v1/account/tokens/:id revokes one; GET /v1/account/tokens lists them',
    )
  }

  /** Ends what the token has opened. @throws {CodedError} unknown-token */
  async revokeToken({ accountId }: KnownAccount, tokenId: string): Promise<void> {
    const state = await this.#submit({ type: 'token.revoke', accountId, tokenId })
    if (state === null) {
      throw new CodedError('unknown-token', `this account has no token ${tokenId}; GET /v1/account/tokens lists them`)
    }
    this.#holders.end(tokenId)
  }

  async #submit(command: Parameters<VenuePort['submit']>[0]): Promise<TokenState | null> {
    const answer = await this.#venue.submit(command).answer
    if (answer.type !== 'account.token') throw new Error(`${command.type} was answered with ${answer.type}`)
    return answer.token
  }

  /** Once a minute each: the list of an account says when a token was last used. */
  #recordUse({ accountId, tokenId }: KnownAccount): void {
    const minute = Math.floor(this.#clock.wallMs() / MINUTE_MS)
    if (minute !== this.#minute) this.#used.clear()
    this.#minute = minute
    if (this.#used.has(tokenId)) return
    this.#used.add(tokenId)
    // A failed venue ends the process.
    this.#venue.submit({ type: 'token.use', accountId, tokenId }).answer.catch(() => undefined)
  }

  #newToken() {
    const token = `pt_${this.#secrets.random(24, 'base64url')}`
    return { token, tokenHash: this.#secrets.hash(token), tokenId: `t${this.#secrets.random(6, 'hex')}` }
  }
}

/** @throws {CodedError} read-only */
export function requireTrading({ readOnly }: KnownAccount): void {
  if (!readOnly) return
  throw new CodedError(
    'read-only',
    'the token may only read; POST /v1/account/tokens without readOnly makes one that trades',
  )
}
