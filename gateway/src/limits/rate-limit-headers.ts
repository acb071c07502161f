// The state of a rate limit as header fields of an answer (draft-ietf-httpapi-ratelimit-headers): the policy, and what
// is left. Names in lower case.

import type { RateLimitState } from '@papertape/protocol'
import type { RateLimitRule } from './keyed-rate-limit.ts'

/** @param policy its name, in lower case without spaces. */
export function rateLimitHeaders(
  policy: string,
  { perSecond, burst }: RateLimitRule,
  { remaining, resetMs }: RateLimitState,
): Readonly<Record<string, string>> {
  return {
    'ratelimit-policy': `"${policy}";q=${burst};w=${Math.ceil(burst / perSecond)}`,
    ratelimit: `"${policy}";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`,
  }
}
