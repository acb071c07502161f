// The listed scenarios of a simulated market by name, and one that is planned at a market time, which may be one of a
// configuration's own. Names and types only: what happens in each is in market/scenarios/catalogue.ts.

export const SCENARIO_NAMES = [
  'calm-day',
  'volatile-day',
  'flash-crash',
  'fat-finger',
  'news-jump',
  'halt',
  'liquidity-drought',
  'opening-rush',
  'feed-burst',
] as const
export type ScenarioName = (typeof SCENARIO_NAMES)[number]

export interface PlannedScenario {
  readonly name: string
  /** Market time, whole ms since 1970. */
  readonly startTime: number
}

export interface RunningScenario extends PlannedScenario {
  /** When its last step is over. */
  readonly endTime: number
}
