// What a connection of the order channel may do; sent with `welcome`.

import { DEFAULT_RULES } from '@papertape/engine'
import { type ChannelLimits, FRAME_BYTES_MAX } from '@papertape/protocol'
import { SESSIONS_MAX } from '../orders/session-registry.ts'

export const CHANNEL_LIMITS: ChannelLimits = {
  frameBytesMax: FRAME_BYTES_MAX,
  commandsPerSecond: 50,
  burst: 100,
  subscriptionsMax: 16,
  sessionsMax: SESSIONS_MAX,
  openOrdersMax: DEFAULT_RULES.openOrdersMax,
}
