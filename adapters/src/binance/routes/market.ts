// Binance's public routes: the service, its symbols, and market data from the view at the head of the feed.

import type { FeedInstrumentView } from '@papertape/feed'
import { LOTS_MAX, type Trade, toPrice } from '@papertape/protocol'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { readBars } from '../../market/bar-lengths.ts'
import { type BinanceRoutes, okAnswer } from '../binance-route.ts'
import { badSymbol } from '../errors.ts'
import { requireInterval } from '../kline-intervals.ts'
import { fixed } from '../messages/decimals.ts'
import {
  aggregateTrade,
  bookTicker,
  dayTicker,
  klineRow,
  levels,
  noQuote,
  recentTrade,
  symbolInfo,
} from '../messages/market-data.ts'
import type { BinanceParameters } from '../parameters.ts'
import { pairOf } from '../symbols.ts'

const DEPTH = { standard: 100, most: 5_000 }
const TRADES = { standard: 500, most: 1_000 }
/** Trades that a page by time or number is looked for in. */
const TRADES_SEARCHED_MAX = 20_000
const DAY_MS = 86_400_000
/** The last day is that of whole quarters of an hour. */
const QUARTER_MS = 900_000
const KLINES = { standard: 500, most: 1_000 }

export function binanceMarketRoutes(
  deps: Pick<AdapterDeps, 'feed' | 'venue' | 'clock' | 'commands' | 'reads'>,
): BinanceRoutes {
  const { feed, venue, clock, commands, reads } = deps
  const now = () => Math.floor(clock.wallMs())
  /** @throws {BinanceError} */
  const find = (symbol: string): FeedInstrumentView => {
    const found = feed.view.instrument(symbol)
    if (found === undefined) throw badSymbol()
    return found
  }
  const required = (parameters: BinanceParameters): FeedInstrumentView => {
    parameters.requireText('symbol')
    return find(parameters.symbol()!)
  }
  /** One for `symbol`, a list for `symbols` and for neither. */
  const shown = async (parameters: BinanceParameters, show: (instrument: FeedInstrumentView) => unknown) => {
    const symbol = parameters.symbol()
    if (symbol !== undefined) return show(find(symbol))
    return Promise.all((parameters.symbols()?.map(find) ?? feed.view.all()).map(show))
  }
  /** Newest first, below a number of the feed. */
  const tradesBefore = async (symbol: string, before: number, limit: number) => {
    const events = await venue.query('history', { symbol, event: 'trade', before, limit })
    return events.map(({ data }) => JSON.parse(data) as Trade)
  }
  /** Oldest first: with a start the oldest from there on, else the newest. */
  const tradesIn = async (symbol: string, parameters: BinanceParameters, limit: number): Promise<readonly Trade[]> => {
    const fromId = parameters.whole('fromId')
    const startMs = parameters.whole('startTime')
    const endMs = parameters.whole('endTime') ?? Number.MAX_SAFE_INTEGER
    const isRising = fromId !== undefined || startMs !== undefined
    const isOlder = ({ tradeId, time }: Trade) => tradeId < (fromId ?? 0) || time < (startMs ?? 0)
    const found: Trade[] = []
    let before = feed.log.head + 1
    for (let searched = 0; searched < TRADES_SEARCHED_MAX; searched += TRADES.most) {
      const page = await tradesBefore(symbol, before, TRADES.most)
      found.push(...page.filter(trade => !isOlder(trade) && trade.time <= endMs))
      const isDone = page.length < TRADES.most || page.some(isOlder) || (!isRising && found.length >= limit)
      if (isDone) break
      before = page.at(-1)!.seq
    }
    found.reverse()
    return isRising ? found.slice(0, limit) : found.slice(-limit)
  }

  return {
    'GET /api/v3/ping': async () => okAnswer({}),

    'GET /api/v3/time': async () => okAnswer({ serverTime: now() }),

    'GET /api/v3/exchangeInfo': async ({ parameters }) => {
      const symbol = parameters.symbol()
      const symbols = symbol === undefined ? parameters.symbols() : [symbol]
      const instruments = symbols?.map(find) ?? feed.view.all()
      const limit = (rateLimitType: string, perSecond: number) => {
        return { rateLimitType, interval: 'SECOND', intervalNum: 1, limit: perSecond }
      }
      return okAnswer({
        timezone: 'UTC',
        serverTime: now(),
        rateLimits: [limit('ORDERS', commands.rule.perSecond), limit('REQUEST_WEIGHT', reads.rule.perSecond)],
        exchangeFilters: [],
        symbols: instruments.map(instrument => {
          const { spec } = instrument
          return symbolInfo(instrument.describe(), toPrice(spec, spec.priceTicksMax), LOTS_MAX * spec.lotSize)
        }),
      })
    },

    'GET /api/v3/depth': async ({ parameters }) => {
      const { book } = required(parameters)
      const most = parameters.limit(DEPTH.standard, DEPTH.most)
      // The book includes every event up to the head: updates that a stream sends later continue it.
      return okAnswer({ lastUpdateId: feed.log.head, bids: levels(book.bids, most), asks: levels(book.asks, most) })
    },

    'GET /api/v3/trades': async ({ parameters }) => {
      const { symbol } = required(parameters).spec
      const trades = await tradesBefore(symbol, feed.log.head + 1, parameters.limit(TRADES.standard, TRADES.most))
      return okAnswer(trades.reverse().map(recentTrade))
    },

    'GET /api/v3/aggTrades': async ({ parameters }) => {
      const { symbol } = required(parameters).spec
      const trades = await tradesIn(symbol, parameters, parameters.limit(TRADES.standard, TRADES.most))
      return okAnswer(trades.map(aggregateTrade))
    },

    'GET /api/v3/klines': async ({ parameters }) => {
      const instrument = required(parameters)
      const intervalMs = requireInterval(parameters.requireText('interval'))
      const limit = parameters.limit(KLINES.standard, KLINES.most)
      const from = parameters.whole('startTime') ?? 0
      const to = (parameters.whole('endTime') ?? Number.MAX_SAFE_INTEGER - 1) + 1
      // With a start the oldest from there on, else the newest.
      const until = parameters.text('startTime') === undefined ? to : Math.min(to, from + limit * intervalMs)
      const bars = await readBars(instrument, intervalMs, { from, to: until, limit })
      return okAnswer(bars.map(bar => klineRow(bar, intervalMs)))
    },

    'GET /api/v3/ticker/price': async ({ parameters }) => {
      const price = ({ spec, ticker }: FeedInstrumentView) => {
        return { symbol: pairOf(spec.symbol), price: fixed(ticker.lastTrade?.price ?? ticker.day.previousClose) }
      }
      return okAnswer(await shown(parameters, price))
    },

    'GET /api/v3/ticker/bookTicker': async ({ parameters }) =>
      okAnswer(await shown(parameters, ({ spec, ticker }) => bookTicker(ticker.quote ?? noQuote(spec.symbol)))),

    'GET /api/v3/ticker/24hr': async ({ parameters }) => {
      const { time } = await venue.query('market', {})
      const range = { from: time - DAY_MS, to: Number.MAX_SAFE_INTEGER, limit: DAY_MS / QUARTER_MS }
      const show = async (instrument: FeedInstrumentView) =>
        dayTicker(instrument.ticker, await readBars(instrument, QUARTER_MS, range), time)
      return okAnswer(await shown(parameters, show))
    },
  }
}
