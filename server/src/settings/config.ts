// The server's settings: one schema gives types, defaults, --help and the names in the environment. Reads what it is
// handed; an unknown flag or a bad value is one clear line.

import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parsePace } from '@papertape/simulators'
import { parsePercent, parseSchedule, STANDARD_RULES } from '@papertape/venue'
import Type, { type Static } from 'typebox'
import { parseHosts } from '../auth/hosts.ts'
import { parseOrigins } from '../auth/origins.ts'
import { parseTrustProxy } from '../auth/trusted-proxies.ts'
import { parseBasePath } from '../http/base-path.ts'
import { describeUnknownVariable, describeWrapping, type Environment, isServiceLink } from './environment.ts'
import { KNOWN_SCENARIOS, parseScenarioNames } from './scenario-names.ts'

interface Setting {
  readonly flag: string
  readonly env: string
  readonly takes: string
  readonly says: string
}

const setting = <S extends Type.TSchema>(schema: S, fallback: Static<S>, names: Setting) => ({
  schema,
  fallback,
  ...names,
})
const port = Type.Integer({ minimum: 0, maximum: 65_535 })

export const SETTINGS = {
  port: setting(port, 8080, {
    flag: 'port',
    env: 'PORT',
    takes: 'a port from 0 to 65535; 0 picks a free one',
    says: 'HTTP/1.1, WebSocket',
  }),
  tlsPort: setting(port, 8443, {
    flag: 'tls-port',
    env: 'TLS_PORT',
    takes: 'a port from 0 to 65535; 0 picks a free one',
    says: 'HTTPS with HTTP/2, WebSocket',
  }),
  host: setting(Type.String({ minLength: 1 }), '127.0.0.1', {
    flag: 'host',
    env: 'PAPERTAPE_HOST',
    takes: 'an address such as 127.0.0.1 or ::1, or a name of one',
    says: 'The address to listen on; 0.0.0.0 for every one',
  }),
  dataFolder: setting(Type.String({ minLength: 1 }), './data', {
    flag: 'data',
    env: 'PAPERTAPE_DATA',
    takes: 'a folder',
    says: 'Where the journal and the certificate are kept',
  }),
  memory: setting(Type.Boolean(), false, {
    flag: 'memory',
    env: 'PAPERTAPE_MEMORY',
    takes: '1 or 0',
    says: 'Keep nothing: the market is forgotten at the end',
  }),
  seed: setting(Type.Integer({ minimum: 0, maximum: 0xffff_ffff }), 1, {
    flag: 'seed',
    env: 'PAPERTAPE_SEED',
    takes: 'a whole number from 0 to 4294967295',
    says: 'The seed of the simulated market',
  }),
  symbols: setting(Type.Integer({ minimum: 1, maximum: 20 }), 20, {
    flag: 'symbols',
    env: 'PAPERTAPE_SYMBOLS',
    takes: 'a number from 1 to 20',
    says: 'How many instruments the simulated market has',
  }),
  replay: setting(Type.String(), '', {
    flag: 'replay',
    env: 'PAPERTAPE_REPLAY',
    takes: 'a LOBSTER message file or a Bitstamp log, as it is or with gzip',
    says: 'Replay a real tape instead of simulating',
  }),
  fresh: setting(Type.Boolean(), false, {
    flag: 'fresh',
    env: 'PAPERTAPE_FRESH',
    takes: '1 or 0',
    says: 'Start this market anew and forget what its journal holds',
  }),
  repair: setting(Type.Boolean(), false, {
    flag: 'repair',
    env: 'PAPERTAPE_REPAIR',
    takes: '1 or 0',
    says: 'Go on from what can be read of a damaged journal, in a new epoch; the damaged files are kept',
  }),
  verify: setting(Type.Boolean(), false, {
    flag: 'verify',
    env: 'PAPERTAPE_VERIFY',
    takes: '1 or 0',
    says: "Run this market's journal again, compare it with what was published, and end",
  }),
  pace: setting(Type.String(), '1x', {
    flag: 'pace',
    env: 'PAPERTAPE_PACE',
    takes: '1x, 10x, 0.5x or max',
    says: "How fast the market's clock runs",
  }),
  bands: setting(Type.String(), STANDARD_RULES.bands, {
    flag: 'bands',
    env: 'PAPERTAPE_BANDS',
    takes: 'a percentage from 0.01 to 50, or off',
    says: "How far prices of the simulated market may go from the last minutes' mean before trading pauses",
  }),
  collar: setting(Type.String(), STANDARD_RULES.collar, {
    flag: 'collar',
    env: 'PAPERTAPE_COLLAR',
    takes: 'a percentage from 0.01 to 50, or off',
    says: 'How far from the best price a market order trades',
  }),
  schedule: setting(Type.String(), STANDARD_RULES.schedule, {
    flag: 'schedule',
    env: 'PAPERTAPE_SCHEDULE',
    takes: 'five rising times of day (UTC) such as 13:00,13:28,13:30,20:00,20:05, or nothing',
    says: 'When a day has its pre-open, opening auction, trading, closing auction and close; open round the clock without',
  }),
  scenario: setting(Type.String(), '', {
    flag: 'scenario',
    env: 'PAPERTAPE_SCENARIO',
    takes: `a comma list of ${KNOWN_SCENARIOS}, or nothing`,
    says: 'What befalls the simulated market as its doors open',
  }),
  pastMinutes: setting(Type.Integer({ minimum: 0, maximum: 1_440 }), 30, {
    flag: 'past-minutes',
    env: 'PAPERTAPE_PAST_MINUTES',
    takes: 'a number from 0 to 1440',
    says: 'How much of a past a new simulated market is given, so that charts are not empty',
  }),
  eventsKept: setting(Type.Integer({ minimum: 1_000, maximum: 1_000_000_000 }), 1_000_000, {
    flag: 'events-kept',
    env: 'PAPERTAPE_EVENTS_KEPT',
    takes: 'a number from 1000',
    says: 'How many public events stay in the journal for readers that resume',
  }),
  streamsMax: setting(Type.Integer({ minimum: 1, maximum: 1_000_000 }), 10_000, {
    flag: 'streams-max',
    env: 'PAPERTAPE_STREAMS_MAX',
    takes: 'a number from 1',
    says: 'How many streams are open at once; further ones are told to come back',
  }),
  lagMaxMs: setting(Type.Integer({ minimum: 1_000, maximum: 3_600_000 }), 30_000, {
    flag: 'lag-max-ms',
    env: 'PAPERTAPE_LAG_MAX_MS',
    takes: 'milliseconds from 1000',
    says: 'How long a reader may take nothing before its stream is ended',
  }),
  stopMaxMs: setting(Type.Integer({ minimum: 0, maximum: 600_000 }), 5_000, {
    flag: 'stop-max-ms',
    env: 'PAPERTAPE_STOP_MAX_MS',
    takes: 'milliseconds from 0 to 600000',
    says: 'How long the end waits for peers that have been told of it; then their connections are cut',
  }),
  origins: setting(Type.String(), '', {
    flag: 'origins',
    env: 'PAPERTAPE_ORIGINS',
    takes: 'a comma list of scheme, host and port, such as https://desk.example,http://localhost:3000',
    says: 'Origins beside our own whose pages may do all that ours may',
  }),
  hosts: setting(Type.String(), '', {
    flag: 'hosts',
    env: 'PAPERTAPE_HOSTS',
    takes: 'a comma list of names without ports, such as tape.example',
    says: 'Host names that the service answers to beside localhost and addresses',
  }),
  trustProxy: setting(Type.String(), '', {
    flag: 'trust-proxy',
    env: 'PAPERTAPE_TRUST_PROXY',
    takes: 'a comma list of addresses and networks such as 127.0.0.1,10.0.0.0/8, or how many proxies are in front',
    says: 'Proxies whose X-Forwarded-For, -Host and -Proto are believed',
  }),
  basePath: setting(Type.String(), '', {
    flag: 'base-path',
    env: 'PAPERTAPE_BASE_PATH',
    takes: 'a path such as /tape',
    says: 'The path under which a proxy shows the service, whether it strips it or not',
  }),
  accountBurst: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), 100, {
    flag: 'account-burst',
    env: 'PAPERTAPE_ACCOUNT_BURST',
    takes: 'a number from 0; 0 does not limit',
    says: 'How many accounts one address may open at once; two more a second',
  }),
  log: setting(Type.Enum(['silent', 'error', 'warn', 'info', 'debug']), 'warn', {
    flag: 'log',
    env: 'PAPERTAPE_LOG',
    takes: 'silent, error, warn, info or debug',
    says: 'What is written to the log',
  }),
} as const

