// What panels show of an instrument, derived from its ticker. Pure.

import type { Indication, Instrument, Phase, Ticker } from '@papertape/protocol'
import { type Direction, directionOf, formatPrice } from '../format/format.ts'
import type { DepthState } from './depth.ts'

/** One instrument, as in a row of the watchlist and in the header of the selected instrument. */
export interface InstrumentSummary {
  readonly symbol: string
  readonly phase: Phase
  /** Why the phase began, and when it ends on the market's clock; a snapshot has neither. */
  readonly phaseReason: string | null
  readonly phaseEndsMs: number | null
  /** In a call phase: the auction as it would be now. */
  readonly auction: Indication | undefined
  readonly last: number | null
  /** Against the previous close. */
  readonly change: number | null
  readonly changeFraction: number | null
  readonly direction: Direction
  /** Counts changes of the last price; with its direction it says what to flash. */
  readonly tick: number
  readonly tickDirection: Direction
  readonly volume: number
  readonly bid: number | null
  readonly bidSize: number
  readonly ask: number | null
  readonly askSize: number
  readonly open: number | null
  readonly high: number | null
  readonly low: number | null
  readonly previousClose: number | null
  readonly timeMs: number | null
}

export function summaryOf(ticker: Ticker, tick: number, tickDirection: Direction): InstrumentSummary {
  const { quote, lastTrade, day } = ticker
  const known = day.previousClose > 0
  const change = lastTrade === null || !known ? null : lastTrade.price - day.previousClose
  return {
    symbol: ticker.symbol,
    phase: ticker.phase,
    phaseReason: ticker.reason,
    phaseEndsMs: ticker.until,
    auction: ticker.auction,
    last: lastTrade?.price ?? null,
    change,
    changeFraction: known ? ticker.change : null,
    direction: directionOf(change),
    tick,
    tickDirection,
    volume: day.volume,
    bid: quote?.bid ?? null,
    bidSize: quote?.bidSize ?? 0,
    ask: quote?.ask ?? null,
    askSize: quote?.askSize ?? 0,
    open: day.open,
    high: day.high,
    low: day.low,
    previousClose: known ? day.previousClose : null,
    timeMs: lastTrade?.time ?? null,
  }
}

export const PHASE_LABELS: Readonly<Record<Phase, string>> = {
  preOpen: 'Pre-open',
  openingAuction: 'Opening auction',
  continuous: 'Continuous',
  limitState: 'Limit state',
  paused: 'Paused',
  halted: 'Halted',
  closingAuction: 'Closing auction',
  closed: 'Closed',
}

/** What the header says of a phase in which the instrument does not trade continuously. */
export const PHASE_MEANINGS: Readonly<Record<Phase, string>> = {
  preOpen: 'orders wait for the opening auction',
  openingAuction: 'orders collect for one price',
  continuous: 'orders trade as they arrive',
  limitState: 'the price is at its band',
  paused: 'orders collect for the reopening auction',
  halted: 'nothing trades',
  closingAuction: 'orders collect for one price',
  closed: 'trading is over for the day',
}

/** The width of a price of this instrument, in characters, also when it has doubled. */
export function priceWidth({ bands, priceDecimals }: Pick<Instrument, 'bands' | 'priceDecimals'>): number {
  return formatPrice(bands.high * 2, priceDecimals).length
}

/**
 * The summary with the best prices of the order book while that is open and without a gap: the feed conflates quotes
 * and books apart, so that the quote may be a moment newer than the book that the ladder shows beside it.
 */
export function withTouchOf(
  summary: InstrumentSummary,
  { symbol, proof, bids, asks }: Pick<DepthState, 'symbol' | 'proof' | 'bids' | 'asks'>,
): InstrumentSummary {
  const isKnown = symbol === summary.symbol && (proof === 'verified' || proof === 'stale')
  // In a call phase the book may be crossed, and there is no quote.
  if (!isKnown || summary.phase !== 'continuous') return summary
  const [bid] = bids
  const [ask] = asks
  return {
    ...summary,
    bid: bid?.price ?? null,
    bidSize: bid?.size ?? 0,
    ask: ask?.price ?? null,
    askSize: ask?.size ?? 0,
  }
}

/** What the arrow beside a last price says. */
export const TICK_MEANING = '▲ ▼ which way the price last moved'

/** Ask less bid, and its fraction of the mid price; undefined unless both sides have a price. */
export function spreadOf({
  bid,
  ask,
}: InstrumentSummary): { readonly absolute: number; readonly fraction: number } | undefined {
  if (bid === null || ask === null) return undefined
  const absolute = ask - bid
  return { absolute, fraction: (absolute * 2) / (ask + bid) }
}

/** The instruments that match a filter: each of its words begins the symbol or a word of the name. */
export function matching<T extends { readonly symbol: string; readonly name: string }>(
  list: readonly T[],
  filter: string,
): readonly T[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return list
  return list.filter(one => {
    const starts = [one.symbol, ...one.name.split(/\s+/)].map(part => part.toLowerCase())
    return words.every(word => starts.some(start => start.startsWith(word)))
  })
}
