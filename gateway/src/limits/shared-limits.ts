// The port to the rate limits of all gateways of a market: each says what has passed at it, and counts what has passed
// at the others. A process that is alone has none.

import type { KeyedRateLimit } from './keyed-rate-limit.ts'

export interface SharedLimits {
  /** @param name the same at every gateway, and unlike that of any other limit. */
  share(name: string, limit: KeyedRateLimit): void
}
