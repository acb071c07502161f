// Schemas of the requests and answers of the REST routes but those of the feed. Paths and handlers are the server's.

import Type, { type Static } from 'typebox'
import { INTERVALS, type Interval } from '../constants/feed.ts'
import { PositionState } from './account.ts'
import { Reset } from './feed/control-events.ts'
import { Bar, News, Quote, Trade } from './feed/events.ts'
import {
  cancelAllAfterMs,
  cancelDueTime,
  cash,
  checksum,
  count,
  exampleOf,
  isTesting,
  nullable,
  position,
  positionId,
  price,
  size,
  symbol,
  text,
  wallMs,
} from './fields.ts'
import { Instrument } from './instruments.ts'
import { Execution, Order } from './orders.ts'

const BarInterval = Type.Enum(Object.keys(INTERVALS) as Interval[], { description: 'Length of a bar' })

export const InstrumentsAnswer = Type.Array(Instrument, { description: 'All instruments' })

const CountedLevel = Type.Tuple([
  price('Price of the level'),
  size('Size at the level'),
  count('Number of orders at the level'),
])
export const BookAnswer = Type.Object(
  {
    id: positionId,
    symbol,
    bids: Type.Array(CountedLevel, { description: 'Best first: price, size, number of orders' }),
    asks: Type.Array(CountedLevel, { description: 'Best first: price, size, number of orders' }),
    checksum,
  },
  {
    description: 'The book of an instrument',
    examples: [
      {
        id: 'k3f9-4216',
        symbol: 'VELTR',
        bids: [[184.33, 18, 1]],
        asks: [[184.35, 200, 3]],
        checksum: 3_998_153_953,
      },
    ],
  },
)
export type BookAnswer = Static<typeof BookAnswer>

export const TradesAnswer = Type.Object(
  { id: positionId, symbol, trades: Type.Array(Trade, { description: 'Newest first' }) },
  {
    description: 'Trades of an instrument',
    examples: [{ id: 'k3f9-4216', symbol: 'VELTR', trades: [exampleOf(Trade)] }],
  },
)
export type TradesAnswer = Static<typeof TradesAnswer>

export const CandlesAnswer = Type.Object(
  {
    id: positionId,
    symbol,
    interval: BarInterval,
    candles: Type.Array(Bar, { description: 'Oldest first; the last one may still be forming' }),
    beginning: Type.Optional(
      Type.Integer({
        description:
          'When the first bar of this interval opens, milliseconds since 1970: there is none before it. Absent while ' +
          'the server has not read back to it',
      }),
    ),
  },
  {
    description: 'Bars of an instrument',
    examples: [{ id: 'k3f9-4216', symbol: 'VELTR', interval: '1m', candles: [exampleOf(Bar)] }],
  },
)
export type CandlesAnswer = Static<typeof CandlesAnswer>

export const CandlesBySymbolAnswer = Type.Object(
  {
    id: positionId,
    interval: BarInterval,
    candles: Type.Record(Type.String(), Type.Array(Bar), {
      description: 'The bars of each instrument, by symbol; oldest first, the last one may still be forming',
    }),
  },
  {
    description: 'Bars of several instruments',
    examples: [{ id: 'k3f9-4216', interval: '1m', candles: { VELTR: [exampleOf(Bar)] } }],
  },
)
export type CandlesBySymbolAnswer = Static<typeof CandlesBySymbolAnswer>

export const QuotesAnswer = Type.Object(
  { id: positionId, quotes: Type.Array(Quote, { description: 'The latest quote of each instrument that has one' }) },
  { description: 'The latest quotes', examples: [{ id: 'k3f9-4216', quotes: [exampleOf(Quote)] }] },
)
export type QuotesAnswer = Static<typeof QuotesAnswer>

export const NewsAnswer = Type.Object(
  { id: positionId, news: Type.Array(News, { description: 'Newest first' }) },
  { description: 'Headlines', examples: [{ id: 'k3f9-4216', news: [exampleOf(News)] }] },
)
export type NewsAnswer = Static<typeof NewsAnswer>

