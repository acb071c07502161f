// Schemas of the messages that a client sends on the order channel (/v1/socket, subprotocol papertape.v1): JSON text
// frames, `{type, requestId, …}`. Unknown fields are refused, so that a misspelt field is never ignored.

import Type, { type Static } from 'typebox'
import { FEED_ENCODINGS, FEED_EVENTS, MAX_HZ } from '../constants/feed.ts'
import { SYMBOL_PATTERN } from '../constants/instruments.ts'
import { ROOM_TEXT_MAX } from '../constants/rooms.ts'
import { cancelAllAfterMs, clientOrderId, exampleOf, Side, safeInteger } from './fields.ts'
import { NewOrder, OrderChange } from './orders.ts'
import { room, user } from './rooms/room-fields.ts'

const requestId = Type.Optional(
  Type.Union(
    [
      Type.String({ maxLength: 64, description: 'At most 64 characters' }),
      safeInteger('An integer between -(2^53 - 1) and 2^53 - 1'),
    ],
    { description: "The sender's id of the request; the answer has the same" },
  ),
)

interface About {
  readonly description: string
  readonly example: object
}
const message = <T extends string, P extends Type.TProperties>(type: T, { description, example }: About, fields: P) =>
  Type.Object(
    { type: Type.Literal(type, { description: 'Name of the message' }), requestId, ...fields },
    { additionalProperties: false, description, examples: [{ type, requestId: 1, ...example }] },
  )

const symbol = Type.String({ pattern: SYMBOL_PATTERN, description: 'The instrument' })
const list = (description: string) => Type.Array(symbol, { description })
const subscription = (options: object = {}) => Type.String({ ...options, description: "The client's name for it" })
const optionalSymbol = Type.Optional(Type.String({ pattern: SYMBOL_PATTERN, description: 'Only orders of this one' }))

const origClientOrderId = clientOrderId('The present clientOrderId of the order (FIX 41)')

