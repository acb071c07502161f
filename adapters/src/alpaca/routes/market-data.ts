// Alpaca's routes of market data: the latest trades, quotes and bars, snapshots, and bars by time. All from the view at
// the head of the feed. Times are the market's own.

import type { FeedInstrumentView } from '@papertape/feed'
import type { Bar } from '@papertape/protocol'
import type { AdapterAnswer } from '../../adapter.ts'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { readBars } from '../../market/bar-lengths.ts'
import { formatTimestamp, startOfDay } from '../../values/time.ts'
import { type AlpacaCall, type AlpacaHandler, type AlpacaRoutes, okBody } from '../alpaca-route.ts'
import { alpacaBar, alpacaQuote, alpacaSnapshot, alpacaTrade } from '../messages/market-data.ts'
import { badQuery, limitIn, listIn, timeIn } from '../query-fields.ts'
import { parseTimeFrame } from '../time-frames.ts'

const BARS_STANDARD = 1_000
const BARS_MAX = 10_000
/** Older bars do not exist (feed/src/view/bar-history.ts). */
const PAST_MS = 32 * 86_400_000

const write = (ms: number) => formatTimestamp(ms * 1_000)

export function alpacaMarketDataRoutes({ feed, venue }: Pick<AdapterDeps, 'feed' | 'venue'>): AlpacaRoutes {
  /** @throws {AlpacaError} */
  const find = (symbol: string): FeedInstrumentView => {
    const found = feed.view.instrument(symbol)
    if (found === undefined) throw badQuery(`invalid symbol: ${symbol}`)
    return found
  }
  const selected = (call: AlpacaCall): readonly FeedInstrumentView[] => {
    const symbols = listIn(call.query, 'symbols')
    if (symbols.length === 0) throw badQuery('symbols is required')
    return [...new Set(symbols)].map(find)
  }

  /** The two routes of a latest value: of one symbol, and of several by their symbols. */
  const latest = (kind: string, field: string, read: (instrument: FeedInstrumentView) => unknown): AlpacaRoutes => ({
    [`GET /v2/stocks/${kind}/latest`]: async call => {
      await call.reader()
      return okBody({ [kind]: await bySymbol(selected(call), read) })
    },
    [`GET /v2/stocks/:symbol/${kind}/latest`]: async call => {
      await call.reader()
      const { symbol } = call.params
      return okBody({ symbol, [field]: await read(find(symbol!)) })
    },
  })

  const barsOf = async (call: AlpacaCall, instruments: readonly FeedInstrumentView[]) => {
    const intervalMs = parseTimeFrame(call.query.get('timeframe') ?? '')
    const { time: now } = await venue.query('market', {})
    const total = limitIn(call.query, 'limit', BARS_STANDARD, BARS_MAX)
    const limit = Math.max(1, Math.floor(total / instruments.length))
    const isFalling = call.query.get('sort') === 'desc'
    const token = timeToken(call.query)
    const firstOpening = (ms: number) => Math.ceil(ms / intervalMs) * intervalMs
    const asked = timeIn(call.query, 'start') ?? startOfDay(now)
    const start = firstOpening(Math.max(asked, startOfDay(now - PAST_MS)))
    // Alpaca's end is included.
    const end = Math.min(timeIn(call.query, 'end') ?? now, now) + 1
    // As many places for bars as a page may have, so that no page skips one.
    const spanMs = limit * intervalMs
    const from = isFalling ? Math.max(start, firstOpening((token ?? end) - spanMs)) : (token ?? start)
    const to = isFalling ? (token ?? end) : Math.min(end, from + spanMs)
    const bars = await bySymbol(instruments, async instrument => {
      const read = await readBars(instrument, intervalMs, { from, to, limit })
      return (isFalling ? read.reverse() : read).map(bar => alpacaBar(bar, write))
    })
    const isLast = isFalling ? from <= start : to >= end
    return { bars, next_page_token: isLast ? null : String(isFalling ? from : to) }
  }

  return {
    ...latest('trades', 'trade', ({ ticker }) => ticker.lastTrade && alpacaTrade(ticker.lastTrade, write)),
    ...latest('quotes', 'quote', ({ ticker }) => ticker.quote && alpacaQuote(ticker.quote, write)),
    ...latest('bars', 'bar', async instrument => {
      const bar = await lastBar(instrument, '1m')
      return bar === undefined ? null : alpacaBar(bar, write)
    }),

    'GET /v2/stocks/snapshots': async call => {
      await call.reader()
      return okBody(await bySymbol(selected(call), snapshotOf))
    },
    'GET /v2/stocks/:symbol/snapshot': async call => {
      await call.reader()
      const { symbol } = call.params
      return okBody({ symbol, ...(await snapshotOf(find(symbol!))) })
    },
    'GET /v2/stocks/bars': async call => {
      await call.reader()
      return okBody(await barsOf(call, selected(call)))
    },
    'GET /v2/stocks/:symbol/bars': async (call): Promise<AdapterAnswer> => {
      await call.reader()
      const symbol = call.params.symbol!
      const { bars, next_page_token } = await barsOf(call, [find(symbol)])
      return okBody({ symbol, bars: bars[symbol], next_page_token })
    },
  } satisfies Record<string, AlpacaHandler>
}

async function bySymbol<Value>(
  instruments: readonly FeedInstrumentView[],
  read: (instrument: FeedInstrumentView) => Value | Promise<Value>,
): Promise<Record<string, Value>> {
  const values: Record<string, Value> = {}
  for (const instrument of instruments) values[instrument.spec.symbol] = await read(instrument)
  return values
}

async function snapshotOf(instrument: FeedInstrumentView) {
  const { lastTrade: trade, quote } = instrument.ticker
  const days = await lastBars(instrument, '1d', 2)
  const minute = await lastBar(instrument, '1m')
  return alpacaSnapshot({ trade, quote, minute, day: days.at(-1), previousDay: days.at(-2) }, write)
}

async function lastBar(instrument: FeedInstrumentView, interval: '1m'): Promise<Bar | undefined> {
  return (await lastBars(instrument, interval, 1)).at(-1)
}

async function lastBars(instrument: FeedInstrumentView, interval: '1m' | '1d', limit: number): Promise<readonly Bar[]> {
  const { bars } = await instrument.bars(interval, { from: 0, to: Number.POSITIVE_INFINITY, limit })
  return bars
}

/** Where the next page begins. @throws {AlpacaError} */
function timeToken(query: URLSearchParams): number | undefined {
  const token = query.get('page_token') ?? ''
  if (token === '') return undefined
  if (!/^\d{1,14}$/.test(token)) throw badQuery('page_token must be the next_page_token of the page before')
  return Number(token)
}
