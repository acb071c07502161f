// The configuration that the flags of a command give: --config, then each --set in order, then the flags of the market.
// For run, record, export and scenarios.

import { readFile } from 'node:fs/promises'
import { SIMULATION_PRESETS } from '@papertape/protocol'
import { checkConfiguration, parseConfiguration } from '../../configuration/check-configuration.ts'
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import type { GivenConfiguration } from '../../configuration/configuration-schema.ts'
import { setValue } from '../../configuration/set-value.ts'
import { symbolsOf } from '../../configuration/whole-configuration.ts'
import { readFailure } from '../../input/input-failure.ts'
import type { CommandLine } from '../arguments.ts'
import { usageFailure } from '../failure.ts'
import { parseChoice, parseDuration, parseSeed, parseSymbolCount } from './flag-values.ts'

export type Flags = CommandLine['flags']

/** @throws {CliFailure} */
export async function readConfiguration(flags: Flags): Promise<GivenConfiguration> {
  const file = flags.config as string | undefined
  const text = file === undefined ? '{}' : await readText(file)
  const assignments = (flags.set as readonly string[] | undefined) ?? []
  try {
    const { preset } = flags
    const given = parseConfiguration(text, file ?? '')
    // Prices must be on the tick grid of the flag's preset.
    const checked = checkConfiguration({ ...given, ...(preset === undefined ? {} : readPreset(preset)) }, file ?? '')
    return withFlags(assignments.reduce(setValue, checked), flags)
  } catch (error) {
    if (error instanceof ConfigurationError) throw usageFailure(error.message)
    throw error
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw readFailure(error, file)
  }
}

function readPreset(text: Flags[string]) {
  return { preset: parseChoice('preset', text as string, SIMULATION_PRESETS) }
}

function withFlags(given: GivenConfiguration, flags: Flags): GivenConfiguration {
  const text = (name: string) => flags[name] as string | undefined
  const [seed, preset, symbols, duration, scenario] = ['seed', 'preset', 'symbols', 'duration', 'scenario'].map(text)
  if (duration !== undefined) parseDuration(duration)
  return {
    ...given,
    ...(seed === undefined ? {} : { seed: parseSeed(seed) }),
    ...(preset === undefined ? {} : readPreset(preset)),
    ...(symbols === undefined ? {} : { symbols: [...symbolsOf(given, parseSymbolCount(symbols))] }),
    session: {
      ...given.session,
      ...(duration === undefined ? {} : { duration }),
      ...(scenario === undefined ? {} : { scenario }),
    },
  }
}