export const NewAccount = Type.Object(
  {
    cash: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1_000_000_000,
        description: 'Cash to start with, in currency; 1,000,000 when absent',
      }),
    ),
    margin: Type.Optional(
      Type.Boolean({ description: 'A margin account, which may sell short and buy on credit; a cash account if not' }),
    ),
    testing: Type.Optional(
      Type.Boolean({ description: 'For ever an account for tests of bots: its orders may have a testDirective' }),
    ),
  },
  { additionalProperties: false, description: 'A new paper account', examples: [{ cash: 50_000, margin: true }] },
)
export type NewAccount = Static<typeof NewAccount>

const accountId = text('The account')
export const AccountAnswer = Type.Object(
  {
    accountId,
    token: text('The token of the account; it is shown only once'),
    cash: cash('Cash of the account'),
    margin: Type.Optional(Type.Literal(true, { description: 'It is a margin account' })),
    testing: isTesting,
  },
  {
    description: 'The account that was opened',
    examples: [{ accountId: 'p0a1b2c3d4e5f', token: 'pt_…', cash: 1_000_000 }],
  },
)
export type AccountAnswer = Static<typeof AccountAnswer>

const HeldAccount = Type.Object({ accountId }, { description: 'An account that the browser holds' })
export const SessionAnswer = Type.Object(
  {
    accountId: nullable(accountId, 'no account of this market'),
    accounts: Type.Array(HeldAccount, {
      description: 'The accounts that the browser holds by its cookie, in the order in which it opened them',
    }),
    operator: Type.Boolean({ description: "Whether the request has the operator's cookie or token" }),
  },
  {
    description: 'Who sends the request, by cookie or token',
    examples: [{ accountId: 'p0a1b2c3d4e5f', accounts: [{ accountId: 'p0a1b2c3d4e5f' }], operator: false }],
  },
)
export type SessionAnswer = Static<typeof SessionAnswer>

export const AccountSwitch = Type.Object(
  { accountId },
  {
    additionalProperties: false,
    description: 'The account that becomes the active one',
    examples: [{ accountId: 'p0a1b2c3d4e5f' }],
  },
)

export const OrdersAnswer = Type.Object(
  {
    orders: Type.Array(Order, { description: 'Newest first' }),
    after: nullable(text('Send it as ?after= for the next page'), 'this is the last page'),
  },
  { description: 'A page of the orders of the account', examples: [{ orders: [exampleOf(Order)], after: null }] },
)
export type OrdersAnswer = Static<typeof OrdersAnswer>

/** Of a page: older events than it has are no longer kept. */
const pageReset = Type.Optional(Reset)

export const ExecutionsAnswer = Type.Object(
  {
    executions: Type.Array(Execution, { description: 'Oldest first' }),
    after: nullable(
      Type.Integer({ minimum: 0, description: 'Send it as ?after= for the next page' }),
      'this is the last page',
    ),
    reset: pageReset,
  },
  {
    description: 'A page of the executions of an order',
    examples: [{ executions: [exampleOf(Execution)], after: null }],
  },
)
export type ExecutionsAnswer = Static<typeof ExecutionsAnswer>

export const FillsAnswer = Type.Object(
  {
    fills: Type.Array(Execution, { description: 'Oldest first' }),
    after: Type.Integer({ minimum: 0, description: 'Send it as ?after= for the next page' }),
    reset: pageReset,
  },
  {
    description: 'A page of the fills of the account',
    examples: [{ fills: [exampleOf(Execution)], after: 17 }],
  },
)
export type FillsAnswer = Static<typeof FillsAnswer>

export const PositionsAnswer = Type.Object(
  { positions: Type.Array(PositionState, { description: 'The positions' }) },
  { description: 'The positions of the account', examples: [{ positions: [exampleOf(PositionState)] }] },
)
export type PositionsAnswer = Static<typeof PositionsAnswer>

