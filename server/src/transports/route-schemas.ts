// How the feed, the stream of an account and the order channel are described in the OpenAPI document. The AsyncAPI
// document has their messages.

import { ACCOUNT_ONLY, SAME_ORIGIN, TAGS } from '@papertape/gateway'
import { SUBPROTOCOL } from '@papertape/protocol'
import { AccountStreamQuery, PollAnswer, PollQuery, StreamQuery } from '@papertape/protocol/schemas'
import Type from 'typebox'
import { mediaAnswer } from '../docs/route-schema.ts'

const tags = [TAGS.feed]
const headers = Type.Object({
  'Last-Event-ID': Type.Optional(Type.String({ description: 'The position to resume from; wins over last' })),
})

export const streamSchema = {
  operationId: 'streamFeed',
  summary: 'The feed over Server-Sent Events',
  description:
    'Each event has a name and JSON data; those that are never conflated have an id. Send the last id back as Last-Event-ID or ' +
    'last: each event after it follows, once. A bad position is answered with the event reset, never with an error status. A full ' +
    'service answers 200 with the event busy and ends.',
  tags,
  querystring: StreamQuery,
  headers,
  response: { 200: mediaAnswer('text/event-stream', 'Events until the connection ends; see /docs/asyncapi.json') },
  problems: ['unknown-symbol'] as const,
}

export const accountStreamSchema = {
  operationId: 'streamAccount',
  summary: 'The private events of the account over Server-Sent Events',
  description:
    'Each private event has its position as id, and the data of its message on the order channel. Without a position a ' +
    'snapshot of the account comes first. Send the last id back as Last-Event-ID or last: each event after it follows, ' +
    'once. A bad position is answered with the event reset and a snapshot, never with an error status. A full service ' +
    'answers 200 with the event busy and ends.',
  tags: [TAGS.account],
  querystring: AccountStreamQuery,
  headers,
  security: ACCOUNT_ONLY.security,
  response: { 200: mediaAnswer('text/event-stream', 'Events until the connection ends; see /docs/asyncapi.json') },
  problems: [...SAME_ORIGIN.problems, 'not-logged-on', 'bad-token'] as const,
}

export const pollSchema = {
  operationId: 'pollFeed',
  summary: 'The feed by long poll',
  description:
    'Without a position it returns a snapshot at once; with one it waits until there is an event after it, or until the time is over.',
  tags,
  querystring: PollQuery,
  headers,
  response: { 200: PollAnswer },
  problems: ['unknown-symbol', 'busy'] as const,
}

export const socketSchema = {
  operationId: 'openSocket',
  summary: `The order channel: a WebSocket with the subprotocol ${SUBPROTOCOL}`,
  description:
    'RFC 6455 over HTTP/1.1, RFC 8441 over HTTP/2. A request is refused before the upgrade, with a problem. See /docs/asyncapi.json.',
  tags,
  headers: Type.Object({
    Upgrade: Type.Optional(Type.Literal('websocket', { description: 'Over HTTP/1.1' })),
    Connection: Type.Optional(Type.Literal('Upgrade', { description: 'Over HTTP/1.1' })),
    'Sec-WebSocket-Version': Type.Literal('13', { description: 'RFC 6455' }),
    'Sec-WebSocket-Key': Type.Optional(Type.String({ description: 'Over HTTP/1.1: sixteen random bytes in base64' })),
    'Sec-WebSocket-Protocol': Type.Literal(SUBPROTOCOL, { description: 'The subprotocol' }),
  }),
  response: { 101: Type.Null({ description: 'Switching protocols: the connection is a WebSocket' }) },
  problems: [
    ...SAME_ORIGIN.problems,
    'bad-subprotocol',
    'upgrade-required',
    'too-many-connections',
    'closing',
  ] as const,
}
