// The two outlines of the depth chart, as far from the middle to the left as to the right. Pure.

import type { Depth, DepthLevel } from '../market/depth.ts'

/** The levels of a side that set how far the chart reaches. */
const NEAR = 12

export interface DepthPoint {
  readonly x: number
  readonly y: number
}

export interface DepthShape {
  /** Both from the best level outward. */
  readonly bids: readonly DepthPoint[]
  readonly asks: readonly DepthPoint[]
  readonly low: number
  readonly high: number
  /** The larger of the two totals in view. */
  readonly most: number
}

export function depthShape({ bids, asks }: Depth): DepthShape {
  const bid = bids[0]?.price ?? asks[0]?.price ?? 0
  const ask = asks[0]?.price ?? bid
  const middle = (bid + ask) / 2
  // What is near is looked at closely: a few far orders would squeeze the rest into a line.
  const reaches = [bids[Math.min(bids.length, NEAR) - 1], asks[Math.min(asks.length, NEAR) - 1]].flatMap(level =>
    level === undefined ? [] : [Math.abs(level.price - middle)],
  )
  const reach = Math.max(Math.min(...reaches), (ask - bid) * 2) || 1
  const low = middle - reach
  const high = middle + reach
  const inView = (level: DepthLevel) => level.price >= low && level.price <= high
  const outline = (levels: readonly DepthLevel[], edge: number): DepthPoint[] => {
    const points = levels.filter(inView).map(({ price, total }) => ({ x: price, y: total }))
    const far = points.at(-1)
    return far === undefined ? [] : [...points, { x: edge, y: far.y }]
  }
  const bidPoints = outline(bids, low)
  const askPoints = outline(asks, high)
  const most = Math.max(bidPoints.at(-1)?.y ?? 0, askPoints.at(-1)?.y ?? 0, 1)
  return { bids: bidPoints, asks: askPoints, low, high, most }
}