export const CanceledAnswer = Type.Object(
  {
    type: Type.Literal('canceled', { description: 'Name of the answer' }),
    count: count('How many orders were canceled'),
  },
  { description: 'The answer to DELETE /v1/orders', examples: [{ type: 'canceled', count: 3 }] },
)
export type CanceledAnswer = Static<typeof CanceledAnswer>

export const CancelAllAfterRequest = Type.Object(
  { timeoutMs: cancelAllAfterMs },
  { additionalProperties: false, description: "The account's dead man's switch", examples: [{ timeoutMs: 60_000 }] },
)
export const CancelAllAfterAnswer = Type.Object(
  { type: Type.Literal('cancelAllAfter', { description: 'Name of the answer' }), dueTime: cancelDueTime },
  {
    description: 'The answer to POST /v1/orders/cancel-all-after',
    examples: [{ type: 'cancelAllAfter', dueTime: 1_767_605_460_300 }],
  },
)
export type CancelAllAfterAnswer = Static<typeof CancelAllAfterAnswer>

export const MarketAnswer = Type.Object(
  {
    id: positionId,
    epoch: text('The generation of the log'),
    oldest: Type.Integer({ minimum: 0, description: 'Number of the oldest event that is kept' }),
    time: wallMs("The market's clock"),
    checkpoint: Type.Object(
      {
        command: Type.Integer({ minimum: 0, description: 'Number of the last command that it includes' }),
        seq: Type.Integer({ minimum: 0, description: 'Number of the last public event that it includes' }),
        hash: text('Hash of the state, which a replay of the journal gives again'),
      },
      { description: 'The newest checkpoint' },
    ),
    source: Type.Object(
      {
        kind: Type.Enum(['simulated', 'replay'], { description: 'Whether the market is simulated or replayed' }),
        name: text('The seed, or the file that is replayed'),
        seed: nullable(Type.Integer({ description: 'The seed of the simulation' }), 'a replay'),
        ended: Type.Boolean({ description: 'Whether the replay is at its end' }),
      },
      { description: 'Where the market comes from' },
    ),
    pace: text('How fast it runs: 1x, 10x, max; 0x is paused'),
    scenario: nullable(text('The scenarios that run or are planned, separated by commas'), 'none'),
    scenarios: Type.Array(
      Type.Object(
        {
          name: text('The scenario'),
          startTime: wallMs("When it starts or started, by the market's clock"),
          endTime: wallMs("When the last of its steps is over, by the market's clock"),
        },
        { description: 'A scenario that runs or is planned' },
      ),
      { description: 'The scenarios that run or are planned, by their start' },
    ),
    symbols: Type.Array(symbol, { description: 'All symbols' }),
  },
  {
    description: 'The market that runs',
    examples: [
      {
        id: 'k3f9-4216',
        epoch: 'k3f9',
        oldest: 1,
        time: 1_767_605_400_300,
        checkpoint: { command: 9_120, seq: 4_096, hash: 'a1b2c3d4' },
        source: { kind: 'simulated', name: 'seed 7', seed: 7, ended: false },
        pace: '1x',
        scenario: null,
        scenarios: [],
        symbols: ['VELTR'],
      },
    ],
  },
)
export type MarketAnswer = Static<typeof MarketAnswer>

export const HealthAnswer = Type.Object(
  {
    status: Type.Literal('ok', { description: 'The service answers' }),
    position: position('The newest position'),
    streams: count('Feed readers that are connected'),
    subscriptionClasses: count('Groups of readers with the same subscription'),
  },
  {
    description: 'The state of the service',
    examples: [{ status: 'ok', position: 'k3f9-4216', streams: 12, subscriptionClasses: 3 }],
  },
)
export type HealthAnswer = Static<typeof HealthAnswer>

export const ProbeAnswer = Type.Object(
  { status: Type.Literal('ok', { description: 'The probe succeeds' }) },
  { description: 'The answer to a probe that succeeds', examples: [{ status: 'ok' }] },
)
export type ProbeAnswer = Static<typeof ProbeAnswer>
