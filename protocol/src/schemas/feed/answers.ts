// Schemas of what reads the feed over HTTP: the parameters of the stream and the long poll, the answers of the long
// poll and of the log. The events themselves are in events.ts.

import Type, { type Static } from 'typebox'
import { FEED_EVENTS, MAX_BYTES_PER_SECOND, MAX_HZ } from '../../constants/feed.ts'
import { count, exampleOf, position, text } from '../fields.ts'
import { Reset, Snapshot } from './control-events.ts'
import { FEED_EVENT_SCHEMAS, Trade } from './events.ts'

/** A list is separated by commas, or the parameter is repeated. */
const feedParameters = {
  symbols: Type.Optional(text('The instruments, separated by commas; all when absent')),
  events: Type.Optional(text(`The events, separated by commas, of ${FEED_EVENTS.join(', ')}`)),
  books: Type.Optional(text('The instruments whose books are sent, separated by commas; those of symbols when absent')),
  maxHz: Type.Optional(
    Type.Number({
      minimum: MAX_HZ.least,
      maximum: MAX_HZ.most,
      description: `How often each quote and each book may be sent, hertz; ${MAX_HZ.standard} when absent`,
    }),
  ),
  mode: Type.Optional(
    Type.Enum(['conflated', 'raw'], { description: 'raw: every event, none conflated; without maxHz' }),
  ),
  snapshot: Type.Optional(Type.Boolean({ description: 'false: no snapshot at the start' })),
  last: Type.Optional(text('The position to resume from; the header Last-Event-ID wins')),
  lastEventId: Type.Optional(text('The same as last')),
}

/** The parameters of GET /v1/stream. */
export const StreamQuery = Type.Object({
  ...feedParameters,
  maxBytesPerSecond: Type.Optional(
    Type.Number({
      minimum: MAX_BYTES_PER_SECOND.least,
      maximum: MAX_BYTES_PER_SECOND.most,
      description:
        'How many bytes of the stream the reader reads a second. No more are sent, so that nothing grows old in the buffers ' +
        'in between; unlimited when absent',
    }),
  ),
})

/** The parameters of GET /v1/poll. */
export const PollQuery = Type.Object({
  ...feedParameters,
  wait: Type.Optional(
    Type.Number({ minimum: 0, description: 'How long to wait for an event, seconds; 25 when absent, at most 30' }),
  ),
})

const LogEventId = position('Its position')
const PollEventId = Type.Optional(position('Its position; absent on a conflated event'))
const event = <Name extends keyof typeof FEED_EVENT_SCHEMAS, Id extends typeof LogEventId | typeof PollEventId>(
  name: Name,
  id: Id,
) =>
  Type.Object(
    {
      id,
      event: Type.Literal(name, { description: 'Name of the event' }),
      data: FEED_EVENT_SCHEMAS[name] as (typeof FEED_EVENT_SCHEMAS)[Name],
    },
    { description: `The event ${name}` },
  )
const eventOf = <Id extends typeof LogEventId | typeof PollEventId>(id: Id) =>
  Type.Union([
    event('quote', id),
    event('trade', id),
    event('book', id),
    event('candle', id),
    event('status', id),
    event('news', id),
  ])

export const PollAnswer = Type.Object(
  {
    last: position('Send it as ?last= with the next poll'),
    snapshot: Type.Optional(Snapshot),
    reset: Type.Optional(Reset),
    events: Type.Array(eventOf(PollEventId), {
      description: 'The events after the position that was sent; empty when none came in time',
    }),
  },
  {
    description:
      'The next part of the feed. From a position it has no snapshot: whoever held a conflated stream polls for one ' +
      'first, without a position, since quotes and books may still have waited there',
    examples: [
      { last: 'k3f9-4211', events: [{ id: 'k3f9-4211', event: 'trade', data: exampleOf(Trade) }] },
      { last: 'k3f9-4216', snapshot: exampleOf(Snapshot), events: [] },
    ],
  },
)
export type PollAnswer = Static<typeof PollAnswer>

export const LogAnswer = Type.Object(
  {
    epoch: text('The generation of the log'),
    from: count('The seq of the first event'),
    to: count('The seq of the last event, where the page ends'),
    events: Type.Array(eventOf(LogEventId), {
      description: 'All events of the market from `from` to `to`, oldest first',
    }),
  },
  {
    description: 'A page of past events',
    examples: [
      { epoch: 'k3f9', from: 512, to: 512, events: [{ id: 'k3f9-512', event: 'trade', data: exampleOf(Trade) }] },
    ],
  },
)
export type LogAnswer = Static<typeof LogAnswer>
