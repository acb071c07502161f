// The commands and flags of papertape-sim as data, and what a command line says by them. Help and errors are made from
// the same tables. Opens nothing; main.ts hands the words in.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { INSTRUMENTS } from '../market/instruments.ts'
import { didYouMean, usageFailure } from './failure.ts'

type FlagToken =
  | { readonly kind: 'option'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'positional' | 'option-terminator' }

interface FlagEntry {
  readonly value: string
  readonly text: string
}

interface CommandEntry {
  readonly summary: string
  /** What stands after the command, '' for nothing; in brackets where it may be left out, with … where it may be several. */
  readonly operand: string
  readonly flags: Readonly<Record<string, FlagEntry>>
}

const pace = { value: 'max|1x|60', text: 'market time for each second of yours (max: as fast as it goes)' }
const out = { value: 'FILE|-', text: 'where the tape goes; it grows as FILE.partial, then is renamed; -: to stdout' }
const force = { value: '', text: 'replace a file that exists; never a folder, a link, a pipe or a device' }
const orders = {
  value: 'FILE',
  text: 'orders of users, a line of JSON each: {"at":"10:15:00","accountId":"me","type":…}',
}
const fresh = { value: '', text: 'start over, even where an interrupted one could be gone on with' }

const levels = { value: 'N', text: 'levels of the book in LOBSTER files (10)' }

/** What to simulate. */
const market = {
  preset: {
    value: 'mixed|small-tick|large-tick',
    text: 'how symbols trade: each in its own way, or all in one regime (mixed)',
  },
  symbols: { value: 'N', text: `how many symbols trade, 1 to ${INSTRUMENTS.length} (20)` },
  seed: { value: 'S', text: 'a whole number; the same seed gives the same bytes (drawn, and printed, when absent)' },
  duration: { value: '6.5h|1h30m|2d|90s', text: 'market time to simulate, from 09:30:00 on (1h)' },
  scenario: {
    value: 'NAME[@TIME|+DELAY],…',
    text: 'what befalls it: flash-crash@10:30,halt+2h (see scenarios)',
  },
  orders,
}

export const COMMANDS = {
  run: {
    summary: 'simulates a market and makes a tape of it',
    operand: '',
    flags: {
      ...market,
      pace,
      out,
      format: {
        value: 'tape|ndjson|lobster',
        text: 'how it is written (tape); lobster: order by order, into the folder --out',
      },
      levels,
      force,
      fresh,
    },
  },
  record: {
    summary: 'simulates a market and keeps snapshots of it, so that replay reaches any moment at once',
    operand: '',
    flags: {
      ...market,
      out: { value: 'FILE|-', text: 'where the recording goes; it grows as FILE.partial, then is renamed' },
      format: { value: 'tape|ndjson', text: 'how the lines of its tape are written (tape)' },
      force,
      fresh,
    },
  },
  replay: {
    summary: 'plays a tape, a recording, LOBSTER messages or a Bitstamp log, to stdout or to a file',
    operand: 'FILE',
    flags: {
      format: { value: 'tape|recording|lobster|bitstamp', text: 'what FILE holds (by its first line)' },
      at: {
        value: '13:37:05|1h30m',
        text: "start at this time of the market's day, or so long after its start; the lines before it are left out",
      },
      name: {
        value: 'SYMBOL_DAY_',
        text: 'of LOBSTER messages whose file does not say symbol and day: AAPL_2012-06-21_',
      },
      from: { value: 'SEQ', text: 'start at the event with this number' },
      pace,
      out,
      force,
    },
  },
  verify: {
    summary: 'runs the seed of a tape or a recording again and compares every byte',
    operand: 'FILE',
    flags: { orders: { value: 'FILE', text: 'the orders of users that the tape was made with' } },
  },
  export: {
    summary: 'writes a tape or a recording in a format that others read',
    operand: 'FILE',
    flags: {
      to: {
        value: 'ndjson|lobster|parquet',
        text: 'ndjson: its lines; lobster, parquet: its orders, by running its seed again',
      },
      out: { value: 'FILE|FOLDER|-', text: 'where it goes: a file or stdout, for lobster a folder' },
      levels,
      orders: { value: 'FILE', text: 'the orders of users that the tape was made with' },
      force,
    },
  },
  report: {
    summary: 'holds days against real ones: simulated by seed, or from LOBSTER messages or tapes of ours',
    operand: '[FILE…]',
    flags: {
      preset: {
        value: 'NAME',
        text: 'small-tick or large-tick: what to simulate, and the bars (both; for files, by their spread)',
      },
      seeds: { value: 'N', text: 'how many days to simulate for each preset (20)' },
      'seed-from': { value: 'S', text: 'the first seed, the others follow it (1)' },
      duration: { value: '6.5h|1h30m|90s', text: 'of each day (6.5h)' },
      workers: { value: 'N', text: 'threads to simulate with (one for each core); the result is the same' },
      out: { value: 'FOLDER', text: 'where report.html and report.json go' },
      html: { value: 'FILE|-', text: 'where the page goes' },
      json: { value: 'FILE|-', text: 'where the figures go' },
      force,
    },
  },
  scenarios: {
    summary: 'lists what can befall a market, tells all of one, or checks that its tape shows it',
    operand: '[NAME]',
    flags: {
      check: {
        value: '',
        text: 'play NAME and measure what must be seen in its tape; exit code 1 when something is not',
      },
      seed: { value: 'S', text: 'of the market that it befalls (1)' },
      preset: { value: 'mixed|small-tick|large-tick', text: 'how its symbol trades (mixed)' },
    },
  },
} as const satisfies Record<string, CommandEntry>
const ABOUT_ALL = [
  'papertape-sim <command> --help says more.',
  'FILE to read is known by what is in it: plain or gzip, LF or CRLF, a file or a pipe (- is stdin).',
  'Exit codes: 0 done, 1 a check or a run failed, 2 usage, 130 interrupted (143 by SIGTERM).',
]
export type CommandName = keyof typeof COMMANDS

