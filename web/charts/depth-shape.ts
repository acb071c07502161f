// The two outlines of the depth chart, with the same range to both sides of the middle. Pure.

import type { DepthLevel, DepthState } from '../market/depth.ts'

/** The levels of a side that decide the range of the chart. */
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
  /** The larger of the two totals in range. */
  readonly most: number
}

export function depthShape({ bids, asks }: DepthState): DepthShape {
  const bid = bids[0]?.price ?? asks[0]?.price ?? 0
  const ask = asks[0]?.price ?? bid
  const middle = (bid + ask) / 2
  // Levels near the middle decide the range: a few far orders would make all others too narrow to see.
  const reaches = [bids[Math.min(bids.length, NEAR) - 1], asks[Math.min(asks.length, NEAR) - 1]].flatMap(level =>
    level === undefined ? [] : [Math.abs(level.price - middle)],
  )
  const reach = Math.max(Math.min(...reaches), (ask - bid) * 2) || 1
  const low = middle - reach
  const high = middle + reach
  const inRange = (level: DepthLevel) => level.price >= low && level.price <= high
  const outline = (levels: readonly DepthLevel[], edge: number): DepthPoint[] => {
    const points = levels.filter(inRange).map(({ price, total }) => ({ x: price, y: total }))
    const far = points.at(-1)
    return far === undefined ? [] : [...points, { x: edge, y: far.y }]
  }
  const bidPoints = outline(bids, low)
  const askPoints = outline(asks, high)
  const most = Math.max(bidPoints.at(-1)?.y ?? 0, askPoints.at(-1)?.y ?? 0, 1)
  return { bids: bidPoints, asks: askPoints, low, high, most }
}
