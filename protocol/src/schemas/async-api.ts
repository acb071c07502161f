// Builds the AsyncAPI 3.0 document of the order channel, the feed and the account's stream: each message of both
// directions of the socket, each event of the SSE streams, the long poll. Pure. The server serves the document.

import type Type from 'typebox'
import { CLOSE_CODES } from '../codes/close-codes.ts'
import { ERRORS } from '../codes/errors.ts'
import { REJECTS } from '../codes/rejects.ts'
import { FRAME_BYTES_MAX, SUBPROTOCOL } from '../constants/order-channel.ts'
import { ACCOUNT_EVENT_SCHEMAS, AccountStreamQuery } from './account-stream.ts'
import { PollAnswer, PollQuery, StreamQuery } from './feed/answers.ts'
import { CONTROL_EVENT_SCHEMAS } from './feed/control-events.ts'
import { FEED_EVENT_SCHEMAS } from './feed/events.ts'
import { INBOUND } from './inbound.ts'
import { type JsonSchema, toJsonSchema202012 } from './json-schema.ts'
import { ANSWERS, OUTBOUND } from './outbound.ts'

export interface AsyncApiOptions {
  /** Of the service. */
  readonly version: string
  /** Where the service is, such as http://localhost:8080; without it the document names no server. */
  readonly serverUrl?: string
}

const SCHEMA_FORMAT = 'application/schema+json;version=draft-2020-12'

const ref = (path: string) => ({ $ref: `#/${path}` })
/** Keys of components have letters, digits, dots, dashes and underscores only. */
const receivedKey = (type: string) => `receive.${type}`
const sentKey = (type: string) => `send.${type}`
const eventKey = (name: string) => `event.${name}`
const accountEventKey = (name: string) => `account.${name}`

