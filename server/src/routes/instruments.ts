// Public reads by REST: instruments, books, trades, candles, quotes. Thin: a request in, a look at the view or the log,
// an answer out, each with the position that it is true at.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Feed, InstrumentView } from '@papertape/feed'
import { formatPosition, INTERVALS, type Interval, type Trade } from '@papertape/protocol'
import { BookAnswer, CandlesAnswer, Instrument, QuotesAnswer, TradesAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import { CodedError } from '../errors/coded-error.ts'
import { parseSymbols } from '../transports/feed-request.ts'
import type { VenueClient } from '../venue/venue-client.ts'

// The validator checks and converts, it does not fill in: the handlers do.
const DEPTH_STANDARD = 50
const TRADES_STANDARD = 100
const INTERVAL_STANDARD: Interval = '1m'
const BARS_STANDARD = 300
const BARS_MAX = 5_000

const BySymbol = Type.Object({ symbol: Type.String() })

export interface InstrumentRoutesOptions {
  readonly feed: Feed
  readonly venue: VenueClient
}

export const instrumentRoutes: FastifyPluginAsyncTypebox<InstrumentRoutesOptions> = async (app, { feed, venue }) => {
  const here = () => formatPosition(feed.log.epoch, feed.log.head)
  const find = (symbol: string): InstrumentView => {
    const found = feed.view.instrument(symbol)
    if (found !== undefined) return found
    throw new CodedError('not-found', `there is no ${symbol}; the symbols are ${feed.view.symbols.join(', ')}`)
  }

  app.get('/instruments', { schema: { response: { 200: Type.Array(Instrument) } } }, async () =>
    feed.view.all().map(instrument => instrument.describe()),
  )

  app.get('/instruments/:symbol', { schema: { params: BySymbol, response: { 200: Instrument } } }, async request =>
    find(request.params.symbol).describe(),
  )

  const Depth = Type.Object({
    depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: DEPTH_STANDARD })),
  })
  app.get(
    '/instruments/:symbol/book',
    { schema: { params: BySymbol, querystring: Depth, response: { 200: BookAnswer } } },
    async request => {
      const { symbol } = request.params
      const { depth = DEPTH_STANDARD } = request.query
      find(symbol)
      // The number of orders at a level is not in the feed: the book itself is asked.
      return venue.query('depth', { symbol, levels: depth })
    },
  )

  const TradesQuery = Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: TRADES_STANDARD })),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only trades below this seq' })),
  })
  app.get(
    '/instruments/:symbol/trades',
    { schema: { params: BySymbol, querystring: TradesQuery, response: { 200: TradesAnswer } } },
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
    interval: Type.Optional(Type.Enum(Object.keys(INTERVALS) as Interval[], { default: INTERVAL_STANDARD })),
    from: Type.Optional(Type.Integer({ description: 'Bars that open at or after it, milliseconds since 1970' })),
    to: Type.Optional(Type.Integer({ description: 'Bars that open before it' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: BARS_MAX, default: BARS_STANDARD })),
  })
  app.get(
    '/instruments/:symbol/candles',
    { schema: { params: BySymbol, querystring: CandlesQuery, response: { 200: CandlesAnswer } } },
    async request => {
      const instrument = find(request.params.symbol)
      const { interval = INTERVAL_STANDARD, from, to, limit = BARS_STANDARD } = request.query
      const wanted = instrument
        .bars(interval)
        .filter(bar => bar.time >= (from ?? 0) && bar.time < (to ?? Number.POSITIVE_INFINITY))
      return { id: here(), symbol: instrument.spec.symbol, interval, candles: wanted.slice(-limit) }
    },
  )

  const QuotesQuery = Type.Object({ symbols: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])) })
  app.get(
    '/quotes',
    { config: { lists: ['symbols'] }, schema: { querystring: QuotesQuery, response: { 200: QuotesAnswer } } },
    async request => {
      const symbols = parseSymbols(request.query.symbols, feed.view.symbols)
      const wanted = symbols.length === 0 ? feed.view.all() : symbols.map(find)
      return { id: here(), quotes: wanted.flatMap(({ ticker }) => ticker.quote ?? []) }
    },
  )
}
