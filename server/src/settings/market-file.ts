// The file of --config: a configuration of the simulated market. What it says of seed, preset, instruments, fees,
// margins and rules are defaults of the settings of the same meaning; the rest is part of the market's plan.

import { readFileSync } from 'node:fs'
import { configuredTexts, type Preset } from '@papertape/simulators'
import {
  ConfigurationError,
  checkConfiguration,
  type GivenConfiguration,
  liveMarketOf,
  parseConfiguration,
  symbolsOf,
} from '@papertape/simulators/configuration'
import { InputFailure, readFailure } from '@papertape/simulators/input'
import { ConfigError, type SettingDefaults } from './config.ts'

/** @throws {ConfigError} when the file cannot be read, or is not a configuration. */
export function readMarketFile(file: string): GivenConfiguration {
  return checked(() => parseConfiguration(readFileSync(file, 'utf8'), file), file)
}

/**
 * The part of a plan that is the file's.
 * @param preset that the settings have: prices must be on its tick grid.
 * @throws {ConfigError}
 */
export function marketOf(file: string, preset: Preset | undefined, symbols: number): ReturnType<typeof liveMarketOf> {
  const given = { ...readMarketFile(file), preset: preset ?? 'mixed' } as const
  return liveMarketOf(
    checked(() => checkConfiguration(given, file), file),
    preset,
    symbols,
  )
}

function checked(read: () => GivenConfiguration, file: string): GivenConfiguration {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigurationError) throw new ConfigError(error.message)
    const failure = readFailure(error, file)
    throw failure instanceof InputFailure ? new ConfigError(failure.message) : failure
  }
}

/** The texts of the settings that the file has. */
export function settingDefaultsOf(given: GivenConfiguration, source: string): SettingDefaults {
  const { seed, preset, symbols } = given
  const market = { seed, preset, symbols: symbols === undefined ? undefined : symbolsOf(given).length }
  const values = { ...market, ...configuredTexts(given) }
  const texts = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return { source, values: Object.fromEntries(texts) }
}
