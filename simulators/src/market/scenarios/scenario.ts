// What a scenario consists of: steps at times after its start, and expectations of what a recorded run must show.
// director.ts plays the steps, analysis/scenarios checks the expectations.

import type { News, Phase, Side } from '@papertape/protocol'
import type { MarketConditions } from '../market-conditions.ts'

/** All symbols, or the first one, which is the busiest. */
type AffectedSymbols = 'all' | 'first'

/** Multiplies the market conditions for a time; several at once multiply each other. */
export interface ConditionsStep extends Partial<Readonly<MarketConditions>> {
  readonly kind: 'conditions'
  readonly atMs: number
  readonly forMs: number
  readonly symbols: AffectedSymbols
}

/** A jump of the fundamental value. */
export interface JumpStep {
  readonly kind: 'jump'
  readonly atMs: number
  /** The relative change: -0.04 is 4 % down. */
  readonly fraction: number
  readonly symbols: AffectedSymbols
}

/** A large participant that trades at any price and moves the price, at an even pace unless it varies. */
export interface PressStep {
  readonly kind: 'press'
  readonly atMs: number
  readonly forMs: number
  readonly side: Side
  /** Its limit at the end, relative to the price at the scenario's start, which is its limit at the beginning. */
  readonly fraction: number
  /** true: faster and faster, and how far, how soon and how much differs by seed and symbol. */
  readonly varies?: boolean | undefined
  readonly symbols: AffectedSymbols
}

/** A single very large order. */
export interface SweepStep {
  readonly kind: 'sweep'
  readonly atMs: number
  readonly side: Side
  /** Its limit, relative to the best price. */
  readonly fraction: number
  /** Its size, as a share of the daily volume. */
  readonly dayShare: number
  readonly symbols: AffectedSymbols
}

/** Hundreds of orders a second, each cancelled as soon as it is placed. */
export interface BurstStep {
  readonly kind: 'burst'
  readonly atMs: number
  readonly forMs: number
  /** In a busy symbol at the mean pace. */
  readonly ordersPerS: number
  readonly symbols: AffectedSymbols
}

export interface PhaseStep {
  readonly kind: 'phase'
  readonly atMs: number
  readonly phase: Phase
  readonly reason: string | null
  /** When trading is expected to resume, after the scenario's start; null: unknown. */
  readonly untilMs: number | null
  readonly symbols: AffectedSymbols
}

export interface NewsStep {
  readonly kind: 'news'
  readonly atMs: number
  /** `{name}` stands for the name of the first company. */
  readonly headline: string
  readonly severity: News['severity']
  readonly symbols: AffectedSymbols
}

export type ScenarioStep = ConditionsStep | JumpStep | PressStep | SweepStep | BurstStep | PhaseStep | NewsStep

export type MeasureName =
  | 'lowestMid'
  | 'lowestTrade'
  | 'moveAtEnd'
  | 'recovered'
  | 'volatility'
  | 'eventRate'
  | 'volumeRate'
  | 'spread'
  | 'depth'
  | 'trades'
  | 'sweptLevels'

/** How long the run is in which expectations are checked: they end within it. */
export const CHECKED_MS = 40 * 60_000

/** A measure of the first symbol's recorded run, and the range it must lie in. */
export interface Expectation {
  readonly description: string
  readonly measure: MeasureName
  /** The interval that is measured, after the scenario's start. */
  readonly fromMs: number
  readonly toMs: number
  /**
   * The value is a ratio to that of another interval: all before the start, all after the interval, or the same one in
   * the market of the same seed without the scenario.
   */
  readonly against?: 'before' | 'after' | 'normal'
  readonly least?: number
  readonly most?: number
}

/** When the last of its steps is over, after its start. */
export function scenarioLengthMs({ steps }: Scenario): number {
  return Math.max(...steps.map(step => step.atMs + ('forMs' in step ? step.forMs : 0)))
}

export interface Scenario {
  readonly title: string
  readonly description: string
  /** Its default start, after that of the market. */
  readonly usualStartMs: number
  /** In order of time. */
  readonly steps: readonly ScenarioStep[]
  readonly expect: readonly Expectation[]
}