export const INBOUND = {
  logon: message(
    'logon',
    {
      description: 'Logs on to an account. Answer: logon.ok or logon.reject',
      example: { token: 'pt_…', nextSeq: 21, cancelOnDisconnect: 'connection' },
    },
    {
      token: Type.Optional(
        Type.String({ maxLength: 256, description: "The account's token; not needed with the cookie" }),
      ),
      sessionId: Type.Optional(
        Type.String({ pattern: '^[0-9A-Za-z_-]{1,64}$', description: 'A session to take over; a new one when absent' }),
      ),
      nextSeq: Type.Optional(safeInteger('First private event to send; a snapshot when absent', 1)),
      heartbeatMs: Type.Optional(
        Type.Integer({ minimum: 1_000, maximum: 60_000, description: 'Interval of heartbeats, milliseconds' }),
      ),
      cancelOnDisconnect: Type.Optional(
        Type.Enum(['none', 'connection', 'account'], {
          description: 'Which orders the loss of the connection cancels: none, those of the session, or all',
        }),
      ),
      graceMs: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 60_000,
          description: 'How long cancelOnDisconnect waits for a logon with the same sessionId; 0 when absent',
        }),
      ),
    },
  ),
  subscribe: message(
    'subscribe',
    {
      description: 'Subscribes to the feed; the same name again changes the subscription. Answer: ack or error',
      example: { subscription: 'tape', symbols: ['VELTR'], events: ['quote', 'trade'], maxHz: 10 },
    },
    {
      subscription: subscription({ pattern: '^[0-9A-Za-z_.-]{1,64}$' }),
      symbols: Type.Optional(list('The instruments; all when absent')),
      events: Type.Optional(
        Type.Array(Type.Enum([...FEED_EVENTS], { description: 'Name of an event' }), {
          description: 'The events; quote, trade, status and news when absent',
        }),
      ),
      books: Type.Optional(list('The instruments whose books are sent; those of symbols when absent')),
      maxHz: Type.Optional(
        Type.Number({
          minimum: MAX_HZ.least,
          maximum: MAX_HZ.most,
          description: `How often each quote and each book may be sent, hertz; ${MAX_HZ.standard} when absent`,
        }),
      ),
      mode: Type.Optional(Type.Literal('raw', { description: 'Every event, none conflated' })),
      snapshot: Type.Optional(Type.Boolean({ description: 'false: no snapshot at the start' })),
      last: Type.Optional(Type.String({ maxLength: 64, description: 'The position to resume from' })),
      encoding: Type.Optional(
        Type.Enum([...FEED_ENCODINGS], {
          description: 'json when absent; binary: the events come in binary messages, as docs/binary.md describes them',
        }),
      ),
    },
  ),
  unsubscribe: message(
    'unsubscribe',
    { description: 'Ends a subscription. Answer: ack or error', example: { subscription: 'tape' } },
    { subscription: subscription() },
  ),
  'order.place': message(
    'order.place',
    { description: 'Places an order (FIX 35=D). Answer: execution or error', example: exampleOf(NewOrder) },
    NewOrder.properties,
  ),
  'order.replace': message(
    'order.replace',
    {
      description: 'Changes an open order (FIX 35=G). Answer: execution, cancel.reject or error',
      example: { clientOrderId: 'my-2', origClientOrderId: 'my-1', size: 50, price: 184.34 },
    },
    { ...OrderChange.properties, origClientOrderId },
  ),
  'order.cancel': message(
    'order.cancel',
    {
      description: 'Cancels an open order (FIX 35=F). Answer: execution, cancel.reject or error',
      example: { origClientOrderId: 'my-2' },
    },
    { origClientOrderId },
  ),
  'order.cancelAll': message(
    'order.cancelAll',
    { description: 'Cancels all open orders. Answer: ack with their count, or error', example: { symbol: 'VELTR' } },
    { symbol: optionalSymbol, side: Type.Optional(Side) },
  ),
  'order.cancelAllAfter': message(
    'order.cancelAllAfter',
    {
      description:
        "The account's dead man's switch: cancels all open orders after this time unless it is sent again. Answer: ack " +
        'with dueTime, or error',
      example: { timeoutMs: 60_000 },
    },
    { timeoutMs: cancelAllAfterMs },
  ),
  resend: message(
    'resend',
    {
      description: 'Asks for a part of the private stream again. Answer: the events, then ack, or error',
      example: { from: 12, to: 20 },
    },
    {
      from: safeInteger('First private event', 1),
      to: Type.Optional(safeInteger('Last private event; the newest when absent', 1)),
    },
  ),
  'room.join': message(
    'room.join',
    {
      description: 'Joins a room. Answer: room.joined, then ack, or error',
      example: { room: 'VELTR', user: 'ann' },
    },
    {
      room,
      user: Type.Optional(user('The name to have in the room, where no other account has it; one is made when absent')),
    },
  ),
  'room.leave': message(
    'room.leave',
    { description: 'Leaves a room. Answer: ack or error', example: { room: 'VELTR' } },
    { room },
  ),
  'room.message': message(
    'room.message',
    {
      description: 'Sends a message to the members of a room. Answer: ack, once it is durable, or error',
      example: { room: 'VELTR', text: 'Who sold that?', clientMessageId: 'm-17' },
    },
    {
      room,
      text: Type.String({
        description: `Plain text of 1 to ${ROOM_TEXT_MAX} characters; white space around it is removed, and control characters are refused`,
      }),
      clientMessageId: Type.Optional(
        clientOrderId("The sender's id of the message: sent again with it, it is the same message"),
      ),
    },
  ),
  'room.typing': message(
    'room.typing',
    { description: 'The member types, for the next 3 s. Answer: ack or error', example: { room: 'VELTR' } },
    { room },
  ),
  ping: message('ping', { description: 'Asks for a pong', example: {} }, {}),
  logout: message('logout', { description: 'Ends the session. Answer: ack, then close code 1000', example: {} }, {}),
} as const
export type InboundType = keyof typeof INBOUND
export type Inbound<T extends InboundType = InboundType> = { [K in T]: Static<(typeof INBOUND)[K]> }[T]