type SettingName = keyof typeof SETTINGS

const PATH_FLAGS = new Set(['data', 'replay'])

/** Texts with a form of their own: undefined is a text that is none. */
const PARSERS: { readonly [Name in SettingName]?: (text: string) => unknown } = {
  pace: parsePace,
  bands: parsePercent,
  collar: parsePercent,
  schedule: parseSchedule,
  scenario: parseScenarioNames,
  host: parseAddress,
  origins: parseOrigins,
  hosts: parseHosts,
  trustProxy: parseTrustProxy,
  basePath: parseBasePath,
}
export type Config = { readonly [Name in SettingName]: Static<(typeof SETTINGS)[Name]['schema']> }

/** An IP address, or a name, which the resolver has to know; 256.0.0.1 is neither. */
function parseAddress(text: string): string | undefined {
  return isIP(text) !== 0 || /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(text.replace(/^[0-9.]+$/, ''))
    ? text
    : undefined
}

/** The names that settings have in the environment. */
export const VARIABLES: readonly string[] = Object.values(SETTINGS).map(({ env }) => env)

/** A bad setting: what it is, where it came from, what it takes. One line. */
export class ConfigError extends Error {
  readonly code = 'bad-config'
}

/**
 * Flags win over the environment, which wins over the defaults.
 * @param callerFolder what paths in flags are relative to; all others are relative to the folder that the server runs in.
 * @returns `help` when that was asked for.
 * @throws {ConfigError} on an unknown flag or variable, or a value that a setting does not take.
 */
