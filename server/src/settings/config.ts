// Reads the settings from flags and environment, checks and parses them. Must not read process.env or files: the caller
// passes both. An unknown flag or a bad value is a ConfigError of one line.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Value } from 'typebox/value'
import { describeUnknownVariable, describeWrapping, type EnvironmentVariables, isServiceLink } from './environment.ts'
import { type Config, SETTING_LIST, type Setting, type SettingName, VARIABLES } from './settings.ts'

/** A bad setting; the message names it, its source and the values that it takes. One line. */
export class ConfigError extends Error {
  readonly code = 'bad-config'
}

const TRUE = ['1', 'true']
const FALSE = ['0', 'false']

/** Values that win over the defaults of the settings, and lose against flags and variables. */
export interface SettingDefaults {
  /** Where they come from, for errors. */
  readonly source: string
  readonly values: Partial<Readonly<Record<SettingName, string>>>
}

type ParsedFlags = Readonly<Record<string, string | boolean | undefined>>

/**
 * Flags win over the environment, which wins over a file's values and over the defaults.
 * @param callerFolder what paths in flags are relative to; all others are relative to the folder that the server runs
 * in.
 * @returns `help` when --help is among the flags.
 * @throws {ConfigError} on an unknown flag or variable, or a bad value.
 */
export function readConfig(
  args: readonly string[],
  env: EnvironmentVariables,
  callerFolder?: string,
  defaults?: SettingDefaults,
): Config | 'help' {
  const flags = readFlags(args)
  if (flags === 'help') return 'help'
  const unknown = describeUnknownVariable(env, VARIABLES)
  if (unknown !== undefined) throw new ConfigError(unknown)
  const values = SETTING_LIST.map(([name, setting]) => [
    name,
    readSetting(setting, flags, env, callerFolder) ?? readDefault(name, setting, defaults),
  ])
  return Object.fromEntries(values) as Config
}

/** Undefined when neither a flag nor a variable sets it. */
function readSetting(
  setting: Setting,
  flags: ParsedFlags,
  env: EnvironmentVariables,
  callerFolder: string | undefined,
): unknown {
  const fromFlag = flags[setting.flag]
  if (fromFlag !== undefined && !(fromFlag === '' && setting.default === '')) {
    const value = parseValue(setting, fromFlag, `--${setting.flag}`)
    return setting.isPath === true && callerFolder !== undefined ? resolve(callerFolder, String(value)) : value
  }
  const variable = isServiceLink(setting.env, env[setting.env]) ? undefined : env[setting.env]
  // An empty variable counts as unset; an empty flag does so only where the default is empty.
  const isSet = fromFlag === undefined && variable !== undefined && variable !== ''
  return isSet ? parseValue(setting, variable, setting.env) : undefined
}

function readDefault(name: SettingName, setting: Setting, defaults: SettingDefaults | undefined): unknown {
  const text = defaults?.values[name]
  if (text === undefined) return Value.Decode(setting, setting.default)
  return parseValue(setting, text, `${defaults!.source}: ${name}`)
}

/** @throws {ConfigError} */
function parseValue(setting: Setting, given: string | boolean, source: string): unknown {
  const wrapping = typeof given === 'string' && source === setting.env ? describeWrapping(given) : undefined
  const value = convert(setting, given)
  // Check first: Decode alone would convert values, and take 80.5 for 80.
  if (wrapping === undefined && Value.Check(setting, value)) return Value.Decode(setting, value)
  const hint = wrapping === undefined ? '' : `; ${wrapping}`
  throw new ConfigError(`${source} takes ${setting.takes}, not ${JSON.stringify(given)}${hint}`)
}

/** @returns the text itself where it is no value of the setting's type. */
function convert({ type }: Setting, given: string | boolean): string | number | boolean {
  if (typeof given === 'boolean') return given
  if (type === 'boolean' && TRUE.includes(given)) return true
  if (type === 'boolean' && FALSE.includes(given)) return false
  return type === 'integer' && /^[0-9]+$/.test(given) ? Number(given) : given
}

function readFlags(args: readonly string[]): ParsedFlags | 'help' {
  const options: Record<string, { type: 'string' | 'boolean' }> = { help: { type: 'boolean' } }
  for (const [, { flag, type }] of SETTING_LIST) options[flag] = { type: type === 'boolean' ? 'boolean' : 'string' }
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true })
    return values.help === true ? 'help' : values
  } catch (error) {
    const [message] = (error as Error).message.split(/\.\s/)
    throw new ConfigError(`${message}; --help lists the flags`)
  }
}
