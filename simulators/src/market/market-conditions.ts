// How busy, volatile, thin and wide the market of a symbol is against the usual, as multipliers. Agents read them where
// they draw a delay, a size or a distance; only the scenario director sets them.

import type { Regime } from './preset-parameters.ts'

export interface MarketConditions {
  /** How often agents act. */
  activity: number
  /** How far the fundamental value moves. */
  volatility: number
  /** How much size rests in the book. */
  depth: number
  /** The distance between the best prices. */
  spread: number
}

export const USUAL_CONDITIONS: Readonly<MarketConditions> = { activity: 1, volatility: 1, depth: 1, spread: 1 }

/** The least half spread: in a large-tick symbol the best prices are half a tick from the fair price. */
const HALF_TICK = 0.5

/** Added to each agent's usual distance from the fair price. */
export function widenedTicks(
  { halfSpreadTicks }: Pick<Regime, 'halfSpreadTicks'>,
  { spread }: MarketConditions,
): number {
  return (spread - 1) * Math.max(HALF_TICK, halfSpreadTicks)
}

/** A usual size, reduced by the depth of the conditions. */
export function thinnedLots(sizeLots: number, { depth }: MarketConditions): number {
  return Math.max(1, Math.round(sizeLots * depth))
}
