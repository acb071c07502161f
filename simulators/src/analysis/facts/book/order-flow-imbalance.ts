// How much of the price's moves the order flow imbalance at the best prices explains (Cont, Kukanov and Stoikov 2014).

import type { MarketDay } from '../../../order-flow/market-day.ts'
import { isQuoted, type OrderFlow } from '../../../order-flow/order-flow.ts'
import { midsAtSteps } from '../mid-prices.ts'
import { correlation, mean } from '../statistics.ts'

const STEP_MS = 10_000
/** The slope depends on the depth, which changes over the day: each half hour has its own regression. */
const STEPS_IN_WINDOW = 180

/** R squared of moves of the mid over ten seconds against the imbalance of those seconds: a mean over half hours. */
export function orderFlowImbalanceFit(day: MarketDay): number {
  const mids = midsAtSteps(day, STEP_MS)
  const imbalances = imbalanceAtSteps(day)
  const moves = Float64Array.from(imbalances, (_, step) => mids[step + 1]! - mids[step]!)
  const fits: number[] = []
  for (let from = 0; from + STEPS_IN_WINDOW <= moves.length; from += STEPS_IN_WINDOW) {
    const to = from + STEPS_IN_WINDOW
    fits.push(correlation(imbalances.subarray(from, to), moves.subarray(from, to)) ** 2)
  }
  return mean(fits.filter(fit => !Number.isNaN(fit)))
}

function imbalanceAtSteps({ flow, openMs, closeMs }: MarketDay): Float64Array {
  const imbalances = new Float64Array(Math.floor((closeMs - openMs) / STEP_MS))
  let before = -1
  for (let row = 0; row < flow.count; row++) {
    // Some sources have the quotes within a sweep, others only the one after it.
    const isLast = flow.timesMs[row + 1] !== flow.timesMs[row] || row + 1 === flow.count
    if (!isLast || !isQuoted(flow, row)) continue
    const step = Math.floor((flow.timesMs[row]! - openMs) / STEP_MS)
    if (before >= 0 && step >= 0 && step < imbalances.length) imbalances[step]! += contribution(flow, before, row)
    before = row
  }
  return imbalances
}

/** Lots added to the bid or taken from the ask by the change from one quote to the next; negative the other way. */
function contribution({ bidsTicks, bidsLots, asksTicks, asksLots }: OrderFlow, before: number, row: number): number {
  let lots = 0
  if (bidsTicks[row]! >= bidsTicks[before]!) lots += bidsLots[row]!
  if (bidsTicks[row]! <= bidsTicks[before]!) lots -= bidsLots[before]!
  if (asksTicks[row]! <= asksTicks[before]!) lots -= asksLots[row]!
  if (asksTicks[row]! >= asksTicks[before]!) lots += asksLots[before]!
  return lots
}
