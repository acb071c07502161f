// Schemas of the feed's control events: they are sent to a reader and are not part of the log.

import Type, { type Static } from 'typebox'
import { RESET_REASONS, SNAPSHOT_NEWS_MAX } from '../../constants/feed.ts'
import {
  checksum,
  count,
  durationMs,
  epoch,
  exampleOf,
  head,
  labKey,
  nullable,
  positionId,
  price,
  retryMs,
  serverTime,
  size,
  symbol,
  text,
  wallMs,
} from '../fields.ts'
import { Bands, Phase } from '../instruments.ts'
import { Indication, News, Quote, Trade } from './events.ts'

const oldest = Type.Integer({ minimum: 0, description: 'Number of the oldest event that can be resumed from' })
const maxHz = nullable(
  Type.Number({ description: 'How often each quote and each book may be sent, hertz' }),
  'raw mode',
)

const BookLevel = Type.Tuple([price('Price of the level'), size('Size at the level')])
export const SnapshotBook = Type.Object(
  {
    seq: Type.Integer({ minimum: 0, description: 'seq of the newest book event that it includes' }),
    bids: Type.Array(BookLevel, { description: 'Best first: price, size' }),
    asks: Type.Array(BookLevel, { description: 'Best first: price, size' }),
    checksum,
  },
  { $id: 'SnapshotBook', description: 'A whole book' },
)
export type SnapshotBook = Static<typeof SnapshotBook>

export const Day = Type.Object(
  {
    open: nullable(price('First price of the day'), 'no trade yet'),
    high: nullable(price('Highest price of the day'), 'no trade yet'),
    low: nullable(price('Lowest price of the day'), 'no trade yet'),
    volume: size('Traded size of the day'),
    previousClose: price('Last price of the day before'),
  },
  { $id: 'Day', description: 'The trading day (UTC) so far; what was before the market began counts too' },
)
export type Day = Static<typeof Day>

export const InstrumentSnapshot = Type.Object(
  {
    symbol,
    phase: Phase,
    reason: Type.Optional(text('Why the phase began; absent: by schedule')),
    until: Type.Optional(wallMs("When the phase ends, on the market's clock; absent: unknown")),
    quote: nullable(Quote, 'no quote yet'),
    lastTrade: nullable(Trade, 'no trade yet'),
    day: Day,
    auction: Type.Optional(Indication),
    bands: Type.Optional(Bands),
    book: Type.Optional(SnapshotBook),
  },
  { $id: 'InstrumentSnapshot', description: 'The state of one instrument' },
)
export type InstrumentSnapshot = Static<typeof InstrumentSnapshot>

export const Snapshot = Type.Object(
  {
    id: positionId,
    instruments: Type.Array(InstrumentSnapshot, { description: 'The instruments subscribed to' }),
    news: Type.Optional(
      Type.Array(News, {
        maxItems: SNAPSHOT_NEWS_MAX,
        description: 'The last headlines of the subscription, newest first; absent when it has no news',
      }),
    ),
  },
  {
    $id: 'Snapshot',
    description: 'The state of the subscribed instruments at a position; with books when they are subscribed to',
    examples: [
      {
        id: 'k3f9-4216',
        instruments: [
          {
            symbol: 'VELTR',
            phase: 'continuous',
            quote: null,
            lastTrade: null,
            day: { open: null, high: null, low: null, volume: 0, previousClose: 184.2 },
            bands: { low: 175.11, high: 193.55 },
            book: { seq: 4213, bids: [[184.33, 18]], asks: [[184.35, 200]], checksum: 3_998_153_953 },
          },
        ],
        news: [exampleOf(News)],
      },
    ],
  },
)
export type Snapshot = Static<typeof Snapshot>

export const Reset = Type.Object(
  {
    reason: Type.Enum([...RESET_REASONS], {
      description: 'bad-id: no position; epoch: of another log; expired: no longer kept; ahead: newer than the head',
    }),
    requested: text('The position as it was received'),
    epoch,
    oldest,
    head,
  },
  {
    $id: 'Reset',
    description: 'The position could not be resumed from; a snapshot follows',
    examples: [{ reason: 'expired', requested: 'k3f9-12', epoch: 'k3f9', oldest: 1_024, head: 4_216 }],
  },
)
export type Reset = Static<typeof Reset>

