// Opens paper accounts with a new token, and finds accounts by their token. The token is returned once and never
// stored; the journal has its hash.

import { CodedError } from '../errors/coded-error.ts'
import type { VenuePort } from '../venue-client.ts'
import type { Secrets } from './secrets.ts'

const STANDARD_CASH = 1_000_000

export interface OpenedAccount {
  readonly accountId: string
  readonly token: string
  readonly cash: number
}

export interface KnownAccount {
  readonly accountId: string
  /** The last number of its private stream. */
  readonly lastSeq: number
}

export class Accounts {
  readonly #venue: VenuePort
  readonly #secrets: Secrets

  constructor(venue: VenuePort, secrets: Secrets) {
    this.#venue = venue
    this.#secrets = secrets
  }

  async open(cash = STANDARD_CASH): Promise<OpenedAccount> {
    const accountId = `p${this.#secrets.random(6, 'hex')}`
    const token = `pt_${this.#secrets.random(24, 'base64url')}`
    await this.#venue.submit({ type: 'account.open', accountId, tokenHash: this.#secrets.hash(token), cash }).answer
    return { accountId, token, cash }
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

  /** undefined without a token, and with an unknown one. */
  async find(token: string | undefined): Promise<KnownAccount | undefined> {
    return token === undefined ? undefined : this.#venue.query('findAccount', { tokenHash: this.#secrets.hash(token) })
  }
}
