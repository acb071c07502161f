// The climate of a symbol: how much busier, wilder, thinner and wider its market is than usual. Agents read it where they
// draw a delay, a size or a distance; the director of scenarios alone sets it. All ones: nothing is out of the ordinary.

import type { Habits } from './liquidity.ts'

export interface Climate {
  /** How often everybody acts. */
  activity: number
  /** How far the value moves. */
  volatility: number
  /** How much rests in the book. */
  depth: number
  /** How far apart the best prices are. */
  spread: number
}

export const USUAL_CLIMATE: Readonly<Climate> = { activity: 1, volatility: 1, depth: 1, spread: 1 }

/** Of a quote in a large-tick symbol, where half a tick is all there is between the fair price and the touch. */
const HALF_TICK = 0.5

/** How much further from the fair price than usual everybody stays. */
export function widenedTicks({ halfSpreadTicks }: Habits, { spread }: Climate): number {
  return (spread - 1) * Math.max(HALF_TICK, halfSpreadTicks)
}

/** A size as the climate allows it. */
export function thinnedLots(sizeLots: number, { depth }: Climate): number {
  return Math.max(1, Math.round(sizeLots * depth))
}
