// The scenarios that a market knows: the catalogue's, and a configuration's own, which win over those of the same name.

import { SCENARIO_NAMES } from '../../planned-scenario.ts'
import type { MarketSettings } from '../settings/market-schema.ts'
import { SCENARIOS } from './catalogue.ts'
import type { Scenario } from './scenario.ts'

/** The catalogue's first, then own ones in the order of the configuration. */
export function scenarioNames(settings: MarketSettings = {}): readonly string[] {
  return [...new Set<string>([...SCENARIO_NAMES, ...Object.keys(settings.scenarios ?? {})])]
}

/** @throws {RangeError} when the market has none of this name. */
export function scenarioOf(name: string, settings: MarketSettings = {}): Scenario {
  const own = settings.scenarios?.[name]
  if (own !== undefined) {
    const { title = name, description = '', usualStartMs = 0, steps, expect = [] } = own
    return { title, description, usualStartMs, steps, expect }
  }
  const listed = SCENARIO_NAMES.find(known => known === name)
  if (listed === undefined) throw new RangeError(`there is no scenario ${name}`)
  return SCENARIOS[listed]
}
