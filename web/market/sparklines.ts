// The last hour of each instrument as a line of closes: from REST at the start, then from the feed's closed minutes and
// its trades. Written to by feed.ts, drawn by charts/sparkline.ts.

import type { Bar, Trade } from '@papertape/protocol'
import type { Frames } from '../reactive/frame-scheduler.ts'
import { type Cell, createCell, type SourceCell } from '../reactive/observable.ts'

export const SPARK_MINUTES = 60
const MINUTE_MS = 60_000

export interface SparkKeeper {
  cell(symbol: string): Cell<readonly number[]>
  setHistory(symbol: string, bars: readonly Bar[]): void
  add(trade: Trade): void
  clear(): void
}

interface Minute {
  readonly minute: number
  price: number
}

interface Line {
  /** Closes, oldest first. */
  readonly closes: Minute[]
  readonly cell: SourceCell<readonly number[]>
}

export function createSparkKeeper(frames: Frames): SparkKeeper {
  const lines = new Map<string, Line>()

  function lineOf(symbol: string): Line {
    const known = lines.get(symbol)
    if (known !== undefined) return known
    // One point a minute does not need ten frames a second.
    const closes: Minute[] = []
    const line: Line = { closes, cell: createCell(frames, () => closes.map(({ price }) => price), 1_000) }
    lines.set(symbol, line)
    return line
  }

  return {
    cell: symbol => lineOf(symbol).cell,
    setHistory(symbol, bars) {
      const line = lineOf(symbol)
      const history = bars.map(bar => ({ minute: Math.floor(bar.time / MINUTE_MS), price: bar.close }))
      const end = history.at(-1)?.minute ?? -1
      const since = line.closes.filter(({ minute }) => minute > end)
      line.closes.splice(0, line.closes.length, ...[...history, ...since].slice(-SPARK_MINUTES))
      line.cell.touch()
    },
    clear() {
      for (const { closes, cell } of lines.values()) {
        closes.length = 0
        cell.touch()
      }
    },
    add(trade) {
      const line = lineOf(trade.symbol)
      const minute = Math.floor(trade.time / MINUTE_MS)
      const last = line.closes.at(-1)
      if (last !== undefined && last.minute >= minute) last.price = trade.price
      else {
        line.closes.push({ minute, price: trade.price })
        if (line.closes.length > SPARK_MINUTES) line.closes.shift()
      }
      line.cell.touch()
    },
  }
}
