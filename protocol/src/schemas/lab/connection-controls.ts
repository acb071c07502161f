// Schemas of the bodies of POST /v1/lab: what a reader may ask for its own connection, by the key that the connection
// was given.

import Type from 'typebox'
import { LAB_CLOSE_CODES, LAB_LIMITS, LAB_SCOPES } from '../../constants/lab.ts'

const { stallMsMax, slowMsMax, bytesPerSecond, latencyMsMax } = LAB_LIMITS
const EXAMPLE_KEY = 'wq3JzR0yUe2n1GdKpT7aXg'

const key = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'The labKey of the connection: of the event hello of a stream, or of the message welcome of a socket',
})
const durationMs = (maximum: number) =>
  Type.Integer({ minimum: 0, maximum, description: 'For how long, milliseconds; 0 ends it now' })

const scope = Type.Optional(
  Type.Enum([...LAB_SCOPES], {
    description:
      'Of a WebSocket: only the events of its subscriptions, or everything that it is sent, answers, private events and heartbeats too; feed when absent',
  }),
)

export const LabCut = Type.Object(
  { key },
  { additionalProperties: false, description: 'A connection to be lost', examples: [{ key: EXAMPLE_KEY }] },
)

export const LabStall = Type.Object(
  { key, durationMs: durationMs(stallMsMax), scope },
  {
    additionalProperties: false,
    description: 'A connection that nothing of the feed is written to for a time',
    examples: [{ key: EXAMPLE_KEY, durationMs: 5_000 }],
  },
)

export const LabSlow = Type.Object(
  {
    key,
    bytesPerSecond: Type.Integer({
      minimum: bytesPerSecond.least,
      maximum: bytesPerSecond.most,
      description: 'How many bytes a second the link carries; 3G: 50000',
    }),
    latencyMs: Type.Integer({
      minimum: 0,
      maximum: latencyMsMax,
      description: 'How long what was sent is under way, milliseconds; 3G: 400',
    }),
    jitterMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: latencyMsMax,
        description: 'How much longer each write may be under way, at random, in order, milliseconds; 0 when absent',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Of the jitter: the same seed delays the same; 0 when absent' }),
    ),
    durationMs: durationMs(slowMsMax),
    scope,
  },
  {
    additionalProperties: false,
    description: 'A connection whose feed passes a slow link for a time',
    examples: [{ key: EXAMPLE_KEY, bytesPerSecond: 50_000, latencyMs: 400, durationMs: 30_000 }],
  },
)

export const LabClose = Type.Object(
  {
    key,
    code: Type.Enum([...LAB_CLOSE_CODES], { description: 'The close code (RFC 6455 section 7.4)' }),
  },
  {
    additionalProperties: false,
    description: 'A WebSocket to be closed with a code',
    examples: [{ key: EXAMPLE_KEY, code: 1011 }],
  },
)
