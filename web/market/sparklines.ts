// The last hour of each instrument as one close a minute: the history from REST, then the feed's trades. Written by
// feed.ts, drawn by charts/sparkline.ts.

import type { Bar, Trade } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { type ComputedObservable, createComputed, type Observable } from '../reactive/observable.ts'

export const SPARKLINE_MINUTES = 60
const MINUTE_MS = 60_000

export interface SparklineStore {
  /** Oldest first. */
  closes(symbol: string): Observable<readonly number[]>
  setHistory(symbol: string, bars: readonly Bar[]): void
  add(trade: Trade): void
  clear(): void
}

interface MinuteClose {
  readonly minute: number
  price: number
}

interface Sparkline {
  readonly minutes: MinuteClose[]
  readonly closes: ComputedObservable<readonly number[]>
}

export function createSparklineStore(frames: FrameScheduler): SparklineStore {
  const bySymbol = new Map<string, Sparkline>()

  function sparklineOf(symbol: string): Sparkline {
    const known = bySymbol.get(symbol)
    if (known !== undefined) return known
    const minutes: MinuteClose[] = []
    // One point a minute does not need ten updates a second.
    const created = { minutes, closes: createComputed(frames, () => minutes.map(({ price }) => price), 1_000) }
    bySymbol.set(symbol, created)
    return created
  }

  return {
    closes: symbol => sparklineOf(symbol).closes,
    setHistory(symbol, bars) {
      const { minutes, closes } = sparklineOf(symbol)
      const history = bars.map(bar => ({ minute: Math.floor(bar.time / MINUTE_MS), price: bar.close }))
      const end = history.at(-1)?.minute ?? -1
      const since = minutes.filter(({ minute }) => minute > end)
      minutes.splice(0, minutes.length, ...[...history, ...since].slice(-SPARKLINE_MINUTES))
      closes.invalidate()
    },
    clear() {
      for (const { minutes, closes } of bySymbol.values()) {
        minutes.length = 0
        closes.invalidate()
      }
    },
    add(trade) {
      const { minutes, closes } = sparklineOf(trade.symbol)
      const minute = Math.floor(trade.time / MINUTE_MS)
      const last = minutes.at(-1)
      if (last !== undefined && last.minute >= minute) last.price = trade.price
      else {
        minutes.push({ minute, price: trade.price })
        if (minutes.length > SPARKLINE_MINUTES) minutes.shift()
      }
      // One point draws nothing: the history that follows does not wait for the interval after it.
      if (minutes.length > 1) closes.invalidate()
    },
  }
}
