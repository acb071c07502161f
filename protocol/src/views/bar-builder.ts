// Bars as a reducer over trades: for the exchange's candles, the server's history and the page's forming bar. Hidden
// trades count too.

import type { Bar } from '../schemas/feed/events.ts'

export interface BarBuilder {
  /** The bar that is forming; undefined before the first trade. */
  readonly bar: Bar | undefined
  /** Sum of price x size of the forming bar, for a checkpoint. */
  readonly turnover: number
  /** Adds a trade; returns the bar that it closed, if it opened a new one. */
  add(time: number, price: number, size: number): Bar | undefined
  /** Returns the bar that has ended by `time`, once. */
  close(time: number): Bar | undefined
}

/**
 * @param intervalMs the bar's length; bars open at whole multiples of it.
 * @param from the forming bar of a checkpoint.
 */
export function createBarBuilder(
  intervalMs: number,
  from?: { readonly bar: Bar; readonly turnover: number },
): BarBuilder {
  let open = from?.bar
  let turnover = from?.turnover ?? 0

  function close(time: number): Bar | undefined {
    if (open === undefined || time < open.time + intervalMs) return undefined
    const closed = open
    open = undefined
    return closed
  }

  function add(time: number, price: number, size: number): Bar | undefined {
    const closed = close(time)
    if (open === undefined) {
      turnover = price * size
      const start = time - (time % intervalMs)
      open = { time: start, open: price, high: price, low: price, close: price, volume: size, vwap: price, trades: 1 }
      return closed
    }
    turnover += price * size
    const volume = open.volume + size
    open = {
      ...open,
      high: Math.max(open.high, price),
      low: Math.min(open.low, price),
      close: price,
      volume,
      vwap: roundPrice(turnover / volume),
      trades: open.trades + 1,
    }
    return closed
  }

  return {
    get bar() {
      return open
    },
    get turnover() {
      return turnover
    },
    add,
    close,
  }
}

/** Joins bars of a short interval into those of a longer one; both oldest first. */
export function joinBars(bars: readonly Bar[], intervalMs: number): Bar[] {
  const joined: Bar[] = []
  for (const bar of bars) {
    const time = bar.time - (bar.time % intervalMs)
    const last = joined.at(-1)
    if (last === undefined || last.time !== time) {
      joined.push({ ...bar, time })
      continue
    }
    const volume = last.volume + bar.volume
    joined[joined.length - 1] = {
      time,
      open: last.open,
      high: Math.max(last.high, bar.high),
      low: Math.min(last.low, bar.low),
      close: bar.close,
      volume,
      vwap: roundPrice((last.vwap * last.volume + bar.vwap * bar.volume) / volume),
      trades: last.trades + bar.trades,
    }
  }
  return joined
}

/** Average prices are rounded to the ten-thousandth. */
function roundPrice(price: number): number {
  return Math.round(price * 10_000) / 10_000
}
