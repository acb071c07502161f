// The scenarios of a simulated market by name, and one that is planned at a market time. Names and types only: what
// happens in each is in market/scenarios/catalogue.ts.

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

export function isScenarioName(text: string): text is ScenarioName {
  return (SCENARIO_NAMES as readonly string[]).includes(text)
}

export interface PlannedScenario {
  readonly name: ScenarioName
  /** Market time, whole ms since 1970. */
  readonly startTime: number
}
