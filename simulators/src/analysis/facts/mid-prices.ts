// The mid price at equal steps of time, and log returns between steps.

import type { MarketDay } from '../../order-flow/market-day.ts'
import { isQuoted, midTicks } from '../../order-flow/order-flow.ts'

/** From the open to the close. A time before the first quote has the mid of that quote. */
export function midsAtSteps({ flow, openMs, closeMs }: MarketDay, stepMs: number): Float64Array {
  const steps = Math.floor((closeMs - openMs) / stepMs) + 1
  const mids = new Float64Array(steps)
  let row = 0
  let mid = Number.NaN
  for (let step = 0; step < steps; step++) {
    const time = openMs + step * stepMs
    for (; row < flow.count && (flow.timesMs[row]! <= time || Number.isNaN(mid)); row++) {
      if (isQuoted(flow, row)) mid = midTicks(flow, row)
    }
    mids[step] = mid
  }
  return mids
}

export function logReturns(prices: Float64Array): Float64Array {
  const returns = new Float64Array(Math.max(0, prices.length - 1))
  for (let i = 0; i < returns.length; i++) returns[i] = Math.log(prices[i + 1]! / prices[i]!)
  return returns
}

export function returnsOver(day: MarketDay, stepMs: number): Float64Array {
  return logReturns(midsAtSteps(day, stepMs))
}
