// The imbalance of the best queues, and the move of the mid price that follows it.

import type { MarketDay } from '../../../order-flow/market-day.ts'
import { isQuoted, midTicks, type OrderFlow } from '../../../order-flow/order-flow.ts'
import type { Curve } from '../curves.ts'

const STEP_MS = 1000
/** An imbalance beyond this is strong. */
const STRONG = 0.6
const BINS = 10

export interface QueueImbalance {
  /** The share of strong imbalances after which the next move of the mid is towards the thinner queue. */
  readonly follows: number
  /** The share of moves up, by imbalance in bins from -1 to 1. */
  readonly upMoves: Curve
}

/** Sampled each second of the day, with the next move of the mid whenever it comes. */
export function queueImbalance({ flow, openMs, closeMs }: MarketDay): QueueImbalance {
  const nextMoves = nextMidMoves(flow)
  const samples = new Float64Array(BINS)
  const ups = new Float64Array(BINS)
  let strong = 0
  let followed = 0
  let row = -1
  for (let timeMs = openMs; timeMs < closeMs; timeMs += STEP_MS) {
    while (row + 1 < flow.count && flow.timesMs[row + 1]! <= timeMs) row++
    if (row < 0 || !isQuoted(flow, row) || nextMoves[row] === 0) continue
    const [bid, ask] = [flow.bidsLots[row]!, flow.asksLots[row]!]
    const imbalance = (bid - ask) / (bid + ask)
    const bin = Math.min(BINS - 1, Math.floor(((imbalance + 1) / 2) * BINS))
    samples[bin]!++
    if (nextMoves[row]! > 0) ups[bin]!++
    if (Math.abs(imbalance) <= STRONG) continue
    strong++
    if (Math.sign(imbalance) === nextMoves[row]) followed++
  }
  const x = Array.from(samples, (_, bin) => -1 + (2 * bin + 1) / BINS)
  return { follows: followed / strong, upMoves: { x, y: Array.from(ups, (count, bin) => count / samples[bin]!) } }
}

/** By row: the direction of the next change of the mid after it; 0 where none follows. */
function nextMidMoves(flow: OrderFlow): Int8Array {
  const moves = new Int8Array(flow.count)
  let later = Number.NaN
  let direction = 0
  for (let row = flow.count - 1; row >= 0; row--) {
    moves[row] = direction
    if (!isQuoted(flow, row)) continue
    const mid = midTicks(flow, row)
    if (mid !== later && !Number.isNaN(later)) moves[row] = direction = Math.sign(later - mid)
    later = mid
  }
  return moves
}
