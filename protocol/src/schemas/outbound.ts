// Schemas of the messages that the server sends on the order channel. A terminal answer has the requestId of its
// request.

import Type, { type Static } from 'typebox'
import { ChannelLimits, RateLimitState } from './access/limits.ts'
import { AccountSnapshot, BalanceUpdate, PositionUpdate, QueueUpdate } from './account.ts'
import { AlertUpdate } from './alerts/alerts.ts'
import { Deposit } from './cash/deposits.ts'
import { MarginCall } from './cash/margin-call.ts'
import { CONTROL_EVENT_SCHEMAS, Reset } from './feed/control-events.ts'
import { FEED_EVENT_SCHEMAS } from './feed/events.ts'
import {
  cancelDueTime,
  count,
  epoch,
  exampleOf,
  head,
  labKey,
  lastSeq,
  nullable,
  position,
  retryMs,
  serverTime,
  text,
} from './fields.ts'
import { CancelReject, Execution } from './orders.ts'
import { ErrorCodeName } from './problem.ts'
import { memberCount, memberList, messageId, RoomMessage, room, users } from './rooms/room-fields.ts'

const named = <T extends string>(type: T) => Type.Literal(type, { description: 'Name of the message' })
const requestId = Type.Optional(
  Type.Union([text('As it was sent'), Type.Integer({ description: 'As it was sent' })], {
    description: 'The id of the request that this answers; absent when the request had none',
  }),
)

const rateLimit = Type.Optional(RateLimitState)
const latencyMs = Type.Optional(
  Type.Integer({
    minimum: 0,
    description: 'How long the profile of an account for tests has delayed the command, milliseconds',
  }),
)
const EXAMPLE_LIMITS = exampleOf(ChannelLimits)

const EVENT_SCHEMAS = { ...FEED_EVENT_SCHEMAS, ...CONTROL_EVENT_SCHEMAS }
type EventName = keyof typeof EVENT_SCHEMAS

/** A frame of the feed as the socket sends it: one schema for each event. */
function eventMessage<Name extends EventName>(name: Name) {
  return Type.Object(
    {
      type: named('event'),
      subscription: text('The name of the subscription'),
      id: Type.Optional(position('Its position, as the id over SSE')),
      event: Type.Literal(name, { description: 'Name of the event' }),
      data: EVENT_SCHEMAS[name] as (typeof EVENT_SCHEMAS)[Name],
    },
    {
      description: `The event ${name} of a subscription`,
      examples: [{ type: 'event', subscription: 'tape', event: name, data: exampleOf(EVENT_SCHEMAS[name]) }],
    },
  )
}

