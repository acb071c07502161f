// Builds the market view of a gateway that starts: books and phases from the venue's state, the past from the log. What
// it yields equals what folding the whole log would have.

import { type Candle, type Day, type InstrumentSpec, type Quote, type Trade, toPrice } from '@papertape/protocol'
import type { EncodedEvent, VenueState } from '@papertape/venue'
import { decodeEvent } from '@papertape/venue'
import { type InstrumentView, MarketView } from './market-view.ts'

const DAY_MS = 86_400_000
const CANDLES_MAX = 10_080
const TRADES_MAX = 20_000

/** One instrument's newest events of a kind, newest first. */
export type FetchHistory = (
  symbol: string,
  event: 'candle' | 'trade' | 'quote',
  limit: number,
) => Promise<EncodedEvent[]>

export async function restoreView(state: VenueState, readHistory: FetchHistory): Promise<MarketView> {
  const view = new MarketView(state.specs, state.instruments)
  for (const instrument of view.all()) await restoreInstrument(instrument, readHistory)
  return view
}

async function restoreInstrument(instrument: InstrumentView, readHistory: FetchHistory): Promise<void> {
  const { spec, ticker } = instrument
  const candles = (await readHistory(spec.symbol, 'candle', CANDLES_MAX)).reverse()
  const trades = (await readHistory(spec.symbol, 'trade', TRADES_MAX)).reverse()
  const [quote] = await readHistory(spec.symbol, 'quote', 1)
  for (const event of inLogOrder(candles, trades)) instrument.apply(event)
  ticker.reset({
    ...ticker.snapshot(),
    quote: quote === undefined ? null : (decodeEvent(quote).data as Quote),
    day: foldDay(spec, candles.map(dataOf<Candle>), trades.map(dataOf<Trade>)),
  })
}

function dataOf<T>(event: EncodedEvent): T {
  return JSON.parse(event.data) as T
}

function inLogOrder(candles: readonly EncodedEvent[], trades: readonly EncodedEvent[]): EncodedEvent[] {
  return [...candles, ...trades].sort((a, b) => a.seq - b.seq)
}

/** The day that the newest trade belongs to: its closed minutes, then the trades of the minute that is open. */
function foldDay(spec: InstrumentSpec, candles: readonly Candle[], trades: readonly Trade[]): Day {
  const last = trades.at(-1)
  const dayStart = last === undefined ? 0 : last.time - (last.time % DAY_MS)
  const before = candles.findLast(candle => candle.time < dayStart)
  const closed = candles.filter(candle => candle.time >= dayStart)
  const closedUntil = Math.max(dayStart, (closed.at(-1)?.time ?? 0) + (closed.length > 0 ? 60_000 : 0))
  const open = trades.filter(trade => trade.time >= closedUntil)
  const prices = [...closed.flatMap(({ high, low }) => [high, low]), ...open.map(trade => trade.price)]
  return {
    open: closed[0]?.open ?? open[0]?.price ?? null,
    high: prices.length === 0 ? null : prices.reduce((a, b) => Math.max(a, b)),
    low: prices.length === 0 ? null : prices.reduce((a, b) => Math.min(a, b)),
    volume: closed.reduce((sum, { volume }) => sum + volume, 0) + open.reduce((sum, { size }) => sum + size, 0),
    previousClose: before?.close ?? toPrice(spec, spec.previousCloseTicks),
  }
}
