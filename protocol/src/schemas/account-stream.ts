// Schemas of GET /v1/account/stream: an account's private events over SSE, and the control events around them. The
// private events are the messages of the order channel.

import Type, { type Static } from 'typebox'
import { AccountSnapshot, BalanceUpdate, PositionUpdate, QueueUpdate } from './account.ts'
import { AlertUpdate } from './alerts/alerts.ts'
import { Deposit } from './cash/deposits.ts'
import { MarginCall } from './cash/margin-call.ts'
import { Lagging, Reset, RetryNotice } from './feed/control-events.ts'
import { count, durationMs, lastSeq, serverTime, text } from './fields.ts'
import { Execution } from './orders.ts'
import { ErrorCodeName } from './problem.ts'

export const AccountHello = Type.Object(
  {
    accountId: text('The account'),
    privateEpoch: text('The generation of the private streams: the first part of each id'),
    lastSeq,
    oldest: Type.Integer({ minimum: 1, description: 'Number of the oldest private event that can be resumed from' }),
    serverTime,
    heartbeatMs: durationMs('After how long without an id a heartbeat is sent'),
    limits: Type.Object(
      {
        streamsMax: count('How many streams the server serves at once'),
        accountStreamsMax: count('How many streams an account may have open'),
        lagMaxMs: durationMs('How long a reader may take nothing before its stream is closed'),
        streamAgeMaxMs: Type.Optional(
          durationMs('A stream is ended with drain at 80 to 100 % of this age, to be resumed; 0: at none'),
        ),
      },
      { description: 'Limits of the stream' },
    ),
  },
  {
    $id: 'AccountHello',
    description: "The first event of an account's stream",
    examples: [
      {
        accountId: 'p0a1b2c3d4e5f',
        privateEpoch: 'k3f9',
        lastSeq: 20,
        oldest: 1,
        serverTime: 1_767_605_400_300,
        heartbeatMs: 15_000,
        limits: { streamsMax: 10_000, accountStreamsMax: 10, lagMaxMs: 30_000, streamAgeMaxMs: 3_600_000 },
      },
    ],
  },
)
export type AccountHello = Static<typeof AccountHello>

export const AccountHeartbeat = Type.Object(
  { lastSeq, serverTime },
  {
    $id: 'AccountHeartbeat',
    description: 'Everything up to lastSeq has been sent',
    examples: [{ lastSeq: 20, serverTime: 1_767_605_415_300 }],
  },
)
export type AccountHeartbeat = Static<typeof AccountHeartbeat>

export const AuthExpired = Type.Object(
  { code: ErrorCodeName },
  {
    $id: 'AuthExpired',
    description: 'The token that opened the stream was revoked; the stream is closed after it',
    examples: [{ code: 'bad-token' }],
  },
)
export type AuthExpired = Static<typeof AuthExpired>

/** The data of each event, by the event's name. */
export const ACCOUNT_EVENT_SCHEMAS = {
  execution: Execution,
  position: PositionUpdate,
  balance: BalanceUpdate,
  queue: QueueUpdate,
  alert: AlertUpdate,
  deposit: Deposit,
  marginCall: MarginCall,
  hello: AccountHello,
  snapshot: AccountSnapshot,
  reset: Reset,
  heartbeat: AccountHeartbeat,
  lagging: Lagging,
  busy: RetryNotice,
  drain: RetryNotice,
  'auth-expired': AuthExpired,
} as const

/** The parameters of GET /v1/account/stream. */
export const AccountStreamQuery = Type.Object({
  last: Type.Optional(text('The position to resume from; the header Last-Event-ID wins')),
  lastEventId: Type.Optional(text('The same as last')),
})
