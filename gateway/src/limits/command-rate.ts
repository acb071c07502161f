// The rate of an account's commands: one bucket for all of its connections and requests.

import type { ChannelLimits } from '@papertape/protocol'
import { KeyedRateLimit } from './keyed-rate-limit.ts'

export function commandRate(
  { commandsPerSecond, burst }: Pick<ChannelLimits, 'commandsPerSecond' | 'burst'>,
  nowMs: () => number,
): KeyedRateLimit {
  return new KeyedRateLimit({ perSecond: commandsPerSecond, burst, what: 'commands of an account' }, nowMs)
}