export const OUTBOUND = {
  welcome: Type.Object(
    { type: named('welcome'), epoch, head, serverTime, limits: ChannelLimits, labKey },
    {
      description: 'The first message of a connection',
      examples: [
        {
          type: 'welcome',
          epoch: 'k3f9',
          head: 4_216,
          serverTime: 1_767_605_400_300,
          limits: EXAMPLE_LIMITS,
          labKey: 'wq3JzR0yUe2n1GdKpT7aXg',
        },
      ],
    },
  ),
  'logon.ok': Type.Object(
    {
      type: named('logon.ok'),
      requestId,
      sessionId: text('The session; a later logon with it takes the session over'),
      accountId: text('The account'),
      privateEpoch: text('The generation of the private streams'),
      lastSeq,
      resumed: Type.Boolean({
        description: 'true: the events from nextSeq follow; false: an account.snapshot follows',
      }),
      limits: ChannelLimits,
    },
    {
      description: 'The connection is logged on',
      examples: [
        {
          type: 'logon.ok',
          requestId: 1,
          sessionId: 'Zk3a9Qx7LmPw2RtV',
          accountId: 'p0a1b2c3d4e5f',
          privateEpoch: 'k3f9',
          lastSeq: 20,
          resumed: false,
          limits: EXAMPLE_LIMITS,
        },
      ],
    },
  ),
  'logon.reject': Type.Object(
    {
      type: named('logon.reject'),
      requestId,
      code: ErrorCodeName,
      text: text('Why, for people'),
      retryMs: Type.Optional(retryMs),
    },
    {
      description: 'The logon was refused; with a bad token the connection is closed with 4401',
      examples: [{ type: 'logon.reject', requestId: 1, code: 'bad-token', text: 'the token opens no account here' }],
    },
  ),
  'account.snapshot': Type.Object(
    { type: named('account.snapshot'), ...AccountSnapshot.properties },
    {
      description: 'The state of the account: after logon.ok unless the private stream was resumed, and after reset',
      examples: [{ type: 'account.snapshot', ...exampleOf(AccountSnapshot) }],
    },
  ),
  ack: Type.Object(
    {
      type: named('ack'),
      requestId,
      subscription: Type.Optional(text('To subscribe and unsubscribe: the name of the subscription')),
      count: Type.Optional(count('To order.cancelAll: how many orders were canceled')),
      dueTime: Type.Optional(cancelDueTime),
      messageId: Type.Optional(messageId),
      duplicate: Type.Optional(
        Type.Literal(true, { description: 'To room.message: this clientMessageId was sent before' }),
      ),
      rateLimit,
      latencyMs,
    },
    {
      description:
        'The request was carried out: subscribe, unsubscribe, resend, order.cancelAll, order.cancelAllAfter, those of ' +
        'rooms, logout',
      examples: [{ type: 'ack', requestId: 4, subscription: 'tape' }],
    },
  ),
  pong: Type.Object(
    { type: named('pong'), requestId, serverTime },
    { description: 'The answer to ping', examples: [{ type: 'pong', requestId: 5, serverTime: 1_767_605_400_300 }] },
  ),
  event: Type.Union(
    [
      eventMessage('quote'),
      eventMessage('trade'),
      eventMessage('book'),
      eventMessage('candle'),
      eventMessage('status'),
      eventMessage('news'),
      eventMessage('hello'),
      eventMessage('snapshot'),
      eventMessage('reset'),
      eventMessage('heartbeat'),
      eventMessage('lagging'),
      eventMessage('busy'),
      eventMessage('drain'),
    ],
    { description: 'An event of a feed subscription: id, event and data are the same as over SSE' },
  ),
  execution: Type.Object(
    { ...Execution.properties, requestId, rateLimit, latencyMs },
    {
      description: 'What happened to an order',
      examples: [{ ...exampleOf(Execution), requestId: 6, rateLimit: exampleOf(RateLimitState) }],
    },
  ),
  'cancel.reject': Type.Object(
    { ...CancelReject.properties, requestId, rateLimit, latencyMs },
    {
      description: 'A replace or cancel was refused',
      examples: [{ ...exampleOf(CancelReject), requestId: 7, rateLimit: exampleOf(RateLimitState) }],
    },
  ),
  reset: Type.Object(
    { type: named('reset'), ...Reset.properties },
    {
      description:
        'The private events that were asked for, by nextSeq of logon or from of resend, cannot be sent: an account.snapshot ' +
        'follows',
      examples: [{ type: 'reset', ...exampleOf(Reset) }],
    },
  ),
  position: PositionUpdate,
  balance: BalanceUpdate,
  queue: QueueUpdate,
  alert: AlertUpdate,
  deposit: Deposit,
  marginCall: MarginCall,
  'room.joined': Type.Object(
    {
      type: named('room.joined'),
      room,
      user: text('The name that the account has in the room'),
      users: memberList,
      count: memberCount,
      messages: Type.Array(RoomMessage, { description: 'The last ones, oldest first' }),
    },
    {
      description: 'The state of a room, to the connection that joins it',
      examples: [
        {
          type: 'room.joined',
          room: 'VELTR',
          user: 'ann',
          users: ['ann', 'bob'],
          count: 2,
          messages: [exampleOf(RoomMessage)],
        },
      ],
    },
  ),
  'room.message': Type.Object(
    { type: named('room.message'), room, ...RoomMessage.properties },
    {
      description: 'A message of a room, to all of its members in one order, its sender too',
      examples: [{ type: 'room.message', room: 'VELTR', ...exampleOf(RoomMessage) }],
    },
  ),
  'room.presence': Type.Object(
    {
      type: named('room.presence'),
      room,
      joined: users('Who has joined since the last one'),
      left: users('Who has left since the last one'),
      count: memberCount,
    },
    {
      description: 'Who has joined and left, at most four times a second',
      examples: [{ type: 'room.presence', room: 'VELTR', joined: ['cyd'], left: [], count: 3 }],
    },
  ),
  'room.typing': Type.Object(
    {
      type: named('room.typing'),
      room,
      users: users('Who types now, sorted, five names at most'),
      count: count('How many type now'),
    },
    {
      description:
        'Who types now, at most twice a second; a name leaves 3 s after its last room.typing, or with its message',
      examples: [{ type: 'room.typing', room: 'VELTR', users: ['bob'], count: 1 }],
    },
  ),
  heartbeat: Type.Object(
    {
      type: named('heartbeat'),
      head,
      lastSeq: nullable(lastSeq, 'not logged on'),
      serverTime,
    },
    {
      description: 'Sent at the interval that the logon set, 15 s without one',
      examples: [{ type: 'heartbeat', head: 4_216, lastSeq: 20, serverTime: 1_767_605_415_300 }],
    },
  ),
  notice: Type.Object(
    { type: named('notice'), code: ErrorCodeName, retryMs },
    {
      description: 'The server goes away; the connection is closed with 1001 after it',
      examples: [{ type: 'notice', code: 'closing', retryMs: 3_250 }],
    },
  ),
  error: Type.Object(
    {
      type: named('error'),
      requestId,
      code: ErrorCodeName,
      text: text('What was wrong and what to do, for people'),
      docs: text('Path of the documentation of the code'),
      retryMs: Type.Optional(retryMs),
      rateLimit,
    },
    {
      description: 'The request was malformed or cannot be served',
      examples: [
        {
          type: 'error',
          requestId: 8,
          code: 'rate-limited',
          text: 'at most 50 messages a second',
          docs: '/docs/errors#rate-limited',
          retryMs: 20,
        },
      ],
    },
  ),
} as const
export type OutboundType = keyof typeof OUTBOUND
export type Outbound<T extends OutboundType = OutboundType> = { [K in T]: Static<(typeof OUTBOUND)[K]> }[T]

/** Which messages answer a request; each request gets exactly one of them. */
export const ANSWERS = {
  logon: ['logon.ok', 'logon.reject', 'error'],
  subscribe: ['ack', 'error'],
  unsubscribe: ['ack', 'error'],
  'order.place': ['execution', 'error'],
  'order.replace': ['execution', 'cancel.reject', 'error'],
  'order.cancel': ['execution', 'cancel.reject', 'error'],
  'order.cancelAll': ['ack', 'error'],
  'order.cancelAllAfter': ['ack', 'error'],
  resend: ['ack', 'error'],
  'room.join': ['ack', 'error'],
  'room.leave': ['ack', 'error'],
  'room.message': ['ack', 'error'],
  'room.typing': ['ack', 'error'],
  ping: ['pong', 'error'],
  logout: ['ack', 'error'],
} as const satisfies Record<string, readonly OutboundType[]>