export const Hello = Type.Object(
  {
    epoch,
    head,
    oldest,
    serverTime,
    heartbeatMs: durationMs('After how long without a position a heartbeat is sent'),
    maxHz,
    mode: Type.Enum(['conflated', 'raw'], { description: 'Whether quotes and books are conflated' }),
    maxBytesPerSecond: Type.Optional(
      Type.Number({
        description: 'How much the stream is written a second; absent when the reader did not declare it',
      }),
    ),
    symbols: Type.Array(symbol, { description: 'The symbols subscribed to' }),
    books: Type.Optional(
      Type.Array(symbol, { description: 'The symbols whose books are sent; absent when none are subscribed to' }),
    ),
    limits: Type.Object(
      {
        streamsMax: count('How many streams the server serves at once'),
        lagMaxMs: durationMs(
          'How long a reader may take nothing before its stream is closed; in raw mode what it was not sent may be 5 s old',
        ),
        streamAgeMaxMs: Type.Optional(
          durationMs('An SSE stream is ended with drain at 80 to 100 % of this age, to be resumed; 0: at none'),
        ),
        subscriptionsMax: Type.Optional(count('Feed subscriptions of a connection of the order channel')),
        addressSocketsMax: Type.Optional(
          count('Connections of the order channel and of adapters from an address; 0: not limited'),
        ),
      },
      { description: 'Limits of the feed, of a socket and of an address' },
    ),
    labKey,
  },
  {
    $id: 'Hello',
    description: 'The first event of a stream: what was subscribed to and where the log stands',
    examples: [
      {
        epoch: 'k3f9',
        head: 4_216,
        oldest: 1,
        serverTime: 1_767_605_400_300,
        heartbeatMs: 15_000,
        maxHz: 10,
        mode: 'conflated',
        symbols: ['VELTR'],
        limits: {
          streamsMax: 10_000,
          lagMaxMs: 30_000,
          streamAgeMaxMs: 3_600_000,
          subscriptionsMax: 16,
          addressSocketsMax: 1_000,
        },
        labKey: 'wq3JzR0yUe2n1GdKpT7aXg',
      },
    ],
  },
)
export type Hello = Static<typeof Hello>

export const Heartbeat = Type.Object(
  { head, serverTime },
  {
    $id: 'Heartbeat',
    description: 'Everything up to head has been sent',
    examples: [{ head: 4_216, serverTime: 1_767_605_415_300 }],
  },
)
export type Heartbeat = Static<typeof Heartbeat>

export const Lagging = Type.Object(
  {
    ageMs: durationMs(
      'Age of the oldest event that the reader was not sent; at an end for how long it has taken nothing',
    ),
    folded: count('Quotes and books that were conflated meanwhile; 0 in raw mode'),
    maxHz,
  },
  {
    $id: 'Lagging',
    description:
      'The reader does not keep up. In raw mode the stream is closed after it, and can be resumed. Otherwise it goes on with ' +
      'quotes at maxHz, and books at that or less often; it is closed only after a reader that has taken nothing for lagMaxMs',
    examples: [{ ageMs: 640, folded: 418, maxHz: 2.5 }],
  },
)
export type Lagging = Static<typeof Lagging>

export const RetryNotice = Type.Object(
  { retryMs },
  { $id: 'RetryNotice', description: 'The stream is closed; reconnect after retryMs', examples: [{ retryMs: 12_000 }] },
)
export type RetryNotice = Static<typeof RetryNotice>

/**
 * The data of each control event, by the event's name. The contract also lists `auth-expired`: it is sent on the stream
 * of an account, as the feed needs no token.
 */
export const CONTROL_EVENT_SCHEMAS = {
  hello: Hello,
  snapshot: Snapshot,
  reset: Reset,
  heartbeat: Heartbeat,
  lagging: Lagging,
  busy: RetryNotice,
  drain: RetryNotice,
} as const
export type ControlEventName = keyof typeof CONTROL_EVENT_SCHEMAS

export type ControlEvent = {
  [Name in ControlEventName]: { readonly event: Name; readonly data: Static<(typeof CONTROL_EVENT_SCHEMAS)[Name]> }
}[ControlEventName]
