// Opens paper accounts with a new token, and finds accounts by their token. The token is returned once and never
// stored; the journal has its SHA-256.

import { createHash, randomBytes } from 'node:crypto'
import { CodedError } from '../errors/coded-error.ts'
import type { VenueClient } from '../venue/venue-client.ts'

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

export async function openAccount(venue: VenueClient, cash = STANDARD_CASH): Promise<OpenedAccount> {
  const accountId = `p${randomBytes(6).toString('hex')}`
  const token = `pt_${randomBytes(24).toString('base64url')}`
  await venue.submit({ type: 'account.open', accountId, tokenHash: hashToken(token), cash }).answer
  return { accountId, token, cash }
}

/** @throws {CodedError} not-logged-on without a token, bad-token with an unknown one. */
export async function findAccount(venue: VenueClient, token: string | undefined): Promise<KnownAccount> {
  if (token === undefined) {
    throw new CodedError('not-logged-on', 'send Authorization: Bearer with the token that POST /v1/accounts gave you')
  }
  const account = await lookUpAccount(venue, token)
  if (account === undefined) {
    throw new CodedError('bad-token', 'the token opens no account here; POST /v1/accounts opens a new one')
  }
  return account
}

/** undefined without a token, and with an unknown one. */
export async function lookUpAccount(venue: VenueClient, token: string | undefined): Promise<KnownAccount | undefined> {
  return token === undefined ? undefined : venue.query('findAccount', { tokenHash: hashToken(token) })
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
