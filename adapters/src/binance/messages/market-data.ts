// Market data as Binance writes it, over REST and in its streams. Pure.

import type { Bar, Book, Instrument, Phase, PriceLevel, Quote, Ticker, Trade } from '@papertape/protocol'
import { pairOf, QUOTE_ASSET } from '../symbols.ts'
import { fixed, worth } from './decimals.ts'
import { PREVENTION_MODES } from './order.ts'
import { ORDER_TYPES_OFFERED } from './order-request.ts'

export function recentTrade({ tradeId, price, size, time, aggressor }: Trade) {
  return {
    id: tradeId,
    price: fixed(price),
    qty: fixed(size),
    quoteQty: fixed(worth(size, price)),
    time,
    isBuyerMaker: aggressor === 'sell',
    isBestMatch: true,
  }
}

/** Trades are not aggregated here: each is an aggregate of its own. */
export function aggregateTrade({ tradeId, price, size, time, aggressor }: Trade) {
  const ids = { a: tradeId, f: tradeId, l: tradeId }
  return { ...ids, p: fixed(price), q: fixed(size), T: time, m: aggressor === 'sell', M: true }
}

export function aggregateTradeEvent(trade: Trade, wallMs: number) {
  return { e: 'aggTrade', E: wallMs, s: pairOf(trade.symbol), ...aggregateTrade(trade) }
}

/** What has been traded in a day up to now. @param bars of that day, oldest first. */
export function dayTicker({ symbol, lastTrade, quote, day }: Ticker, bars: readonly Bar[], now: number) {
  const last = lastTrade?.price ?? day.previousClose
  const open = bars[0]?.open ?? last
  const volume = bars.reduce((sum, bar) => sum + bar.volume, 0)
  const value = bars.reduce((sum, bar) => sum + worth(bar.volume, bar.vwap), 0)
  const { bidPrice, bidQty, askPrice, askQty } = bookTicker(quote ?? noQuote(symbol))
  return {
    symbol: pairOf(symbol),
    priceChange: fixed(last - open),
    priceChangePercent: ((last / open - 1) * 100).toFixed(3),
    weightedAvgPrice: fixed(volume === 0 ? 0 : value / volume),
    prevClosePrice: fixed(open),
    lastPrice: fixed(last),
    lastQty: fixed(lastTrade?.size),
    ...{ bidPrice, bidQty, askPrice, askQty },
    openPrice: fixed(open),
    highPrice: fixed(bars.reduce((high, bar) => Math.max(high, bar.high), last)),
    lowPrice: fixed(bars.reduce((low, bar) => Math.min(low, bar.low), last)),
    volume: fixed(volume),
    quoteVolume: fixed(value),
    openTime: bars[0]?.time ?? now,
    closeTime: now,
    firstId: -1,
    lastId: lastTrade?.tradeId ?? -1,
    count: bars.reduce((sum, bar) => sum + bar.trades, 0),
  }
}

export function noQuote(symbol: string): Quote {
  return { symbol, seq: 0, ts: 0, time: 0, bid: null, bidSize: 0, ask: null, askSize: 0 }
}

/** @param wallMs when the event was made. */
export function tradeEvent({ symbol, tradeId, price, size, time, aggressor }: Trade, wallMs: number) {
  const what = { e: 'trade', E: wallMs, s: pairOf(symbol), t: tradeId, p: fixed(price), q: fixed(size) }
  return { ...what, T: time, m: aggressor === 'sell', M: true }
}

export function levels(side: readonly PriceLevel[], most: number): readonly (readonly [string, string])[] {
  return side.slice(0, most).map(([price, size]) => [fixed(price), fixed(size)])
}

/**
 * The numbers of the feed are the ids of the book: an update is from the one after the book's last event to its own, so
 * that one begins where the one before it ended.
 */
export function depthUpdate({ symbol, seq, prevSeq, changes }: Book, wallMs: number) {
  const of = (wanted: 'bid' | 'ask') =>
    changes.filter(([side]) => side === wanted).map(([, price, size]) => [fixed(price), fixed(size)])
  return { e: 'depthUpdate', E: wallMs, s: pairOf(symbol), U: prevSeq + 1, u: seq, b: of('bid'), a: of('ask') }
}

export function bookTicker({ symbol, bid, bidSize, ask, askSize }: Quote) {
  const sides = { bidPrice: fixed(bid), bidQty: fixed(bidSize), askPrice: fixed(ask), askQty: fixed(askSize) }
  return { symbol: pairOf(symbol), ...sides }
}

export function bookTickerEvent({ symbol, seq, bid, bidSize, ask, askSize }: Quote) {
  return { u: seq, s: pairOf(symbol), b: fixed(bid), B: fixed(bidSize), a: fixed(ask), A: fixed(askSize) }
}

/** The volume of takers that bought is not kept: it is 0. */
export function klineRow(bar: Bar, intervalMs: number) {
  const { time, open, high, low, close, volume, vwap, trades } = bar
  const prices = [fixed(open), fixed(high), fixed(low), fixed(close)]
  const quoteVolume = fixed(worth(volume, vwap))
  return [time, ...prices, fixed(volume), time + intervalMs - 1, quoteVolume, trades, fixed(0), fixed(0), '0']
}

export function klineEvent(
  symbol: string,
  name: string,
  bar: Bar,
  intervalMs: number,
  isClosed: boolean,
  wallMs: number,
) {
  const { time, open, high, low, close, volume, vwap, trades } = bar
  const k = {
    t: time,
    T: time + intervalMs - 1,
    s: pairOf(symbol),
    i: name,
    f: -1,
    L: -1,
    o: fixed(open),
    c: fixed(close),
    h: fixed(high),
    l: fixed(low),
    v: fixed(volume),
    n: trades,
    x: isClosed,
    q: fixed(worth(volume, vwap)),
    V: fixed(0),
    Q: fixed(0),
    B: '0',
  }
  return { e: 'kline', E: wallMs, s: pairOf(symbol), k }
}

const TRADING: readonly Phase[] = ['continuous', 'limitState']

/** @param sizeMax of an order. @param priceMax of an order. */
export function symbolInfo({ symbol, tickSize, lotSize, phase }: Instrument, priceMax: number, sizeMax: number) {
  return {
    symbol: pairOf(symbol),
    status: TRADING.includes(phase) ? 'TRADING' : 'HALT',
    baseAsset: symbol,
    baseAssetPrecision: 8,
    quoteAsset: QUOTE_ASSET,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ORDER_TYPES_OFFERED,
    icebergAllowed: true,
    ocoAllowed: false,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: false,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: false,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: fixed(tickSize), maxPrice: fixed(priceMax), tickSize: fixed(tickSize) },
      { filterType: 'LOT_SIZE', minQty: fixed(lotSize), maxQty: fixed(sizeMax), stepSize: fixed(lotSize) },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: PREVENTION_MODES.none,
    allowedSelfTradePreventionModes: Object.values(PREVENTION_MODES),
  }
}
