// Schemas of the public feed: the six durable events that make up the log, and the control events. The same objects are
// sent over SSE, long poll and the socket.

import Type, { type Static } from 'typebox'
import { NEWS_SEVERITIES, RESET_REASONS, SIDES } from '../constants/feed.ts'
import { POSITION_PATTERN } from '../position.ts'
import { Bands, Phase } from './instruments.ts'

export const Side = Type.Enum([...SIDES])

const stamp = {
  seq: Type.Integer({ minimum: 1, description: 'Its number in the log' }),
  ts: Type.Integer({ description: 'Wall clock at sequencing, microseconds since 1970' }),
  time: Type.Integer({ description: "The market's clock, milliseconds since 1970" }),
}
const folded = Type.Optional(Type.Integer({ minimum: 1, description: 'How many events this conflated one stands for' }))
const price = Type.Number()
const size = Type.Integer({ minimum: 0 })
const symbol = Type.String()

export const Trade = Type.Object(
  {
    ...stamp,
    symbol,
    tradeId: Type.Integer(),
    price,
    size,
    aggressor: Side,
    hidden: Type.Optional(Type.Literal(true, { description: 'Executed against an order that no book showed' })),
    auction: Type.Optional(
      Type.Literal(true, { description: 'All that an auction traded; the aggressor is the side that was left over' }),
    ),
  },
  { $id: 'Trade' },
)
export type Trade = Static<typeof Trade>

export const Quote = Type.Object(
  {
    ...stamp,
    symbol,
    bid: Type.Union([price, Type.Null()]),
    bidSize: size,
    ask: Type.Union([price, Type.Null()]),
    askSize: size,
    folded,
  },
  { $id: 'Quote' },
)
export type Quote = Static<typeof Quote>

export const LevelChange = Type.Tuple([Type.Enum(['bid', 'ask']), price, size])
export type LevelChange = [side: 'bid' | 'ask', price: number, size: number]

export const Book = Type.Object(
  {
    ...stamp,
    symbol,
    prevSeq: Type.Integer({ description: "The symbol's previous book event; 0 for its first" }),
    changes: Type.Array(LevelChange, { description: 'New size at a price; 0 removes the level' }),
    checksum: Type.Integer({ description: 'CRC-32 of the top ten levels after the changes' }),
    folded,
  },
  { $id: 'Book' },
)
export type Book = Static<typeof Book>

const bar = {
  time: Type.Integer({ description: 'When the bar opens, milliseconds since 1970' }),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: size,
  vwap: price,
  trades: Type.Integer(),
}
export const Bar = Type.Object(bar, { $id: 'Bar' })
export type Bar = Static<typeof Bar>

export const Candle = Type.Object(
  { ...stamp, symbol, interval: Type.Literal('1m'), ...bar },
  { $id: 'Candle', description: 'Once, when the minute has closed' },
)
export type Candle = Static<typeof Candle>

export const Indication = Type.Object(
  {
    price: Type.Union([price, Type.Null()], { description: 'Where most would trade; null: nothing would' }),
    pairedSize: size,
    imbalanceSize: size,
    side: Type.Union([Side, Type.Null()], { description: 'Whose size is left over' }),
  },
  { description: 'What the auction would come to now: in call phases, at most once a second' },
)
export type Indication = Static<typeof Indication>

export const Status = Type.Object(
  {
    ...stamp,
    symbol: Type.Union([symbol, Type.Null()], { description: 'null: the whole market' }),
    phase: Phase,
    reason: Type.Union([Type.String(), Type.Null()]),
    until: Type.Union([Type.Integer(), Type.Null()], { description: "On the market's clock" }),
    auction: Type.Optional(Indication),
    bands: Type.Optional(Bands),
  },
  { $id: 'Status' },
)
export type Status = Static<typeof Status>

export const News = Type.Object(
  { ...stamp, headline: Type.String(), symbols: Type.Array(symbol), severity: Type.Enum([...NEWS_SEVERITIES]) },
  { $id: 'News' },
)
export type News = Static<typeof News>

