// The settings of the server as one TypeBox schema: types, defaults, checks, flags, environment names and texts. Pure
// data; config.ts reads values, help.ts prints the texts.

import { isIP } from 'node:net'
import { CHANNEL_LIMITS, KNOWN_SCENARIOS, parseScenarioNames } from '@papertape/gateway'
import { SIMULATION_PRESETS } from '@papertape/protocol'
import {
  parseMargin,
  parsePace,
  parsePercent,
  parsePerShare,
  parseRate,
  parseSchedule,
  STANDARD_ACCOUNT_RULES,
  STANDARD_RULES,
} from '@papertape/simulators'
import Type, { type StaticDecode } from 'typebox'
import { parseHosts } from '../auth/hosts.ts'
import { parseOrigins } from '../auth/origins.ts'
import { parseTrustProxy } from '../auth/trusted-proxies.ts'
import { parseBasePath } from '../http/base-path.ts'

/** Keywords of a setting's schema beside those of JSON Schema. */
export type SettingKeywords = {
  readonly flag: string
  readonly env: string
  /** The values that it takes, for error messages, --help and the docs. */
  readonly takes: string
  readonly description: string
  /** As it is written in a flag or variable, unless it is a number or boolean. */
  readonly default: string | number | boolean
  /** The value names a file or folder. */
  readonly isPath?: boolean
}

type Text = SettingKeywords & { readonly default: string; readonly minLength?: number }

/** A text that `isValid` accepts; it is kept as it was written. */
const checkedText = (keywords: Text, isValid: (text: string) => boolean) => Type.Refine(Type.String(keywords), isValid)

/** A text that `parse` turns into the value; it returns undefined for an invalid one. */
const parsedText = <T>(keywords: Text, parse: (text: string) => T | undefined) =>
  Type.Decode(
    checkedText(keywords, text => parse(text) !== undefined),
    text => parse(text) as T,
  )

const count = (keywords: SettingKeywords & { readonly default: number; minimum: number; maximum: number }) =>
  Type.Integer(keywords)
const port = (keywords: Omit<SettingKeywords, 'takes'>) =>
  Type.Integer({
    ...keywords,
    takes: 'a port from 0 to 65535; 0 picks a free one',
    minimum: 0,
    maximum: 65_535,
  })
const toggle = (keywords: Omit<SettingKeywords, 'takes' | 'default'>) =>
  Type.Boolean({ ...keywords, takes: '1 or 0', default: false })

const file = (keywords: Omit<Text, 'takes' | 'default' | 'isPath'>) =>
  Type.String({ ...keywords, default: '', takes: 'a file', isPath: true } satisfies Text)

const margin = (keywords: Omit<Text, 'takes'>) =>
  checkedText({ ...keywords, takes: 'a percentage from 1 to 100' }, text => parseMargin(text) !== undefined)

