// Records an exchange's order flow, one OrderFlow a symbol, and samples its depth each second. To use it: pass it to
// createExchange as `flow` (with `muted` for speed), call watch() with the exchange, and startCommand() before each
// command.

import type { BookReader, OrderFlowListener } from '@papertape/engine'
import { microseconds } from '../time-units.ts'
import { DepthProfile, everyStep } from './depth-profile.ts'
import { FLOW, OrderFlow } from './order-flow.ts'

export const DEPTH_SAMPLE_MS = 1000

export interface FlowRecorder extends OrderFlowListener {
  /** By the symbol's index among the instruments. */
  readonly flows: readonly OrderFlow[]
  readonly depths: readonly DepthProfile[]
  /** The exchange that it records, which is created after the recorder. */
  watch(book: BookReader): void
  /** Call before each command. `timeMs` is since midnight, with microseconds as a fraction. */
  startCommand(timeMs: number): void
}

export function recordFlow(symbols: number): FlowRecorder {
  const flows = Array.from({ length: symbols }, () => new OrderFlow())
  const depths = Array.from({ length: symbols }, () => new DepthProfile())
  let book: BookReader
  let now = 0
  const passTo = everyStep(DEPTH_SAMPLE_MS, () => {
    for (const [symbol, depth] of depths.entries()) depth.sample(book, symbol)
  })

  function append(kind: number, symbol: number, id: number, side: number, priceTicks: number, lots: number): void {
    const flow = flows[symbol]!
    flow.append(now, kind, id, lots, priceTicks, side)
    const bid = book.bestBid(symbol)
    const ask = book.bestAsk(symbol)
    flow.quote(bid, bid === 0 ? 0 : book.levelLots(symbol, bid), ask, ask === 0 ? 0 : book.levelLots(symbol, ask))
  }

  return {
    flows,
    depths,
    watch(exchange) {
      book = exchange
    },
    startCommand(timeMs) {
      passTo(timeMs)
      now = microseconds(timeMs) / 1000
    },
    added(symbol, orderId, side, priceTicks, lots) {
      append(FLOW.add, symbol, orderId, side, priceTicks, lots)
    },
    executed(symbol, orderId, side, priceTicks, lots) {
      append(FLOW.execute, symbol, orderId, side, priceTicks, lots)
    },
    printed(symbol, side, priceTicks, lots, isAuction) {
      append(isAuction ? FLOW.cross : FLOW.executeHidden, symbol, 0, side, priceTicks, lots)
    },
    canceled(symbol, orderId, side, priceTicks, lots, leftLots) {
      append(leftLots > 0 ? FLOW.reduce : FLOW.remove, symbol, orderId, side, priceTicks, lots)
    },
  }
}
