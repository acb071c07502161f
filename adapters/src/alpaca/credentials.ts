// Who sends a request or a message: Alpaca's pair of key id and secret. The secret is a token of the account, the key
// id that token's id or the account's; an OAuth token is the token alone. The service stores hashes of tokens only.

import { type Accounts, CodedError, type KnownAccount } from '@papertape/gateway'
import type { AdapterHeaders } from '../adapter.ts'

export interface AlpacaCredentials {
  readonly keyId: string | undefined
  readonly secret: string
}

/** undefined when there are none. */
export function credentialsIn(headers: AdapterHeaders): AlpacaCredentials | undefined {
  const secret = headers['apca-api-secret-key']
  if (secret !== undefined && secret !== '') return { keyId: headers['apca-api-key-id'] ?? '', secret }
  const bearer = /^Bearer +([\x21-\x7e]{1,256}) *$/i.exec(headers.authorization ?? '')?.[1]
  return bearer === undefined ? undefined : { keyId: undefined, secret: bearer }
}

/** @throws {CodedError} not-logged-on, bad-token */
export async function accountOf(accounts: Accounts, credentials: AlpacaCredentials | undefined): Promise<KnownAccount> {
  const account = await accounts.require(credentials?.secret)
  const { keyId } = credentials!
  if (keyId === undefined || keyId === account.tokenId || keyId === account.accountId) return account
  throw new CodedError('bad-token', 'the key id is neither the id of the token nor that of its account')
}
