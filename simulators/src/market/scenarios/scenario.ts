// What a scenario is: steps that happen at times after its start, and what must then be seen in its tape. Data alone; the
// director plays the steps, measures.ts and check.ts hold a tape against the expectations.

import type { News, Phase, Side } from '@papertape/protocol'
import type { Climate } from '../market-conditions.ts'

/** All symbols, or the first that is listed, which is the busiest. */
type Reach = 'all' | 'first'

/** Multiplies the climate for a time; several at once multiply each other. */
export interface ClimateStep extends Partial<Readonly<Climate>> {
  readonly kind: 'climate'
  readonly atMs: number
  readonly forMs: number
  readonly symbols: Reach
}

/** The value of a share is suddenly another one. */
export interface JumpStep {
  readonly kind: 'jump'
  readonly atMs: number
  /** Of the value as it was: -0.04 takes four hundredths off. */
  readonly fraction: number
  readonly symbols: Reach
}

/** One who must trade, whatever it costs, and takes the price along at an even pace. */
export interface PressStep {
  readonly kind: 'press'
  readonly atMs: number
  readonly forMs: number
  readonly side: Side
  /** How far from the price at the scenario's start the step's limit is by its end, going there from 0. */
  readonly fraction: number
  readonly symbols: Reach
}

/** A single order that is far too large. */
export interface SweepStep {
  readonly kind: 'sweep'
  readonly atMs: number
  readonly side: Side
  /** Its limit, seen from the best price. */
  readonly fraction: number
  /** What it asks for, as a share of a day's volume. */
  readonly dayShare: number
  readonly symbols: Reach
}

/** Orders by the hundred, taken back as soon as they are placed: noise for those who listen. */
export interface BurstStep {
  readonly kind: 'burst'
  readonly atMs: number
  readonly forMs: number
  /** In a busy symbol at a mean pace. */
  readonly ordersPerS: number
  readonly symbols: Reach
}

export interface PhaseStep {
  readonly kind: 'phase'
  readonly atMs: number
  readonly phase: Phase
  readonly reason: string | null
  /** When the symbol is expected to trade again, after the scenario's start; null: that is not known. */
  readonly untilMs: number | null
  readonly symbols: Reach
}

export interface NewsStep {
  readonly kind: 'news'
  readonly atMs: number
  /** `{name}` is the first company's. */
  readonly headline: string
  readonly severity: News['severity']
  readonly symbols: Reach
}

export type ScenarioStep = ClimateStep | JumpStep | PressStep | SweepStep | BurstStep | PhaseStep | NewsStep

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

/** A figure of the first symbol's tape, and where it must lie. */
export interface Expectation {
  /** As a person would say it. */
  readonly says: string
  readonly measure: MeasureName
  /** The stretch that is looked at, after the scenario's start. */
  readonly fromMs: number
  readonly toMs: number
  /**
   * The figure is a ratio to that of another stretch: all before the start, all after the stretch, or the same one in the
   * market of the same seed without the scenario.
   */
  readonly against?: 'before' | 'after' | 'normal'
  readonly least?: number
  readonly most?: number
}

export interface Scenario {
  readonly title: string
  /** What happens. */
  readonly description: string
  /** When it starts, after the market's, where nobody says when. */
  readonly usualStartMs: number
  /** In order of time. */
  readonly steps: readonly ScenarioStep[]
  readonly expect: readonly Expectation[]
}
