// Parses a comma list of scenario names, for settings and routes. Pure.

import { isScenarioName, SCENARIO_NAMES, type ScenarioName } from '@papertape/simulators'

export const KNOWN_SCENARIOS = SCENARIO_NAMES.join(', ')

/** Returns undefined when a name is unknown; an empty text is an empty list. */
export function parseScenarioNames(text: string): readonly ScenarioName[] | undefined {
  const names = text === '' ? [] : text.split(',').map(name => name.trim())
  return names.every(isScenarioName) ? names : undefined
}
