// Schemas of the six durable events of the public feed. The same objects are sent over SSE, long poll and the socket.

import Type, { type Static } from 'typebox'
import { type FeedEventName, NEWS_SEVERITIES } from '../../constants/feed.ts'
import { checksum, count, nullable, price, Side, size, symbol, text, ts, wallMs } from '../fields.ts'
import { Bands, Phase } from '../instruments.ts'

const time = Type.Integer({ description: "The market's clock, milliseconds since 1970" })
const stamp = {
  seq: Type.Integer({ minimum: 1, description: 'Number of the event in the log' }),
  ts,
  time,
}
const folded = Type.Optional(
  Type.Integer({ minimum: 1, description: 'How many events this conflated one stands for; absent in raw mode' }),
)
/** Of 2026-01-05, 09:30:00.250 UTC. */
const EXAMPLE_TIME = { ts: 1_767_605_400_250_000, time: 1_767_605_400_250 }

export const Trade = Type.Object(
  {
    ...stamp,
    symbol,
    tradeId: Type.Integer({ description: 'Number of the trade (FIX 1003)' }),
    price: price('Price of the trade; of a hidden order in a replay also off the tick grid'),
    size: size('Traded size'),
    aggressor: Side,
    hidden: Type.Optional(Type.Literal(true, { description: 'Executed against an order that no book showed' })),
    auction: Type.Optional(
      Type.Literal(true, {
        description: 'The whole volume of a call auction; aggressor is the side with the imbalance',
      }),
    ),
  },
  {
    $id: 'Trade',
    description: 'A trade',
    examples: [
      { seq: 4211, ...EXAMPLE_TIME, symbol: 'VELTR', tradeId: 903, price: 184.33, size: 120, aggressor: 'buy' },
    ],
  },
)
export type Trade = Static<typeof Trade>

export const Quote = Type.Object(
  {
    ...stamp,
    symbol,
    bid: nullable(price('Best bid'), 'no bids'),
    bidSize: size('Size at the best bid'),
    ask: nullable(price('Best ask'), 'no asks'),
    askSize: size('Size at the best ask'),
    folded,
  },
  {
    $id: 'Quote',
    description: 'The best bid and ask; conflated unless mode=raw',
    examples: [
      { seq: 4212, ...EXAMPLE_TIME, symbol: 'VELTR', bid: 184.33, bidSize: 18, ask: 184.34, askSize: 200, folded: 3 },
    ],
  },
)
export type Quote = Static<typeof Quote>

export const LevelChange = Type.Tuple([
  Type.Enum(['bid', 'ask'], { type: 'string', description: 'Side of the book' }),
  price('Price of the level'),
  size('New size of the level; 0 removes it'),
])
export type LevelChange = Static<typeof LevelChange>

export const Book = Type.Object(
  {
    ...stamp,
    symbol,
    prevSeq: Type.Integer({ minimum: 0, description: "seq of the symbol's previous book event; 0 for its first" }),
    changes: Type.Array(LevelChange, { description: 'Changed levels: side, price, new size' }),
    checksum,
    folded,
  },
  {
    $id: 'Book',
    description:
      'Changed levels of a book; conflated unless mode=raw. Drop one whose seq is not above yours; apply one whose ' +
      'prevSeq is not above yours; otherwise there is a gap: take a new snapshot',
    examples: [
      {
        seq: 4213,
        ...EXAMPLE_TIME,
        symbol: 'VELTR',
        prevSeq: 4209,
        changes: [
          ['bid', 184.33, 18],
          ['ask', 184.34, 0],
        ],
        checksum: 3_998_153_953,
        folded: 2,
      },
    ],
  },
)
export type Book = Static<typeof Book>

const bar = {
  time: wallMs("When the bar opens, on the market's clock"),
  open: price('First price'),
  high: price('Highest price'),
  low: price('Lowest price'),
  close: price('Last price'),
  volume: size('Traded size'),
  vwap: price('Volume-weighted average price'),
  trades: count('Number of trades'),
}
const EXAMPLE_BAR = {
  time: 1_767_605_340_000,
  open: 184.1,
  high: 184.42,
  low: 184.02,
  close: 184.33,
  volume: 5_310,
  vwap: 184.2474,
  trades: 61,
}
export const Bar = Type.Object(bar, { $id: 'Bar', description: 'Open, high, low, close', examples: [EXAMPLE_BAR] })
export type Bar = Static<typeof Bar>

export const Candle = Type.Object(
  { ...stamp, symbol, interval: Type.Literal('1m', { description: 'Length of the bar' }), ...bar },
  {
    $id: 'Candle',
    description: 'A bar of one minute, sent once, when the minute has closed',
    examples: [{ seq: 4214, ts: EXAMPLE_TIME.ts, symbol: 'VELTR', interval: '1m', ...EXAMPLE_BAR }],
  },
)
export type Candle = Static<typeof Candle>

export const Indication = Type.Object(
  {
    price: nullable(price('Price at which the most would trade'), 'nothing would trade'),
    pairedSize: size('Size that would trade'),
    imbalanceSize: size('Size that would be left over at this price'),
    side: nullable(Side, 'no imbalance'),
  },
  { $id: 'Indication', description: 'Indicative result of a call auction; in call phases, at most once a second' },
)
export type Indication = Static<typeof Indication>

export const Status = Type.Object(
  {
    ...stamp,
    symbol: nullable(symbol, 'the whole market'),
    phase: Phase,
    reason: nullable(text('Why the phase changed'), 'by schedule'),
    until: nullable(wallMs("When the phase ends, on the market's clock"), 'unknown'),
    auction: Type.Optional(Indication),
    bands: Type.Optional(Bands),
  },
  {
    $id: 'Status',
    description: 'A change of trading phase, of the price bands or of the indicative auction price',
    examples: [
      {
        seq: 4215,
        ...EXAMPLE_TIME,
        symbol: 'VELTR',
        phase: 'paused',
        reason: 'limit state',
        until: 1_767_605_700_250,
        auction: { price: 184.5, pairedSize: 400, imbalanceSize: 120, side: 'buy' },
        bands: { low: 175.11, high: 193.55 },
      },
    ],
  },
)
export type Status = Static<typeof Status>

export const News = Type.Object(
  {
    ...stamp,
    headline: text('The headline'),
    symbols: Type.Array(symbol, { description: 'The instruments concerned; empty: the whole market' }),
    severity: Type.Enum([...NEWS_SEVERITIES], { description: 'How urgent it is' }),
  },
  {
    $id: 'News',
    description: 'A headline',
    examples: [
      {
        seq: 4216,
        ...EXAMPLE_TIME,
        headline: 'Veltrane Semiconductor raises its outlook',
        symbols: ['VELTR'],
        severity: 'info',
      },
    ],
  },
)
export type News = Static<typeof News>

/** The data of each durable event, by the event's name. */
export const FEED_EVENT_SCHEMAS = {
  quote: Quote,
  trade: Trade,
  book: Book,
  candle: Candle,
  status: Status,
  news: News,
} as const satisfies Record<FeedEventName, Type.TSchema>

/** A durable event of the log: its name and its data. */
export type FeedEvent = {
  [Name in FeedEventName]: { readonly event: Name; readonly data: Static<(typeof FEED_EVENT_SCHEMAS)[Name]> }
}[FeedEventName]