/** The document as plain JSON. */
export function asyncApiDocument({ version, serverUrl }: AsyncApiOptions): JsonSchema {
  const schemas: Record<string, JsonSchema> = {}
  const messages: Record<string, JsonSchema> = {}
  const describe = (key: string, name: string, schema: Type.TSchema, about: JsonSchema = {}) => {
    const { description, examples = [] } = schema as { description?: string; examples?: readonly object[] }
    messages[key] = {
      name,
      title: name,
      summary: description,
      contentType: 'application/json',
      payload: { schemaFormat: SCHEMA_FORMAT, schema: toJsonSchema202012(schema, schemas) },
      ...(examples.length > 0 && { examples: examples.map(payload => ({ payload })) }),
      ...about,
    }
  }
  for (const [type, schema] of Object.entries(INBOUND)) describe(receivedKey(type), type, schema)
  for (const [type, schema] of Object.entries(OUTBOUND)) describe(sentKey(type), type, schema)
  const events = { ...FEED_EVENT_SCHEMAS, ...CONTROL_EVENT_SCHEMAS }
  for (const [name, schema] of Object.entries(events)) describe(eventKey(name), name, schema, sseFields(name))
  for (const [name, schema] of Object.entries(ACCOUNT_EVENT_SCHEMAS)) {
    describe(accountEventKey(name), name, schema, sseFields(name))
  }
  describe('poll', 'poll', PollAnswer)

  const received = Object.keys(INBOUND).map(receivedKey)
  const sent = Object.keys(OUTBOUND).map(sentKey)
  const streamed = Object.keys(events).map(eventKey)
  const ofAccount = Object.keys(ACCOUNT_EVENT_SCHEMAS).map(accountEventKey)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Papertape',
      version,
      description:
        'The order channel over WebSocket, and the feed over Server-Sent Events and long poll. Prices are JSON ' +
        'numbers in currency, on the tick grid of the instrument; sizes are integers, multiples of its lotSize. ' +
        "`ts` is the wall clock in microseconds since 1970, `time` the market's clock in milliseconds since 1970.",
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    ...(serverUrl !== undefined && { servers: describeServers(serverUrl) }),
    channels: {
      socket: {
        address: '/v1/socket',
        title: 'Order channel',
        description:
          `WebSocket (RFC 6455), subprotocol ${SUBPROTOCOL}. JSON text frames of at most ${FRAME_BYTES_MAX} bytes. ` +
          'Each request gets exactly one answer, which has its requestId. The events of a subscription with the encoding ' +
          'binary come in binary messages, as docs/binary.md describes them. `x-close-codes` lists the close codes.',
        ...(serverUrl !== undefined && { servers: [ref('servers/webSocket')] }),
        messages: channelMessages([...received, ...sent]),
        bindings: {
          ws: {
            method: 'GET',
            headers: {
              type: 'object',
              properties: { 'Sec-WebSocket-Protocol': { type: 'string', const: SUBPROTOCOL } },
              required: ['Sec-WebSocket-Protocol'],
            },
            bindingVersion: '0.1.0',
          },
        },
        'x-close-codes': CLOSE_CODES,
      },
      stream: {
        address: '/v1/stream',
        title: 'Feed over Server-Sent Events',
        description:
          'Each message is an event: `event` is its name, `data` its payload, `id` its position. Reconnect with the ' +
          'header Last-Event-ID to resume.',
        ...(serverUrl !== undefined && { servers: [ref('servers/http')] }),
        messages: channelMessages(streamed),
      },
      accountStream: {
        address: '/v1/account/stream',
        title: 'The private events of an account over Server-Sent Events',
        description:
          'Each private event has its position as `id`, `<privateEpoch>-<seq>`, and the data of its message on the ' +
          'order channel. Reconnect with the header Last-Event-ID to resume.',
        ...(serverUrl !== undefined && { servers: [ref('servers/http')] }),
        messages: channelMessages(ofAccount),
      },
      poll: {
        address: '/v1/poll',
        title: 'Feed by long poll',
        description: 'Answers as soon as there is an event after `last`, with an empty list when none comes in time.',
        ...(serverUrl !== undefined && { servers: [ref('servers/http')] }),
        messages: channelMessages(['poll']),
      },
    },
    operations: {
      ...Object.fromEntries(
        Object.keys(INBOUND).map(type => [receivedKey(type), receive(type as keyof typeof ANSWERS)]),
      ),
      sendOnSocket: {
        action: 'send',
        channel: ref('channels/socket'),
        title: 'Messages of the server',
        messages: sent.map(key => ref(`channels/socket/messages/${key}`)),
      },
      streamEvents: {
        action: 'send',
        channel: ref('channels/stream'),
        title: 'Events of the stream',
        messages: streamed.map(key => ref(`channels/stream/messages/${key}`)),
        bindings: httpBinding(StreamQuery),
      },
      streamAccount: {
        action: 'send',
        channel: ref('channels/accountStream'),
        title: 'Events of the stream of an account',
        messages: ofAccount.map(key => ref(`channels/accountStream/messages/${key}`)),
        bindings: httpBinding(AccountStreamQuery),
      },
      answerPoll: {
        action: 'send',
        channel: ref('channels/poll'),
        title: 'Answer of a poll',
        messages: [ref('channels/poll/messages/poll')],
        bindings: httpBinding(PollQuery),
      },
    },
    components: { messages, schemas },
    'x-error-codes': ERRORS,
    'x-reject-codes': REJECTS,
  }
}

function channelMessages(keys: readonly string[]): JsonSchema {
  return Object.fromEntries(keys.map(key => [key, ref(`components/messages/${key}`)]))
}

function receive(type: keyof typeof ANSWERS): JsonSchema {
  return {
    action: 'receive',
    channel: ref('channels/socket'),
    messages: [ref(`channels/socket/messages/${receivedKey(type)}`)],
    reply: {
      channel: ref('channels/socket'),
      messages: ANSWERS[type].map(answer => ref(`channels/socket/messages/${sentKey(answer)}`)),
    },
  }
}

/** The fields of the event besides its data. */
function sseFields(event: string): JsonSchema {
  const fields = {
    event: { type: 'string', const: event, description: 'Name of the event' },
    id: { type: 'string', description: 'Position; absent on conflated events and on control events without one' },
  }
  return { headers: { type: 'object', properties: fields, required: ['event'] } }
}

function httpBinding(query: Type.TSchema): JsonSchema {
  return { http: { method: 'GET', query: toJsonSchema202012(query), bindingVersion: '0.3.0' } }
}

function describeServers(serverUrl: string): JsonSchema {
  const { host, pathname, protocol } = new URL(serverUrl)
  const isSecure = protocol === 'https:'
  const path = pathname === '/' ? {} : { pathname: pathname.replace(/\/$/, '') }
  return {
    http: { host, protocol: isSecure ? 'https' : 'http', ...path },
    webSocket: { host, protocol: isSecure ? 'wss' : 'ws', ...path },
  }
}
