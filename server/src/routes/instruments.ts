// Public market data by REST: instruments, books, trades, candles, quotes. Each answer has the position that it is true
// at.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Feed, FeedInstrumentView } from '@papertape/feed'
import { formatPosition, INTERVALS, type Interval, type Trade } from '@papertape/protocol'
import {
  BookAnswer,
  CandlesAnswer,
  Instrument,
  InstrumentsAnswer,
  QuotesAnswer,
  TradesAnswer,
} from '@papertape/protocol/schemas'
import Type from 'typebox'
import { symbolParameter, TAGS } from '../docs/route-schema.ts'
import { CodedError } from '../errors/coded-error.ts'
import { parseSymbols } from '../transports/feed-request.ts'
import type { VenueClient } from '../venue/venue-client.ts'

// The validator fills in no defaults: the handlers do.
const DEPTH_STANDARD = 50
const TRADES_STANDARD = 100
const INTERVAL_STANDARD: Interval = '1m'
const BARS_STANDARD = 300
const BARS_MAX = 5_000

const tags = [TAGS.marketData]

export interface InstrumentRoutesOptions {
  readonly feed: Feed
  readonly venue: VenueClient
}

export const instrumentRoutes: FastifyPluginAsyncTypebox<InstrumentRoutesOptions> = async (app, { feed, venue }) => {
  const here = () => formatPosition(feed.log.epoch, feed.log.head)
  const find = (symbol: string): FeedInstrumentView => {
    const found = feed.view.instrument(symbol)
    if (found !== undefined) return found
    throw new CodedError('not-found', `there is no ${symbol}; the symbols are ${feed.view.symbols.join(', ')}`)
  }

  app.get(
    '/instruments',
    {
      schema: {
        operationId: 'listInstruments',
        summary: 'All instruments, each with its trading phase and price bands',
        tags,
        response: { 200: InstrumentsAnswer },
      },
    },
    async () => feed.view.all().map(instrument => instrument.describe()),
  )

  app.get(
    '/instruments/:symbol',
    {
      schema: {
        operationId: 'getInstrument',
        summary: 'An instrument',
        tags,
        params: symbolParameter,
        response: { 200: Instrument },
        problems: ['not-found'],
      },
    },
    async request => find(request.params.symbol).describe(),
  )

  const Depth = Type.Object({
    depth: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        default: DEPTH_STANDARD,
        description: 'Number of levels of each side',
      }),
    ),
  })
  app.get(
    '/instruments/:symbol/book',
    {
      schema: {
        operationId: 'getBook',
        summary: 'The book of an instrument, best levels first',
        tags,
        params: symbolParameter,
        querystring: Depth,
        response: { 200: BookAnswer },
        problems: ['not-found'],
      },
    },
    async request => {
      const { symbol } = request.params
      const { depth = DEPTH_STANDARD } = request.query
      find(symbol)
      // The number of orders at a level is not in the feed.
      return venue.query('depth', { symbol, levels: depth })
    },
  )

  const TradesQuery = Type.Object({
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, default: TRADES_STANDARD, description: 'Number of trades at most' }),
    ),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only trades whose seq is below this one' })),
  })
  app.get(
    '/instruments/:symbol/trades',
    {
      schema: {
        operationId: 'listTrades',
        summary: 'Trades of an instrument, newest first',
        description: 'The next page is the trades before the seq of the last one.',
        tags,
        params: symbolParameter,
        querystring: TradesQuery,
        response: { 200: TradesAnswer },
        problems: ['not-found'],
      },
    },
    async request => {
      const { symbol } = find(request.params.symbol).spec
      const { limit = TRADES_STANDARD, before } = request.query
      const id = here()
      const events = await venue.query('history', {
        symbol,
        event: 'trade',
        before: before ?? feed.log.head + 1,
        limit,
      })
      return { id, symbol, trades: events.map(event => JSON.parse(event.data) as Trade) }
    },
  )

  const CandlesQuery = Type.Object({
    interval: Type.Optional(
      Type.Enum(Object.keys(INTERVALS) as Interval[], { default: INTERVAL_STANDARD, description: 'Length of a bar' }),
    ),
    from: Type.Optional(Type.Integer({ description: 'Bars that open at or after this time, milliseconds since 1970' })),
    to: Type.Optional(Type.Integer({ description: 'Bars that open before this time, milliseconds since 1970' })),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: BARS_MAX,
        default: BARS_STANDARD,
        description: 'Number of bars at most; the newest ones',
      }),
    ),
  })
  app.get(
    '/instruments/:symbol/candles',
    {
      schema: {
        operationId: 'listCandles',
        summary: 'Bars of an instrument, oldest first',
        tags,
        params: symbolParameter,
        querystring: CandlesQuery,
        response: { 200: CandlesAnswer },
        problems: ['not-found'],
      },
    },
    async request => {
      const instrument = find(request.params.symbol)
      const { interval = INTERVAL_STANDARD, from, to, limit = BARS_STANDARD } = request.query
      const wanted = instrument
        .bars(interval)
        .filter(bar => bar.time >= (from ?? 0) && bar.time < (to ?? Number.POSITIVE_INFINITY))
      return { id: here(), symbol: instrument.spec.symbol, interval, candles: wanted.slice(-limit) }
    },
  )

  const QuotesQuery = Type.Object({
    symbols: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description: 'The instruments, separated by commas or repeated; all when absent',
      }),
    ),
  })
  app.get(
    '/quotes',
    {
      config: { lists: ['symbols'] },
      schema: {
        operationId: 'getQuotes',
        summary: 'The latest quote of each instrument',
        tags,
        querystring: QuotesQuery,
        response: { 200: QuotesAnswer },
        problems: ['unknown-symbol'],
      },
    },
    async request => {
      const symbols = parseSymbols(request.query.symbols, feed.view.symbols)
      const wanted = symbols.length === 0 ? feed.view.all() : symbols.map(find)
      return { id: here(), quotes: wanted.flatMap(({ ticker }) => ticker.quote ?? []) }
    },
  )
}
