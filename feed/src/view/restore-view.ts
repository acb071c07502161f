// Builds the market view of a feed that starts: books and phases from the venue's state, the newest bars, day, last
// trade and news from the journal, which has the older bars too. The result is what applying the whole log would have
// given.

import {
  type Candle,
  type Day,
  INTERVALS,
  type InstrumentSpec,
  joinBars,
  type Quote,
  Ticker,
  type Trade,
  tickerSnapshot,
  toPrice,
} from '@papertape/protocol'
import { createPast, type Past } from '@papertape/simulators'
import { decodeEvent, type EncodedEvent, type VenueState } from '@papertape/venue'
import { type FeedInstrumentView, FeedView, NEWS_MAX } from './feed-view.ts'
import { type FetchCandles, olderBars } from './older-bars.ts'

const MINUTE_MS = 60_000
/** The candles of a day, and the last one before it. */
const CANDLES_MAX = 1_441
const TRADES_MAX = 20_000

/** One instrument's newest events of a kind, newest first; null: those of the whole market. */
export type FetchHistory = (
  symbol: string | null,
  event: 'candle' | 'trade' | 'quote' | 'news',
  limit: number,
) => Promise<EncodedEvent[]>

/** @param fetchCandles is used later, when a chart is scrolled back. */
export async function restoreView(
  state: VenueState,
  fetchHistory: FetchHistory,
  fetchCandles: FetchCandles,
): Promise<FeedView> {
  const view = new FeedView(state.specs, state.instruments)
  const past = state.past && createPast(state.past)
  for (const instrument of view.all()) await restoreInstrument(instrument, past, fetchHistory, fetchCandles)
  for (const event of (await fetchHistory(null, 'news', NEWS_MAX)).reverse()) view.apply(decodeEvent(event))
  return view
}

async function restoreInstrument(
  instrument: FeedInstrumentView,
  past: Past | undefined,
  fetchHistory: FetchHistory,
  fetchCandles: FetchCandles,
): Promise<void> {
  const { spec, ticker, minutes } = instrument
  const candles = (await fetchHistory(spec.symbol, 'candle', CANDLES_MAX)).reverse().map(decodeEvent)
  const trades = (await fetchHistory(spec.symbol, 'trade', TRADES_MAX)).reverse().map(decodeEvent)
  const [quote] = (await fetchHistory(spec.symbol, 'quote', 1)).map(decodeEvent)
  for (const event of [...candles, ...trades].sort((a, b) => a.data.seq - b.data.seq)) instrument.apply(event)
  const hasAll = candles.length < CANDLES_MAX
  minutes.readFrom(olderBars(spec, hasAll ? undefined : candles[0]!.data.seq, fetchCandles, past))
  ticker.reset({
    ...tickerSnapshot(ticker),
    quote: (quote?.data as Quote | undefined) ?? null,
    day: reduceDay(
      spec,
      hasAll ? openingDay(spec, past) : undefined,
      candles.map(({ data }) => data as Candle),
      trades.map(({ data }) => data as Trade),
    ),
  })
}

/** The day in which the market began, up to its first trade. */
function openingDay(spec: InstrumentSpec, past: Past | undefined): Day | undefined {
  const part = past?.daysOf(spec).next().value
  if (part === undefined) return undefined
  const [{ open, high, low, volume } = { open: null, high: null, low: null, volume: 0 }] = joinBars(
    part.bars,
    INTERVALS['1d'],
  )
  return { open, high, low, volume, previousClose: part.previousClose }
}

/**
 * Of closed minutes the journal may have the candles alone: the day is reduced from these, then from the later trades.
 * @param opening of a market whose first candles are among these.
 */
function reduceDay(
  spec: InstrumentSpec,
  opening: Day | undefined,
  candles: readonly Candle[],
  trades: readonly Trade[],
): Day {
  const ticker = new Ticker(spec.symbol, 'continuous', toPrice(spec, spec.previousCloseTicks))
  if (opening !== undefined) ticker.reset({ ...tickerSnapshot(ticker), day: opening })
  const lastCandle = candles.at(-1)
  const closedUntil = lastCandle === undefined ? 0 : lastCandle.time + MINUTE_MS
  const openTrades = trades.filter(({ time }) => time >= closedUntil)
  for (const data of [...candles.flatMap(tradesOf), ...openTrades]) ticker.apply({ event: 'trade', data })
  return ticker.day
}

/** Trades with the prices and the volume of a minute: for a day they are as good as the ones that it had. */
function tradesOf({ open, high, low, close, volume, ...stamp }: Candle): Trade[] {
  return [open, high, low, close].map((price, i) => ({
    ...stamp,
    tradeId: 0,
    price,
    size: i === 0 ? volume : 0,
    aggressor: 'buy',
  }))
}
