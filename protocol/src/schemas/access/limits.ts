// Schemas of limits: what a connection of the order channel and an account may do, and what an account has left of it.

import Type, { type Static } from 'typebox'
import { count, durationMs } from '../fields.ts'

const EXAMPLE_LIMITS = {
  frameBytesMax: 8_192,
  jsonDepthMax: 32,
  commandsPerSecond: 50,
  burst: 100,
  logonWaitMs: 5_000,
  subscriptionsMax: 16,
  sessionsMax: 10,
  addressSocketsMax: 1_000,
  openOrdersMax: 200,
}

export const ChannelLimits = Type.Object(
  {
    frameBytesMax: count('Largest frame that is accepted, bytes'),
    jsonDepthMax: count('How deeply the JSON of a frame or body may be nested'),
    commandsPerSecond: count(
      'Messages a second that a connection may send, and commands a second that an account may, over all of its ' +
        'connections and requests',
    ),
    burst: count('How many of them are accepted at once'),
    logonWaitMs: durationMs('A connection that neither logs on nor subscribes in this time is closed'),
    subscriptionsMax: count('Feed subscriptions of a connection'),
    sessionsMax: count('Sessions of an account'),
    addressSocketsMax: count('Connections from an address; 0: not limited'),
    openOrdersMax: count('Open orders of an account'),
  },
  { $id: 'ChannelLimits', description: 'The limits of the order channel and of accounts', examples: [EXAMPLE_LIMITS] },
)
export type ChannelLimits = Static<typeof ChannelLimits>

export const RateLimitState = Type.Object(
  {
    limit: count('How many commands the account may send at once'),
    remaining: count('How many of them it may send now'),
    resetMs: durationMs('When all of them may be sent again, if none is sent before'),
  },
  {
    $id: 'RateLimitState',
    description: 'What the account has left of its rate of commands, over all of its connections and requests',
    examples: [{ limit: 100, remaining: 99, resetMs: 20 }],
  },
)
export type RateLimitState = Static<typeof RateLimitState>