/** One event of the log: its kind, and the data that goes out under that name. */
export type FeedEvent =
  | { readonly event: 'trade'; readonly data: Trade }
  | { readonly event: 'quote'; readonly data: Quote }
  | { readonly event: 'book'; readonly data: Book }
  | { readonly event: 'candle'; readonly data: Candle }
  | { readonly event: 'status'; readonly data: Status }
  | { readonly event: 'news'; readonly data: News }

export const BookLevel = Type.Tuple([price, size])
export const SnapshotBook = Type.Object({
  seq: Type.Integer(),
  bids: Type.Array(BookLevel, { description: 'Best first' }),
  asks: Type.Array(BookLevel, { description: 'Best first' }),
  checksum: Type.Integer(),
})
export type SnapshotBook = Static<typeof SnapshotBook>

export const Day = Type.Object({
  open: Type.Union([price, Type.Null()]),
  high: Type.Union([price, Type.Null()]),
  low: Type.Union([price, Type.Null()]),
  volume: size,
  previousClose: price,
})
export type Day = Static<typeof Day>

export const InstrumentSnapshot = Type.Object({
  symbol,
  phase: Phase,
  quote: Type.Union([Quote, Type.Null()]),
  lastTrade: Type.Union([Trade, Type.Null()]),
  day: Day,
  auction: Type.Optional(Indication),
  bands: Type.Optional(Bands),
  book: Type.Optional(SnapshotBook),
})
export type InstrumentSnapshot = Static<typeof InstrumentSnapshot>

export const Snapshot = Type.Object(
  { id: Type.String({ pattern: POSITION_PATTERN }), instruments: Type.Array(InstrumentSnapshot) },
  { $id: 'Snapshot' },
)
export type Snapshot = Static<typeof Snapshot>

export const Reset = Type.Object(
  {
    reason: Type.Enum([...RESET_REASONS]),
    requested: Type.String(),
    epoch: Type.String(),
    oldest: Type.Integer(),
    head: Type.Integer(),
  },
  { $id: 'Reset', description: 'The position could not be served; a snapshot follows' },
)
export type Reset = Static<typeof Reset>

export const Hello = Type.Object(
  {
    epoch: Type.String(),
    head: Type.Integer(),
    oldest: Type.Integer(),
    serverTime: Type.Integer({ description: 'Milliseconds since 1970' }),
    heartbeatMs: Type.Integer(),
    maxHz: Type.Union([Type.Number(), Type.Null()], { description: 'null in raw mode' }),
    mode: Type.Enum(['conflated', 'raw']),
    symbols: Type.Array(symbol),
    books: Type.Optional(Type.Array(symbol, { description: 'Whose books are sent; absent when none are asked for' })),
    limits: Type.Object({ streamsMax: Type.Integer(), lagMaxMs: Type.Integer() }),
  },
  { $id: 'Hello' },
)
export type Hello = Static<typeof Hello>

export const Heartbeat = Type.Object(
  { head: Type.Integer(), serverTime: Type.Integer() },
  { $id: 'Heartbeat', description: 'Everything up to head has been sent' },
)
export type Heartbeat = Static<typeof Heartbeat>

export const Lagging = Type.Object(
  { ageMs: Type.Integer(), folded: Type.Integer(), maxHz: Type.Union([Type.Number(), Type.Null()]) },
  { $id: 'Lagging' },
)
export type Lagging = Static<typeof Lagging>

export const RetryNotice = Type.Object({ retryMs: Type.Integer() }, { $id: 'RetryNotice' })
export type RetryNotice = Static<typeof RetryNotice>

/** The contract also names `auth-expired`. Tokens do not expire, so it is never sent. */
export type ControlEvent =
  | { readonly event: 'hello'; readonly data: Hello }
  | { readonly event: 'snapshot'; readonly data: Snapshot }
  | { readonly event: 'reset'; readonly data: Reset }
  | { readonly event: 'heartbeat'; readonly data: Heartbeat }
  | { readonly event: 'lagging'; readonly data: Lagging }
  | { readonly event: 'busy' | 'drain'; readonly data: RetryNotice }
