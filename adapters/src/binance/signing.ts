// Who sends a signed request. The service stores hashes of tokens only, so that it could not check a signature with a
// secret that the request does not have: the API key is the account's token itself, as in every other API of the
// service, and it is the secret too. The signature then proves nothing that the key does not, and is checked so that a
// client that signs wrongly is refused as it would be by Binance.

import { type Accounts, CodedError, type KnownAccount } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { AdapterRequest } from '../adapter.ts'
import type { SignHmac } from '../adapter-deps.ts'
import { BinanceError, CODES, missingParameter } from './errors.ts'
import type { BinanceParameters } from './parameters.ts'

const RECEIVE_WINDOW_MS = { standard: 5_000, most: 60_000 }
const AHEAD_MAX_MS = 1_000
/** Times of 2286 and later are microseconds. */
const MICROSECONDS_FROM = 10_000_000_000_000

export interface SigningDeps {
  readonly accounts: Accounts
  readonly clock: Clock
  readonly signHmac: SignHmac
}

/** The account of the key. @throws {CodedError} */
export async function accountOfKey(accounts: Accounts, key: string | undefined): Promise<KnownAccount> {
  if (key === undefined || key === '') throw new CodedError('not-logged-on', 'send X-MBX-APIKEY')
  return accounts.require(key)
}

/** The account of a signed request. @throws {CodedError} @throws {BinanceError} */
export async function accountOfSigned(
  deps: SigningDeps,
  { headers, queryText, bodyText }: Pick<AdapterRequest, 'headers' | 'queryText' | 'bodyText'>,
  parameters: BinanceParameters,
): Promise<KnownAccount> {
  const key = headers['x-mbx-apikey']
  const account = await accountOfKey(deps.accounts, key)
  const signature = parameters.requireText('signature')
  requireSignature(deps.signHmac, key!, `${withoutSignature(queryText)}${withoutSignature(bodyText)}`, signature)
  requireInTime(deps.clock, parameters)
  return account
}

/** @param payload what is signed. @throws {BinanceError} */
export function requireSignature(signHmac: SignHmac, key: string, payload: string, signature: string): void {
  if (signature.toLowerCase() === signHmac(key, payload)) return
  throw new BinanceError(CODES.invalidSignature, 'Signature for this request is not valid.')
}

/** @throws {BinanceError} */
export function requireInTime(clock: Clock, parameters: BinanceParameters): void {
  const timestamp = parameters.whole('timestamp')
  if (timestamp === undefined) throw missingParameter('timestamp')
  const windowMs = parameters.decimal('recvWindow') ?? RECEIVE_WINDOW_MS.standard
  if (windowMs > RECEIVE_WINDOW_MS.most) {
    throw new BinanceError(CODES.illegalParameter, `recvWindow must be at most ${RECEIVE_WINDOW_MS.most}.`)
  }
  const sentMs = timestamp >= MICROSECONDS_FROM ? timestamp / 1_000 : timestamp
  const now = clock.wallMs()
  if (sentMs >= now + AHEAD_MAX_MS) {
    const message = "Timestamp for this request was 1000ms ahead of the server's time."
    throw new BinanceError(CODES.invalidTimestamp, message)
  }
  if (now - sentMs <= windowMs) return
  throw new BinanceError(CODES.invalidTimestamp, 'Timestamp for this request is outside of the recvWindow.')
}

function withoutSignature(text: string): string {
  return text
    .split('&')
    .filter(part => !part.startsWith('signature='))
    .join('&')
}
