// Parses a comma list of scenario names, for settings and routes. Which there are, the market says. Pure.

import { SCENARIO_NAMES } from '@papertape/simulators'

export const KNOWN_SCENARIOS = SCENARIO_NAMES.join(', ')

/** An empty text is an empty list. */
export function parseScenarioNames(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map(name => name.trim())
}
