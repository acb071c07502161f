// The rate of an account's reads: one bucket for all of its requests. Each read ends the wait for a grouped commit.

import { KeyedRateLimit } from './keyed-rate-limit.ts'

export function readRate(nowMs: () => number): KeyedRateLimit {
  return new KeyedRateLimit({ perSecond: 100, burst: 500, what: 'reads of an account' }, nowMs)
}
