// What a case of feed.ts is given, and what it returns.

import type { Threshold } from '../thresholds.ts'

export interface FeedTools {
  /** The compiled load generator. */
  readonly fanload: string
  /** For programs and configurations; goes with the run. */
  readonly folder: string
  readonly rounds: number
  /** Of the case slow; a case knows its own time when absent. */
  readonly minutes?: number | undefined
}

export interface CaseResult {
  readonly thresholds: readonly Threshold[]
  readonly results: object
}
