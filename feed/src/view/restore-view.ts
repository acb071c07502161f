// Builds the market view of a feed that starts: books and phases from the venue's state, bars, day, last trade and
// news from the journal. The result is what applying the whole log would have given.

import {
  type Candle,
  type Day,
  type InstrumentSpec,
  type Quote,
  Ticker,
  type Trade,
  toPrice,
} from '@papertape/protocol'
import { decodeEvent, type EncodedEvent, type VenueState } from '@papertape/venue'
import { type FeedInstrumentView, FeedView, NEWS_MAX } from './feed-view.ts'

const MINUTE_MS = 60_000
const CANDLES_MAX = 10_080
const TRADES_MAX = 20_000

/** One instrument's newest events of a kind, newest first; null: those of the whole market. */
export type FetchHistory = (
  symbol: string | null,
  event: 'candle' | 'trade' | 'quote' | 'news',
  limit: number,
) => Promise<EncodedEvent[]>

export async function restoreView(state: VenueState, fetchHistory: FetchHistory): Promise<FeedView> {
  const view = new FeedView(state.specs, state.instruments)
  for (const instrument of view.all()) await restoreInstrument(instrument, fetchHistory)
  for (const event of (await fetchHistory(null, 'news', NEWS_MAX)).reverse()) view.apply(decodeEvent(event))
  return view
}

async function restoreInstrument(instrument: FeedInstrumentView, fetchHistory: FetchHistory): Promise<void> {
  const { spec, ticker } = instrument
  const candles = (await fetchHistory(spec.symbol, 'candle', CANDLES_MAX)).reverse().map(decodeEvent)
  const trades = (await fetchHistory(spec.symbol, 'trade', TRADES_MAX)).reverse().map(decodeEvent)
  const [quote] = (await fetchHistory(spec.symbol, 'quote', 1)).map(decodeEvent)
  for (const event of [...candles, ...trades].sort((a, b) => a.data.seq - b.data.seq)) instrument.apply(event)
  ticker.reset({
    ...ticker.snapshot(),
    quote: (quote?.data as Quote | undefined) ?? null,
    day: reduceDay(
      spec,
      candles.map(({ data }) => data as Candle),
      trades.map(({ data }) => data as Trade),
    ),
  })
}

/**
 * Of closed minutes the journal may have the candles alone: the day is reduced from these, then from the later trades.
 */
function reduceDay(spec: InstrumentSpec, candles: readonly Candle[], trades: readonly Trade[]): Day {
  const ticker = new Ticker(spec.symbol, 'continuous', toPrice(spec, spec.previousCloseTicks))
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