export function readConfig(args: readonly string[], env: Environment, callerFolder?: string): Config | 'help' {
  const flags = readFlags(args)
  if (flags === 'help') return 'help'
  const unknown = describeUnknownVariable(env, VARIABLES)
  if (unknown !== undefined) throw new ConfigError(unknown)
  const config: Record<string, unknown> = {}
  for (const [name, { schema, fallback, flag, env: variable, takes }] of Object.entries(SETTINGS)) {
    const fromFlag = flags[flag]
    const fromEnv = isServiceLink(variable, env[variable]) ? undefined : env[variable]
    const text = fromFlag ?? fromEnv
    // An empty variable is one that was not filled in; an empty flag is nothing but a value.
    const isAbsent = text === undefined || (text === '' && (fromFlag === undefined || fallback === ''))
    const value = isAbsent ? fallback : parseValue(schema, fallback, text)
    const parser = PARSERS[name as SettingName]
    const isFormed = parser === undefined || parser(value as string) !== undefined
    const wrapping = fromFlag === undefined && fromEnv !== undefined ? describeWrapping(fromEnv) : undefined
    const from = fromFlag === undefined ? variable : `--${flag}`
    if (value === undefined || !isFormed || wrapping !== undefined) {
      const hint = wrapping === undefined ? '' : `; ${wrapping}`
      throw new ConfigError(`${from} takes ${takes}, not ${JSON.stringify(text)}${hint}`)
    }
    const isCallersPath = typeof fromFlag === 'string' && PATH_FLAGS.has(flag) && callerFolder !== undefined
    config[name] = isCallersPath && fromFlag !== '' ? resolve(callerFolder, fromFlag) : value
  }
  return config as unknown as Config
}

export function helpText(): string {
  const rows = Object.values(SETTINGS).map(({ flag, env, says, takes, fallback }) => {
    const standard = fallback === '' ? '' : ` [${fallback}]`
    return `  --${flag.padEnd(14)} ${says}${standard}\n  ${' '.repeat(17)}${takes}; ${env}`
  })
  return `Papertape: a paper stock exchange with a live tape.\n\nUsage: npm start -- [flags]\n\n${rows.join('\n')}\n`
}

function readFlags(args: readonly string[]): Record<string, string | boolean | undefined> | 'help' {
  const options: Record<string, { type: 'string' | 'boolean' }> = { help: { type: 'boolean' } }
  for (const { flag, fallback } of Object.values(SETTINGS)) {
    options[flag] = { type: typeof fallback === 'boolean' ? 'boolean' : 'string' }
  }
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true })
    return values.help === true ? 'help' : values
  } catch (error) {
    const [message] = (error as Error).message.split(/\.\s/)
    throw new ConfigError(`${message}; --help lists the flags`)
  }
}

function parseValue(schema: Type.TSchema, fallback: unknown, text: string | boolean): unknown {
  const {
    minimum,
    maximum,
    minLength,
    enum: choices,
  } = schema as {
    minimum?: number
    maximum?: number
    minLength?: number
    enum?: readonly string[]
  }
  if (typeof fallback === 'boolean') {
    if (text === true || text === '1' || text === 'true') return true
    return text === false || text === '0' || text === 'false' ? false : undefined
  }
  if (typeof text !== 'string') return undefined
  if (typeof fallback === 'number') {
    const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN
    return value >= (minimum ?? 0) && value <= (maximum ?? Number.MAX_SAFE_INTEGER) ? value : undefined
  }
  if (choices !== undefined && !choices.includes(text)) return undefined
  return text.length >= (minLength ?? 0) ? text : undefined
}
