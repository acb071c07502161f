// Instruments, trades, quotes and bars for tests.

import type { Bar, Instrument, InstrumentSnapshot, Quote, Trade } from '@papertape/protocol'

export function instrumentOf(symbol: string, change: Partial<Instrument> = {}): Instrument {
  const bands = { low: 0.01, high: 1_000 }
  const phase = 'continuous' as const
  return { symbol, name: `${symbol} Holdings`, tickSize: 0.01, lotSize: 1, priceDecimals: 2, phase, bands, ...change }
}

export function tradeOf(seq: number, price: number, change: Partial<Trade> = {}): Trade {
  const time = seq * 1_000
  return { seq, ts: time * 1_000, time, symbol: 'AAA', tradeId: seq, price, size: 10, aggressor: 'buy', ...change }
}

export function quoteOf(seq: number, bid: number | null, ask: number | null): Quote {
  const time = seq * 1_000
  return { seq, ts: time * 1_000, time, symbol: 'AAA', bid, bidSize: 5, ask, askSize: 7 }
}

export function stateOf(symbol: string, change: Partial<InstrumentSnapshot> = {}): InstrumentSnapshot {
  const day = { open: 10, high: 12, low: 9, volume: 500, previousClose: 10 }
  return { symbol, phase: 'continuous', quote: null, lastTrade: null, day, ...change }
}

export function barOf(price: number, change: Partial<Bar> = {}): Bar {
  const flat = { open: price, high: price, low: price, close: price, vwap: price }
  return { time: 60_000, ...flat, volume: 10, trades: 1, ...change }
}
