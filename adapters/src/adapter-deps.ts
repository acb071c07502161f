// What the adapters use of the service: the same market, accounts and limits as the service's own API.

import type { Feed } from '@papertape/feed'
import type { Accounts, KeyedCount, KeyedRateLimit, PrivateStreams, Secrets, VenuePort } from '@papertape/gateway'
import type { ChannelLimits, Clock } from '@papertape/protocol'

export interface AdapterDeps {
  readonly feed: Feed
  readonly venue: VenuePort
  readonly accounts: Accounts
  readonly streams: PrivateStreams
  /** The rates of each account, those of the service's own API. */
  readonly commands: KeyedRateLimit
  readonly reads: KeyedRateLimit
  readonly limits: ChannelLimits
  /** The streams of accounts that are open over the adapters. */
  readonly accountStreams: KeyedCount
  readonly clock: Clock
  readonly secrets: Secrets
  readonly signHmac: SignHmac
  /** What accounts pay for their fills, in basis points of their value. */
  readonly feeRates: { readonly maker: number; readonly taker: number }
  /** Undefined when the market never closes. */
  readonly tradingHours: TradingHours | undefined
  /** A fault of ours; the request or the connection ends with the venue's own error. */
  readonly onError: (error: unknown) => void
}

/** HMAC-SHA256 of a text, in lower-case hex. */
export type SignHmac = (key: string, text: string) => string

/** Milliseconds since UTC midnight. */
export interface TradingHours {
  readonly openMs: number
  readonly closeMs: number
}