const SETTINGS = Type.Object({
  port: port({
    flag: 'port',
    env: 'PORT',
    default: 8080,
    description: 'Port for HTTP/1.1 and WebSocket',
  }),
  tlsPort: port({
    flag: 'tls-port',
    env: 'TLS_PORT',
    default: 8443,
    description: 'Port for HTTPS (HTTP/2, HTTP/1.1) and WebSocket',
  }),
  host: checkedText(
    {
      flag: 'host',
      env: 'PAPERTAPE_HOST',
      minLength: 1,
      default: '127.0.0.1',
      takes: 'an address such as 127.0.0.1 or ::1, or a host name',
      description: 'Address to listen on; 0.0.0.0 for all IPv4 addresses',
    },
    isAddress,
  ),
  dataFolder: Type.String({
    flag: 'data',
    env: 'PAPERTAPE_DATA',
    minLength: 1,
    default: './data',
    takes: 'a folder',
    description: 'Folder of the journals, the certificate and the operator token',
    isPath: true,
  } satisfies Text),
  memory: toggle({
    flag: 'memory',
    env: 'PAPERTAPE_MEMORY',
    description: 'In-memory only: nothing is stored',
  }),
  seed: count({
    flag: 'seed',
    env: 'PAPERTAPE_SEED',
    minimum: 0,
    maximum: 0xffff_ffff,
    default: 1,
    takes: 'a whole number from 0 to 4294967295',
    description: 'Seed of the simulated market',
  }),
  symbols: count({
    flag: 'symbols',
    env: 'PAPERTAPE_SYMBOLS',
    minimum: 1,
    maximum: 100,
    default: 20,
    takes: 'a number from 1 to 100',
    description:
      'Number of instruments in the simulated market; a hundred take four times the processor time of twenty, and start later',
  }),
  config: file({
    flag: 'config',
    env: 'PAPERTAPE_CONFIG',
    description:
      'Configuration of the simulated market, JSON (docs/configuration.md); flags and variables win over what it says',
  }),
  preset: checkedText(
    {
      flag: 'preset',
      env: 'PAPERTAPE_PRESET',
      default: 'mixed',
      takes: SIMULATION_PRESETS.join(', '),
      description: 'Tick-size regime of the simulated market; mixed: each instrument in its own',
    },
    text => SIMULATION_PRESETS.some(name => name === text),
  ),
  replay: Type.String({
    flag: 'replay',
    env: 'PAPERTAPE_REPLAY',
    default: '',
    takes: 'a LOBSTER message file or a Bitstamp log, also compressed with gzip',
    description: 'Replay real data instead of simulating',
    isPath: true,
  } satisfies Text),
  fresh: toggle({
    flag: 'fresh',
    env: 'PAPERTAPE_FRESH',
    description: "Delete this market's journal and start anew",
  }),
  repair: toggle({
    flag: 'repair',
    env: 'PAPERTAPE_REPAIR',
    description: 'Recover what is readable of a damaged journal, in a new epoch; the damaged files are kept',
  }),
  verify: toggle({
    flag: 'verify',
    env: 'PAPERTAPE_VERIFY',
    description: "Replay this market's journal, compare the events with those published, and exit",
  }),
  pace: parsedText(
    {
      flag: 'pace',
      env: 'PAPERTAPE_PACE',
      default: '1x',
      takes: '1x, 10x, 0.5x or max',
      description: "Speed of the market's clock",
    },
    parsePace,
  ),
  // The rules of the market stay as they were written: the folder of its journal is named after them.
  bands: checkedText(
    {
      flag: 'bands',
      env: 'PAPERTAPE_BANDS',
      default: STANDARD_RULES.bands,
      takes: 'a percentage from 0.01 to 50, or off',
      description: 'Price bands of the simulated market, around the mean price of the last minutes',
    },
    text => parsePercent(text) !== undefined,
  ),
  collar: checkedText(
    {
      flag: 'collar',
      env: 'PAPERTAPE_COLLAR',
      default: STANDARD_RULES.collar,
      takes: 'a percentage from 0.01 to 50, or off',
      description: 'How far from the best price a market order may trade',
    },
    text => parsePercent(text) !== undefined,
  ),
  schedule: checkedText(
    {
      flag: 'schedule',
      env: 'PAPERTAPE_SCHEDULE',
      default: STANDARD_RULES.schedule,
      takes: 'five ascending times of day (UTC) such as 13:00,13:28,13:30,20:00,20:05, or nothing',
      description:
        'Start of pre-open, opening auction, trading, closing auction and close; without it trading never stops',
    },
    text => parseSchedule(text) !== undefined,
  ),
  feeMaker: checkedText(
    {
      flag: 'fee-maker',
      env: 'PAPERTAPE_FEE_MAKER',
      default: STANDARD_ACCOUNT_RULES.feeMaker,
      takes: 'basis points from 0 to 1000, such as 0.25',
      description: 'Fee of an account for a fill of its resting order, and in an auction; of the value of the fill',
    },
    text => parseRate(text) !== undefined,
  ),
  feeTaker: checkedText(
    {
      flag: 'fee-taker',
      env: 'PAPERTAPE_FEE_TAKER',
      default: STANDARD_ACCOUNT_RULES.feeTaker,
      takes: 'basis points from 0 to 1000, such as 3',
      description: 'Fee of an account for a fill against a resting order, of the value of the fill',
    },
    text => parseRate(text) !== undefined,
  ),
  feePerShare: checkedText(
    {
      flag: 'fee-per-share',
      env: 'PAPERTAPE_FEE_PER_SHARE',
      default: STANDARD_ACCOUNT_RULES.feePerShare,
      takes: 'an amount from 0 to 9.9999, such as 0.0035',
      description: 'Fee of an account for each share of a fill, besides the other two',
    },
    text => parsePerShare(text) !== undefined,
  ),
  marginInitial: margin({
    flag: 'margin-initial',
    env: 'PAPERTAPE_MARGIN_INITIAL',
    default: STANDARD_ACCOUNT_RULES.marginInitial,
    description:
      'Equity that a margin account needs to open a position, of its value; at least the larger of the two below',
  }),
  marginLong: margin({
    flag: 'margin-long',
    env: 'PAPERTAPE_MARGIN_LONG',
    default: STANDARD_ACCOUNT_RULES.marginLong,
    description: 'Equity below which a margin account gets a margin call, of the value of what it holds',
  }),
  marginShort: margin({
    flag: 'margin-short',
    env: 'PAPERTAPE_MARGIN_SHORT',
    default: STANDARD_ACCOUNT_RULES.marginShort,
    description: 'The same, of the value of what it has sold short',
  }),
  marginGraceMs: count({
    flag: 'margin-grace-ms',
    env: 'PAPERTAPE_MARGIN_GRACE_MS',
    minimum: 0,
    maximum: 86_400_000,
    default: STANDARD_ACCOUNT_RULES.marginGraceMs,
    takes: 'milliseconds from 0 to 86400000',
    description: "After a margin call the account is liquidated in this time of the market's clock",
  }),
  scenario: parsedText(
    {
      flag: 'scenario',
      env: 'PAPERTAPE_SCENARIO',
      default: '',
      takes: `a comma list of ${KNOWN_SCENARIOS} and own ones, or nothing`,
      description: 'Scenarios to start with',
    },
    parseScenarioNames,
  ),
  pastMinutes: count({
    flag: 'past-minutes',
    env: 'PAPERTAPE_PAST_MINUTES',
    minimum: 0,
    maximum: 1_440,
    default: 30,
    takes: 'a number from 0 to 1440',
    description: 'Minutes that a new simulated market has traded when it starts',
  }),
  pastDays: count({
    flag: 'past-days',
    env: 'PAPERTAPE_PAST_DAYS',
    minimum: 0,
    maximum: 30,
    default: 5,
    takes: 'a number from 0 to 30',
    description:
      'Whole days of bars from before a simulated market began: of a minute and longer, made without orders and trades; bars of a second begin with the market',
  }),
  eventsKept: count({
    flag: 'events-kept',
    env: 'PAPERTAPE_EVENTS_KEPT',
    minimum: 1_000,
    maximum: 1_000_000_000,
    default: 1_000_000,
    takes: 'a number from 1000',
    description: 'Number of public events kept in the journal for readers that resume',
  }),
  streamsMax: count({
    flag: 'streams-max',
    env: 'PAPERTAPE_STREAMS_MAX',
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    takes: 'a number from 1',
    description: 'Maximum number of open streams; further readers must retry later',
  }),
  lagMaxMs: count({
    flag: 'lag-max-ms',
    env: 'PAPERTAPE_LAG_MAX_MS',
    minimum: 1_000,
    maximum: 3_600_000,
    default: 30_000,
    takes: 'milliseconds from 1000',
    description: 'Close a stalled stream after this time',
  }),
  streamAgeMaxMs: count({
    flag: 'stream-age-max-ms',
    env: 'PAPERTAPE_STREAM_AGE_MAX_MS',
    minimum: 0,
    maximum: 604_800_000,
    default: 3_600_000,
    takes: 'milliseconds from 0; 0 means any age',
    description: 'End a stream at 80 to 100 % of this age; its reader resumes, perhaps on another server',
  }),
  loopLagMaxMs: count({
    flag: 'loop-lag-max-ms',
    env: 'PAPERTAPE_LOOP_LAG_MAX_MS',
    minimum: 0,
    maximum: 10_000,
    default: 80,
    takes: 'milliseconds from 0; 0 means never',
    description: 'Refuse new streams while timers are later than this in the mean of a second, until it is half',
  }),
  drainMaxMs: count({
    flag: 'drain-max-ms',
    env: 'PAPERTAPE_DRAIN_MAX_MS',
    minimum: 0,
    maximum: 600_000,
    default: 20_000,
    takes: 'milliseconds from 0 to 600000; 0 means at once',
    description: 'At shutdown, notify streams and sockets one by one, 20 ms for each but no longer than this',
  }),
  stopMaxMs: count({
    flag: 'stop-max-ms',
    env: 'PAPERTAPE_STOP_MAX_MS',
    minimum: 0,
    maximum: 600_000,
    default: 5_000,
    takes: 'milliseconds from 0 to 600000',
    description: 'After that, wait this long for open connections, then cut them',
  }),
  origins: parsedText(
    {
      flag: 'origins',
      env: 'PAPERTAPE_ORIGINS',
      default: '',
      takes: 'a comma list of scheme, host and port, such as https://desk.example,http://localhost:3000',
      description: 'Other origins whose pages have the same rights as the dashboard (CORS)',
    },
    parseOrigins,
  ),
  hosts: parsedText(
    {
      flag: 'hosts',
      env: 'PAPERTAPE_HOSTS',
      default: '',
      takes: 'a comma list of names without ports, such as tape.example',
      description: 'Host names that the service answers to, besides localhost and IP addresses',
    },
    parseHosts,
  ),
  trustProxy: parsedText(
    {
      flag: 'trust-proxy',
      env: 'PAPERTAPE_TRUST_PROXY',
      default: '',
      takes: 'a comma list of addresses and networks such as 127.0.0.1,10.0.0.0/8, or the number of proxies in front',
      description: 'Proxies whose X-Forwarded-For, -Host and -Proto headers are trusted',
    },
    parseTrustProxy,
  ),
  basePath: parsedText(
    {
      flag: 'base-path',
      env: 'PAPERTAPE_BASE_PATH',
      default: '',
      takes: 'a path such as /tape',
      description: 'Path prefix under which a proxy serves this service, whether it strips the prefix or not',
    },
    parseBasePath,
  ),
  accountBurst: count({
    flag: 'account-burst',
    env: 'PAPERTAPE_ACCOUNT_BURST',
    minimum: 0,
    maximum: 1_000_000,
    default: 100,
    takes: 'a number from 0; 0 means no limit',
    description: 'Accounts that one address may open at once; then two per second',
  }),
  accountsPerHour: count({
    flag: 'accounts-per-hour',
    env: 'PAPERTAPE_ACCOUNTS_PER_HOUR',
    minimum: 0,
    maximum: 1_000_000,
    default: 1_000,
    takes: 'a number from 0; 0 means no limit',
    description: 'Accounts that one address may open in an hour',
  }),
  commandsPerSecond: count({
    flag: 'commands-per-second',
    env: 'PAPERTAPE_COMMANDS_PER_SECOND',
    minimum: 1,
    maximum: 1_000_000,
    default: CHANNEL_LIMITS.commandsPerSecond,
    takes: 'a number from 1',
    description:
      'Commands per second of an account, over all of its connections and requests; and messages per second of a connection',
  }),
  commandBurst: count({
    flag: 'command-burst',
    env: 'PAPERTAPE_COMMAND_BURST',
    minimum: 1,
    maximum: 1_000_000,
    default: CHANNEL_LIMITS.burst,
    takes: 'a number from 1',
    description: 'How many of them are accepted at once',
  }),
  addressSocketsMax: count({
    flag: 'address-sockets-max',
    env: 'PAPERTAPE_ADDRESS_SOCKETS_MAX',
    minimum: 0,
    maximum: 1_000_000,
    default: CHANNEL_LIMITS.addressSocketsMax,
    takes: 'a number from 0; 0 means no limit',
    description: 'WebSockets that one address may have open',
  }),
  openOrdersMax: count({
    flag: 'open-orders-max',
    env: 'PAPERTAPE_OPEN_ORDERS_MAX',
    minimum: 1,
    maximum: 10_000,
    default: CHANNEL_LIMITS.openOrdersMax,
    takes: 'a number from 1 to 10000',
    description: 'Open orders of an account; a rule of the market: with another number it is another market',
  }),
  privateDaysKept: count({
    flag: 'private-days-kept',
    env: 'PAPERTAPE_PRIVATE_DAYS_KEPT',
    minimum: 1,
    maximum: 36_500,
    default: 90,
    takes: 'a number of days from 1',
    description: "How long the events of accounts' private streams are kept in the journal for readers that resume",
  }),
  lab: Type.Enum(['on', 'off'], {
    flag: 'lab',
    env: 'PAPERTAPE_LAB',
    default: 'on',
    takes: 'on or off',
    description: 'Clients may have their own connections cut, stalled, slowed down and closed (POST /v1/lab)',
  } satisfies Text),
  adapters: Type.Enum(['on', 'off'], {
    flag: 'adapters',
    env: 'PAPERTAPE_ADAPTERS',
    default: 'on',
    takes: 'on or off',
    description: 'Clients of other venues may connect, below /alpaca and /binance (docs/adapters.md)',
  } satisfies Text),
  role: Type.Enum(['all', 'gateway', 'venue'], {
    flag: 'role',
    env: 'PAPERTAPE_ROLE',
    default: 'all',
    takes: 'all, gateway or venue',
    description: 'What this process is; gateways and venues share the log of the market on NATS (docs/scaling.md)',
  } satisfies Text),
  nats: parsedText(
    {
      flag: 'nats',
      env: 'PAPERTAPE_NATS',
      default: '',
      takes: 'a comma list of servers such as 10.0.0.1:4222,10.0.0.2:4222',
      description: 'The NATS servers, with JetStream, of a gateway or venue',
    },
    parseServers,
  ),
  natsReplicas: count({
    flag: 'nats-replicas',
    env: 'PAPERTAPE_NATS_REPLICAS',
    minimum: 1,
    maximum: 5,
    default: 1,
    takes: '1, 3 or 5',
    description: 'On how many NATS servers the log of the market is kept',
  }),
  natsLogBytes: count({
    flag: 'nats-log-bytes',
    env: 'PAPERTAPE_NATS_LOG_BYTES',
    minimum: 1_048_576,
    maximum: 1_099_511_627_776,
    default: 1_073_741_824,
    takes: 'bytes from 1048576',
    description: 'How much of the log NATS keeps: a venue that was away for longer needs a copy of a journal',
  }),
  natsCredentials: file({
    flag: 'nats-credentials',
    env: 'PAPERTAPE_NATS_CREDENTIALS',
    description: "Credentials for NATS: a file with a user's credentials or seed",
  }),
  natsCa: file({
    flag: 'nats-ca',
    env: 'PAPERTAPE_NATS_CA',
    description: 'Certificate of the authority that signed those of the NATS servers',
  }),
  natsCert: file({
    flag: 'nats-cert',
    env: 'PAPERTAPE_NATS_CERT',
    description: 'Certificate of this process for NATS servers that ask for one',
  }),
  natsKey: file({
    flag: 'nats-key',
    env: 'PAPERTAPE_NATS_KEY',
    description: 'The key of that certificate',
  }),
  natsApiPrefix: checkedText(
    {
      flag: 'nats-api-prefix',
      env: 'PAPERTAPE_NATS_API_PREFIX',
      default: '$JS.API',
      takes: 'a subject such as papertape-log',
      description:
        'Where the NATS account of this process has the JetStream API of the log; deploy/nats/nats.conf names it',
    },
    text => /^[^\s.*>]+(?:\.[^\s.*>]+)*$/.test(text),
  ),
  venueSilenceMaxMs: count({
    flag: 'venue-silence-max-ms',
    env: 'PAPERTAPE_VENUE_SILENCE_MAX_MS',
    minimum: 500,
    maximum: 600_000,
    default: 1_500,
    takes: 'milliseconds from 500',
    description: 'How long the leading venue may be silent before another one takes the lead',
  }),
  log: Type.Enum(['silent', 'error', 'warn', 'info', 'debug'], {
    flag: 'log',
    env: 'PAPERTAPE_LOG',
    default: 'warn',
    takes: 'silent, error, warn, info or debug',
    description: 'Log level',
  } satisfies Text),
})

/** The settings of a run, parsed. */
export type Config = Readonly<StaticDecode<typeof SETTINGS>>
export type SettingName = keyof Config
export type Setting = Type.TSchema & SettingKeywords & { readonly type?: string }

export const SETTING_LIST = Object.entries(SETTINGS.properties) as unknown as readonly (readonly [
  SettingName,
  Setting,
])[]

/** The names of the settings in the environment. */
export const VARIABLES: readonly string[] = SETTING_LIST.map(([, { env }]) => env)

/** @returns undefined for what is no list of hosts with ports. */
function parseServers(text: string): readonly string[] | undefined {
  const servers = text === '' ? [] : text.split(',')
  return servers.every(server => /^(?:(?:nats|tls):\/\/)?[^\s/:@]+(?::\d{1,5})?$/.test(server)) ? servers : undefined
}

/** An IP address, or a name that the resolver has to know; 256.0.0.1 is neither. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 || /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(text.replace(/^[0-9.]+$/, ''))
}
