// Bars as a reducer over trades: the exchange closes minutes with it, the server keeps its history with it, and the
// page draws the forming bar with it. Hidden trades count: they moved shares at that price.

import type { Bar } from '../schemas/feed.ts'

export interface BarBuilder {
  /** The bar that is forming; undefined before the first trade. */
  readonly bar: Bar | undefined
  /** Price x size of the forming bar's trades: with it a checkpoint can go on where the bar stopped. */
  readonly turnover: number
  /** Takes a trade; returns the bar that it closed, if it opened a new one. */
  add(time: number, price: number, size: number): Bar | undefined
  /** The bar that has ended by `time`, once. */
  close(time: number): Bar | undefined
}

/**
 * @param intervalMs the bar's length; bars open at whole multiples of it.
 * @param from the bar to go on with.
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

/** An average price is shown to the ten-thousandth: more digits would be noise of the division. */
function roundPrice(price: number): number {
  return Math.round(price * 10_000) / 10_000
}
