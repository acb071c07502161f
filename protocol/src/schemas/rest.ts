// Schemas of requests and answers of the REST routes and the long poll. Paths and handlers are the server's.

import Type, { type Static } from 'typebox'
import { INTERVALS, type Interval } from '../constants/feed.ts'
import { POSITION_PATTERN } from '../position.ts'
import { Bar, Quote, Reset, Snapshot, Trade } from './feed.ts'
import { orderFields } from './order-channel.ts'

const id = Type.String({ pattern: POSITION_PATTERN, description: 'The position at which it is true' })

export const BookAnswer = Type.Object({
  id,
  symbol: Type.String(),
  bids: Type.Array(Type.Tuple([Type.Number(), Type.Integer(), Type.Integer()]), { description: 'price, size, orders' }),
  asks: Type.Array(Type.Tuple([Type.Number(), Type.Integer(), Type.Integer()])),
  checksum: Type.Integer(),
})
export type BookAnswer = Static<typeof BookAnswer>

export const TradesAnswer = Type.Object({ id, symbol: Type.String(), trades: Type.Array(Trade) })
export type TradesAnswer = Static<typeof TradesAnswer>

export const CandlesAnswer = Type.Object({
  id,
  symbol: Type.String(),
  interval: Type.Enum(Object.keys(INTERVALS) as Interval[]),
  candles: Type.Array(Bar, { description: 'Oldest first; the last one may still be forming' }),
})
export type CandlesAnswer = Static<typeof CandlesAnswer>

export const QuotesAnswer = Type.Object({ id, quotes: Type.Array(Quote) })
export type QuotesAnswer = Static<typeof QuotesAnswer>

export const PollAnswer = Type.Object({
  last: Type.String({ description: 'Send it back as ?last=' }),
  snapshot: Type.Optional(Snapshot),
  reset: Type.Optional(Reset),
  events: Type.Array(Type.Object({ id: Type.Optional(Type.String()), event: Type.String(), data: Type.Unknown() })),
})
export type PollAnswer = Static<typeof PollAnswer>

export const NewAccount = Type.Object(
  { cash: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000_000 })) },
  { additionalProperties: false },
)
export type NewAccount = Static<typeof NewAccount>

export const AccountAnswer = Type.Object({ accountId: Type.String(), token: Type.String(), cash: Type.Number() })
export type AccountAnswer = Static<typeof AccountAnswer>

/** Who is asking: null without an account that this market knows. */
export const SessionAnswer = Type.Object({
  accountId: Type.Union([Type.String(), Type.Null()]),
  operator: Type.Boolean(),
})
export type SessionAnswer = Static<typeof SessionAnswer>

export const NewOrder = Type.Object(orderFields, { additionalProperties: false })
export type NewOrder = Static<typeof NewOrder>

export const OrderChange = Type.Object(
  {
    clientOrderId: orderFields.clientOrderId,
    size: Type.Optional(orderFields.size),
    price: orderFields.price,
    stopPrice: orderFields.stopPrice,
  },
  { additionalProperties: false },
)
export type OrderChange = Static<typeof OrderChange>