export interface CommandLine {
  readonly command: CommandName
  /** The first of the operands, '' when there is none. */
  readonly operand: string
  readonly operands: readonly string[]
  /** By name; those that were not given are absent. */
  readonly flags: Readonly<Record<string, string | true>>
}

export type Request = CommandLine | { readonly help: CommandName | undefined }

/** @throws {CliFailure} of exit code 2, naming what is known. */
export function parseCommandLine(words: readonly string[]): Request {
  const [command, ...rest] = words
  if (command === undefined) throw usageFailure(`expected a command: ${known()} (or --help)`)
  if (command === '--help' || command === '-h') return { help: undefined }
  if (!isCommand(command)) {
    throw usageFailure(
      `unknown command "${command}": the commands are ${known()}${didYouMean(command, Object.keys(COMMANDS))}`,
    )
  }
  const entry: CommandEntry = COMMANDS[command]
  const { values, positionals } = parseWords(command, entry, rest)
  if (values.help === true) return { help: command }
  const { help: _, ...flags } = values
  const least = /^\w/.test(entry.operand) ? 1 : 0
  const most = entry.operand.includes('…') ? positionals.length : entry.operand === '' ? 0 : 1
  if (positionals.length < least) throw usageFailure(`${command} needs a ${entry.operand}: ${usage(command)}`)
  if (positionals.length > most) {
    throw usageFailure(`${command} does not take "${positionals[most]}": ${usage(command)}`)
  }
  return { command, operand: positionals[0] ?? '', operands: positionals, flags }
}

function parseWords(command: CommandName, entry: CommandEntry, words: string[]) {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } }
  for (const [name, flag] of Object.entries(entry.flags)) {
    options[name] = { type: flag.value === '' ? 'boolean' : 'string' }
  }
  try {
    const parsed = parseArgs({ args: words, options, strict: true, allowPositionals: true, tokens: true })
    checkTokens(parsed.tokens, options)
    return { values: parsed.values as Record<string, string | true>, positionals: parsed.positionals }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    const names = [...Object.keys(entry.flags), 'help'].map(name => `--${name}`).join(', ')
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-[^']*)'/.exec(message)?.[1] : undefined
    const near = unknown === undefined ? '' : didYouMean(unknown, names.split(', '))
    const trouble = unknown === undefined ? message.split('\n')[0]! : `unknown flag ${unknown}`
    throw usageFailure(`${trouble.replace(/\.$/, '')}: ${command} knows ${names}${near}`)
  }
}

/** Of two values of one flag neither is clearly meant, and an empty one is a variable of a script that was not set. */
function checkTokens(tokens: readonly FlagToken[], options: ParseArgsOptionsConfig): void {
  const seen = new Set<string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, value } = token
    if (seen.has(name)) throw usageFailure(`--${name} is given twice; give it once`)
    seen.add(name)
    if (value === '' && options[name]!.type === 'string') throw usageFailure(`--${name} is empty; give a value`)
  }
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word)
}

function known(): string {
  return Object.keys(COMMANDS).join(', ')
}

export function usage(command: CommandName): string {
  const { operand, flags }: CommandEntry = COMMANDS[command]
  const words = Object.entries(flags).map(([name, { value }]) =>
    value === '' ? `[--${name}]` : `[--${name} ${value}]`,
  )
  return ['papertape-sim', command, operand, ...words].filter(word => word !== '').join(' ')
}

/** Of one command, or of all. */
export function helpText(command: CommandName | undefined): string {
  if (command === undefined) {
    const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`)
    return ['papertape-sim <command>', '', ...lines, '', ...ABOUT_ALL, ''].join('\n')
  }
  const entry: CommandEntry = COMMANDS[command]
  const rows = Object.entries(entry.flags).map(([name, { value, text }]) => [`--${name} ${value}`, text] as const)
  const width = Math.max(...rows.map(([flag]) => flag.length))
  const lines = rows.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`)
  return [usage(command), '', `${command} ${entry.summary}.`, ...(lines.length > 0 ? ['', ...lines] : []), ''].join(
    '\n',
  )
}
