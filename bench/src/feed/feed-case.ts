// What a case of feed.ts is given, and what it returns.

import type { Threshold } from '../thresholds.ts'

export interface FeedTools {
  /** The compiled load generator. */
  readonly fanload: string
  /** For programs and configurations; goes with the run. */
  readonly folder: string
  readonly rounds: number
}

export interface CaseResult {
  readonly thresholds: readonly Threshold[]
  readonly results: object
}
