// The two outlines of the depth chart between two prices: the whole size bid at or above a price, and offered at or
// below it. Pure; drawn by depth-chart.ts.

import type { DepthLevel, DepthState } from '../market/depth.ts'

export interface DepthPoint {
  readonly x: number
  readonly y: number
}

/** The prices at the ends of the axis. */
export interface DepthRange {
  readonly low: number
  readonly high: number
}

export interface DepthShape {
  /** Both from the best level outward, to the end of the axis. */
  readonly bids: readonly DepthPoint[]
  readonly asks: readonly DepthPoint[]
  /** The larger of the two totals in range. */
  readonly most: number
}

export function depthShape({ bids, asks }: Pick<DepthState, 'bids' | 'asks'>, range: DepthRange): DepthShape {
  const bidPoints = outline(bids, range.high, range.low)
  const askPoints = outline(asks, range.low, range.high)
  return { bids: bidPoints, asks: askPoints, most: Math.max(bidPoints.at(-1)?.y ?? 0, askPoints.at(-1)?.y ?? 0) }
}

/** @param from the end of the axis on the side of the best level, `to` that of the worst one. */
function outline(levels: readonly DepthLevel[], from: number, to: number): DepthPoint[] {
  const outward = Math.sign(to - from)
  const points: DepthPoint[] = []
  for (const { price, total } of levels) {
    if ((price - to) * outward > 0) break
    const isBefore = (from - price) * outward > 0
    // Levels before the axis begins count as its first point.
    if (isBefore) points[0] = { x: from, y: total }
    else points.push({ x: price, y: total })
  }
  const last = points.at(-1)
  return last === undefined || last.x === to ? points : [...points, { x: to, y: last.y }]
}

const ROUND = [1, 2, 5, 10]

/**
 * A round maximum of an axis. Stays as it is while the figures fill a good part of it, so that a scale does not jump
 * with every change.
 */
export function steadyMaximum(most: number, current: number): number {
  if (most === 0) return Math.max(1, current)
  if (most <= current && most >= current * 0.3) return current
  const power = 10 ** Math.floor(Math.log10(most))
  return ROUND.find(one => one * power >= most)! * power
}
