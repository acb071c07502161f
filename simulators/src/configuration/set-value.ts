// Sets one value of a configuration by its path: `instruments.VELTR.previousClose=120`. For the flag --set.

import { checkConfiguration } from './check-configuration.ts'
import { ConfigurationError } from './configuration-error.ts'
import type { GivenConfiguration } from './configuration-schema.ts'
import { completeConfiguration } from './whole-configuration.ts'

type Fields = Record<string, unknown>

/**
 * @param assignment the value is JSON, or a text as it is.
 * @throws {ConfigurationError}
 */
export function setValue(given: GivenConfiguration, assignment: string): GivenConfiguration {
  const [, path, text] = /^([^=]+)=(.*)$/s.exec(assignment) ?? []
  if (path === undefined) {
    throw new ConfigurationError(`--set takes path=value, such as preset=large-tick, not "${assignment}"`)
  }
  const source = `--set ${assignment}`
  const keys = path.split('.')
  const whole = completeConfiguration(given, 0)
  // A scenario is given whole, and a list as well: a part of it changes the one that there is.
  const [part, name] = keys
  const scenario = part === 'scenarios' && keys.length > 2 ? whole.scenarios[name!] : undefined
  const scenarios = scenario === undefined ? {} : { scenarios: { [name!]: scenario, ...given.scenarios } }
  const lists = part === 'symbols' && keys.length > 1 ? { symbols: whole.symbols } : {}
  const changed = JSON.parse(JSON.stringify({ ...given, ...scenarios, ...lists })) as Fields
  put(changed, keys, readValue(text!), source)
  return checkConfiguration(changed, source)
}

function put(into: Fields, [key = '', ...rest]: readonly string[], value: unknown, source: string): void {
  if (key === '__proto__') throw new ConfigurationError(`${source}: there is no ${key}`)
  if (Array.isArray(into) && !(key in into)) {
    throw new ConfigurationError(`${source}: ${key} is not the number of an item, from 0 to ${into.length - 1}`)
  }
  const below = into[key]
  if (rest.length === 0) into[key] = value
  else {
    if (typeof below !== 'object' || below === null) into[key] = {}
    put(into[key] as Fields, rest, value, source)
  }
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
