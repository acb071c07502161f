// Public market data by REST: instruments, books, trades, candles, quotes. Each answer has the position that it is true
// at.

import type { BarQuery, Feed, FeedInstrumentView } from '@papertape/feed'
import { formatPosition, INTERVALS, type Interval, type Trade } from '@papertape/protocol'
import {
  BookAnswer,
  CandlesAnswer,
  CandlesBySymbolAnswer,
  Instrument,
  InstrumentsAnswer,
  QuotesAnswer,
  TradesAnswer,
} from '@papertape/protocol/schemas'
import Type, { type Static } from 'typebox'
import { CodedError } from '../../errors/coded-error.ts'
import { parseSymbols } from '../../feed/feed-request.ts'
import type { VenuePort } from '../../venue-client.ts'
import { defineRoute, ok, type Route } from '../route.ts'
import { symbolParameter, TAGS } from '../route-parts.ts'

// The check of a request fills in no defaults: the handlers do.
const DEPTH_STANDARD = 50
const TRADES_STANDARD = 100
const INTERVAL_STANDARD: Interval = '1m'
const BARS_STANDARD = 300
const BARS_MAX = 5_000
/** Of all instruments in one answer. */
const BARS_IN_ALL_MAX = 10_000

const tags = [TAGS.marketData]

const instrumentsSchema = {
  operationId: 'listInstruments',
  summary: 'All instruments, each with its trading phase and price bands',
  tags,
  response: { 200: InstrumentsAnswer },
}

const instrumentSchema = {
  operationId: 'getInstrument',
  summary: 'An instrument',
  tags,
  params: symbolParameter,
  response: { 200: Instrument },
  problems: ['not-found'],
} as const

const bookSchema = {
  operationId: 'getBook',
  summary: 'The book of an instrument, best levels first',
  tags,
  params: symbolParameter,
  querystring: Type.Object({
    depth: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        default: DEPTH_STANDARD,
        description: 'Number of levels of each side',
      }),
    ),
  }),
  response: { 200: BookAnswer },
  problems: ['not-found'],
} as const

const tradesSchema = {
  operationId: 'listTrades',
  summary: 'Trades of an instrument, newest first',
  description: 'The next page is the trades before the seq of the last one.',
  tags,
  params: symbolParameter,
  querystring: Type.Object({
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, default: TRADES_STANDARD, description: 'Number of trades at most' }),
    ),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only trades whose seq is below this one' })),
  }),
  response: { 200: TradesAnswer },
  problems: ['not-found'],
} as const

const barParameters = {
  interval: Type.Optional(
    Type.Enum(Object.keys(INTERVALS) as Interval[], {
      default: INTERVAL_STANDARD,
      description: 'Length of a bar; days begin at UTC midnight',
    }),
  ),
  from: Type.Optional(Type.Integer({ description: 'Bars that open at or after this time, milliseconds since 1970' })),
  to: Type.Optional(Type.Integer({ description: 'Bars that open before this time, milliseconds since 1970' })),
}
type BarsQuery = Static<Type.TObject<typeof barParameters>> & { readonly limit?: number }

const barsLimit = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: BARS_MAX, default: BARS_STANDARD, description }))

const candlesSchema = {
  operationId: 'listCandles',
  summary: 'Bars of an instrument, oldest first',
  description:
    'The page before this one is the bars before the time of its first: up to the beginning of the past that a new ' +
    'market has (`--past-days`), and at most a month of bars of a minute and longer, and an hour of bars of a second. ' +
    'Bars of a second exist only since the market began.',
  tags,
  params: symbolParameter,
  querystring: Type.Object({ ...barParameters, limit: barsLimit('Number of bars at most; the newest ones') }),
  response: { 200: CandlesAnswer },
  problems: ['not-found'],
} as const

const symbolsParameter = Type.Optional(
  Type.Union([Type.String(), Type.Array(Type.String())], {
    description: 'The instruments, separated by commas or repeated; all when absent',
  }),
)

const candlesBySymbolSchema = {
  operationId: 'listCandlesBySymbol',
  summary: 'Bars of several instruments, each oldest first',
  description: `At most ${BARS_IN_ALL_MAX.toLocaleString('en-US')} bars: the number of instruments times the limit.`,
  tags,
  querystring: Type.Object({
    symbols: symbolsParameter,
    ...barParameters,
    limit: barsLimit('Number of bars of each instrument at most; the newest ones'),
  }),
  response: { 200: CandlesBySymbolAnswer },
  problems: ['unknown-symbol', 'bad-parameter'],
} as const

