// What a connection of the order channel and an account may do unless settings say otherwise; sent with `welcome`.

import { DEFAULT_RULES } from '@papertape/engine'
import { type ChannelLimits, FRAME_BYTES_MAX, JSON_DEPTH_MAX } from '@papertape/protocol'
import { LOGON_WAIT_MS } from '../orders/close-causes.ts'
import { SESSIONS_MAX } from '../orders/session-registry.ts'

export const CHANNEL_LIMITS: ChannelLimits = {
  frameBytesMax: FRAME_BYTES_MAX,
  jsonDepthMax: JSON_DEPTH_MAX,
  commandsPerSecond: 50,
  burst: 100,
  logonWaitMs: LOGON_WAIT_MS,
  subscriptionsMax: 16,
  sessionsMax: SESSIONS_MAX,
  addressSocketsMax: 1_000,
  openOrdersMax: DEFAULT_RULES.openOrdersMax,
}
