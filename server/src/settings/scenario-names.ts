// The scenarios that befall a live market, as settings and requests name them: a comma list. Pure; for config and routes.

import { isScenarioName, SCENARIO_NAMES, type ScenarioName } from '@papertape/simulators'

export const KNOWN_SCENARIOS = SCENARIO_NAMES.join(', ')

/** Empty names none; undefined: one of them is not known. */
export function parseScenarioNames(text: string): readonly ScenarioName[] | undefined {
  const names = text === '' ? [] : text.split(',').map(name => name.trim())
  return names.every(isScenarioName) ? names : undefined
}