const quotesSchema = {
  operationId: 'getQuotes',
  summary: 'The latest quote of each instrument',
  tags,
  querystring: Type.Object({ symbols: symbolsParameter }),
  response: { 200: QuotesAnswer },
  problems: ['unknown-symbol'],
} as const

export interface InstrumentRoutesDeps {
  readonly feed: Feed
  readonly venue: VenuePort
}

export function instrumentRoutes({ feed, venue }: InstrumentRoutesDeps): readonly Route[] {
  const here = () => formatPosition(feed.log.epoch, feed.log.head)
  const find = (symbol: string): FeedInstrumentView => {
    const found = feed.view.instrument(symbol)
    if (found !== undefined) return found
    throw new CodedError('not-found', `there is no ${symbol}; the symbols are ${feed.view.symbols.join(', ')}`)
  }
  const select = (symbols: string | readonly string[] | undefined): readonly FeedInstrumentView[] => {
    const wanted = parseSymbols(symbols, feed.view.symbols)
    return wanted.length === 0 ? feed.view.all() : wanted.map(find)
  }

  return [
    defineRoute('GET /instruments', instrumentsSchema, () =>
      ok(feed.view.all().map(instrument => instrument.describe())),
    ),

    defineRoute('GET /instruments/:symbol', instrumentSchema, ({ params }) => ok(find(params.symbol).describe())),

    defineRoute('GET /instruments/:symbol/book', bookSchema, async ({ params, query }) => {
      const { symbol } = find(params.symbol).spec
      // The number of orders at a level is not in the feed.
      return ok(await venue.query('depth', { symbol, levels: query.depth ?? DEPTH_STANDARD }))
    }),

    defineRoute('GET /instruments/:symbol/trades', tradesSchema, async ({ params, query }) => {
      const { symbol } = find(params.symbol).spec
      const { limit = TRADES_STANDARD, before = feed.log.head + 1 } = query
      const id = here()
      const events = await venue.query('history', { symbol, event: 'trade', before, limit })
      return ok({ id, symbol, trades: events.map(event => JSON.parse(event.data) as Trade) })
    }),

    defineRoute('GET /instruments/:symbol/candles', candlesSchema, async ({ params, query }) => {
      const instrument = find(params.symbol)
      const { interval = INTERVAL_STANDARD } = query
      const { bars: candles, beginning } = await instrument.bars(interval, rangeOf(query))
      const { symbol } = instrument.spec
      return ok({ id: here(), symbol, interval, candles, ...(beginning !== undefined && { beginning }) })
    }),

    defineRoute('GET /candles', candlesBySymbolSchema, async ({ query }) => {
      const { interval = INTERVAL_STANDARD } = query
      const range = rangeOf(query)
      const instruments = select(query.symbols)
      checkBarsInAll(instruments.length, range.limit)
      const read = () => Promise.all(instruments.map(instrument => instrument.bars(interval, range)))
      // Reads what is older; then all settle at once, at one position.
      await read()
      const answers = await read()
      const candles = instruments.map(({ spec }, index) => [spec.symbol, answers[index]!.bars] as const)
      return ok({ id: here(), interval, candles: Object.fromEntries(candles) })
    }),

    defineRoute('GET /quotes', quotesSchema, ({ query }) =>
      ok({ id: here(), quotes: select(query.symbols).flatMap(({ ticker }) => ticker.quote ?? []) }),
    ),
  ]
}

function rangeOf({ from = 0, to = Number.POSITIVE_INFINITY, limit = BARS_STANDARD }: BarsQuery): BarQuery {
  return { from, to, limit }
}

/** @throws {CodedError} bad-parameter, with a limit that these instruments may have. */
function checkBarsInAll(instruments: number, limit: number): void {
  if (instruments * limit <= BARS_IN_ALL_MAX) return
  throw new CodedError(
    'bad-parameter',
    `${instruments} instruments with ${limit} bars each are more than ${BARS_IN_ALL_MAX} bars; ` +
      `ask for limit=${Math.floor(BARS_IN_ALL_MAX / instruments)}, or name fewer symbols`,
  )
}
