// Checks a configuration: first by its schema, then what a schema cannot say. Its errors are one line that begins with
// the source and names the path.

import { fromCurrency, toCurrency } from '@papertape/protocol'
import { instrumentsOf } from '../market/instruments.ts'
import { PRESETS } from '../market/preset.ts'
import { CHECKED_MS } from '../market/scenarios/scenario.ts'
import { PRICE_TICKS } from '../market/settings/market-schema.ts'
import { ConfigurationError } from './configuration-error.ts'
import { ConfigurationSchema, type GivenConfiguration } from './configuration-schema.ts'
import { findFault, guess } from './find-fault.ts'
import { LISTED, symbolsOf } from './whole-configuration.ts'

/**
 * @param source a file, or the flag that it was given by.
 * @throws {ConfigurationError}
 */
export function checkConfiguration(value: unknown, source: string): GivenConfiguration {
  const fault = findFault(ConfigurationSchema, value) ?? faultOfMeaning(value as GivenConfiguration)
  if (fault !== undefined) throw new ConfigurationError(`${source}: ${fault}`)
  return value as GivenConfiguration
}

/** @throws {ConfigurationError} also for a text that is no JSON. */
export function parseConfiguration(text: string, source: string): GivenConfiguration {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new ConfigurationError(`${source} is not JSON: ${(error as Error).message.split('\n')[0]}`)
  }
  return checkConfiguration(value, source)
}

function faultOfMeaning(given: GivenConfiguration): string | undefined {
  return faultOfInstruments(given) ?? faultOfSymbols(given) ?? faultOfScenarios(given)
}

function faultOfInstruments(given: GivenConfiguration): string | undefined {
  const regime = PRESETS.find(name => name === given.preset)
  for (const [symbol, { previousClose, tickSize }] of Object.entries(given.instruments ?? {})) {
    const path = `instruments.${symbol}`
    if (!LISTED.includes(symbol) && previousClose === undefined) {
      return `${path}.previousClose is missing: ${symbol} is not listed, and an own instrument needs it${guess(symbol, LISTED)}`
    }
    if (tickSize !== undefined && fromCurrency(tickSize) === undefined) {
      return `${path}.tickSize takes a multiple of 0.0001, not ${tickSize}`
    }
    const [spec] = instrumentsOf([symbol], regime, given)
    const { previousCloseTicks, tickUnits } = spec!
    const isOnGrid = previousClose === undefined || fromCurrency(previousClose) !== undefined
    if (isOnGrid && Number.isInteger(previousCloseTicks) && isInRange(previousCloseTicks)) continue
    const { minimum, maximum } = PRICE_TICKS
    const grid = `a multiple of the tick size ${toCurrency(tickUnits)}, from ${minimum} to ${maximum} ticks`
    return `${path}.previousClose takes ${grid}, not ${previousClose ?? toCurrency(previousCloseTicks * tickUnits)}`
  }
  return undefined
}

function isInRange(ticks: number): boolean {
  return ticks >= PRICE_TICKS.minimum && ticks <= PRICE_TICKS.maximum
}

function faultOfSymbols(given: GivenConfiguration): string | undefined {
  const known = [...new Set([...Object.keys(given.instruments ?? {}), ...LISTED])]
  const index = symbolsOf(given).findIndex(symbol => !known.includes(symbol))
  if (index < 0) return undefined
  const symbol = symbolsOf(given)[index]!
  return `symbols.${index}: there is no instrument ${symbol}${guess(symbol, known)}`
}

/** What is expected of a scenario must be within the run in which it is checked. */
function faultOfScenarios({ scenarios = {} }: GivenConfiguration): string | undefined {
  for (const [name, { usualStartMs = 0, expect = [] }] of Object.entries(scenarios)) {
    for (const [index, { fromMs, toMs, least, most }] of expect.entries()) {
      const path = `scenarios.${name}.expect.${index}`
      const latest = CHECKED_MS - usualStartMs
      if (toMs <= fromMs || toMs > latest) {
        return `${path}.toMs takes a time after fromMs (${fromMs}) and up to ${latest}: a checked run has 40 minutes`
      }
      if (least === undefined && most === undefined) return `${path} needs least, most or both`
      if (least !== undefined && most !== undefined && least > most) {
        return `${path}.most takes a number from least (${least}), not ${most}`
      }
    }
  }
  return undefined
}
