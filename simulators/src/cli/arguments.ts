// The commands and flags of papertape-sim as data: parses a command line, and makes help and usage errors from the
// same tables.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { INSTRUMENTS } from '../market/instruments.ts'
import { didYouMean, usageFailure } from './failure.ts'

type FlagToken =
  | { readonly kind: 'option'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'positional' | 'option-terminator' }

interface FlagEntry {
  readonly value: string
  readonly text: string
  /** It may be given several times. */
  readonly repeats?: true
}

interface CommandEntry {
  readonly summary: string
  /** The operand, '' for none; in brackets when optional, with … when repeatable. */
  readonly operand: string
  readonly flags: Readonly<Record<string, FlagEntry>>
}

const pace = { value: 'max|1x|60', text: 'multiple of real time (max: as fast as possible)' }
const out = { value: 'FILE|-', text: 'output file, written as FILE.partial and renamed when complete; -: stdout' }
const force = { value: '', text: 'replace an existing regular file; never a folder, a link, a pipe or a device' }
const orders = {
  value: 'FILE',
  text: 'users\' orders, one JSON object a line: {"at":"10:15:00","accountId":"me","type":…}',
}
const results = {
  value: 'FILE',
  text: 'output file for what becomes of --orders: executions, rejects, positions, cash; NDJSON, or Parquet as FILE.parquet',
}
const fresh = { value: '', text: 'start over instead of resuming an interrupted run' }

const extraColumns = { value: '', text: 'ignore what LOBSTER messages have after their six columns' }

/** Flags of exports. */
const levels = { value: 'N', text: 'book levels in LOBSTER files (10)' }
const messages = {
  value: 'levels|all',
  text: 'messages in LOBSTER files: those that change one of the N levels, as LOBSTER lists them, or all (levels)',
}
const truth = {
  value: '',
  text: 'add what no feed has: whose the orders are, the parent order of an execution, the fundamental value',
}

const configuration = {
  config: { value: 'FILE', text: 'configuration of the market, JSON (docs/configuration.md); the flags win over it' },
  set: {
    value: 'PATH=VALUE',
    text: 'a value of the configuration: instruments.VELTR.previousClose=120; may be given several times',
    repeats: true,
  },
} as const

/** Flags of the simulated market. */
const market = {
  preset: {
    value: 'mixed|small-tick|large-tick',
    text: 'tick-size regime of the symbols; mixed: each its own (mixed)',
  },
  symbols: { value: 'N', text: `number of symbols, 1 to ${INSTRUMENTS.length} (20)` },
  seed: { value: 'S', text: 'a whole number; equal seeds give equal bytes (random and printed when absent)' },
  duration: { value: '6.5h|1h30m|2d|90s', text: 'market time to simulate, starting at 09:30:00 (1h)' },
  scenario: {
    value: 'NAME[@TIME|+DELAY],…',
    text: 'scenarios to schedule: flash-crash@10:30,halt+2h (list them with: papertape-sim scenarios)',
  },
  ...configuration,
  'print-config': { value: '', text: 'print the whole configuration as JSON, for --config, and exit' },
  orders,
  results,
}

export const COMMANDS = {
  run: {
    summary: 'simulates a market and writes a tape',
    operand: '',
    flags: {
      ...market,
      pace,
      out,
      format: {
        value: 'tape|ndjson|lobster',
        text: 'output format (tape); lobster: order by order, into the folder --out',
      },
      levels,
      messages,
      truth,
      force,
      fresh,
    },
  },
  record: {
    summary: 'simulates a market and writes a recording with snapshots, which replay can seek in',
    operand: '',
    flags: {
      ...market,
      out: { value: 'FILE|-', text: 'output file, written as FILE.partial and renamed when complete; -: stdout' },
      format: { value: 'tape|ndjson', text: 'line format of the recorded tape (tape)' },
      force,
      fresh,
    },
  },
  replay: {
    summary: 'plays a tape, a recording, LOBSTER messages or a Bitstamp log to stdout or to a file',
    operand: 'FILE',
    flags: {
      format: { value: 'tape|recording|lobster|bitstamp', text: 'format of FILE (detected by its first line)' },
      at: {
        value: '13:37:05|1h30m',
        text: 'start at this time of day, or this long after the start of the tape',
      },
      name: {
        value: 'SYMBOL_DAY_',
        text: 'symbol and day of LOBSTER messages whose file name lacks them: AAPL_2012-06-21_',
      },
      'extra-columns': extraColumns,
      from: { value: 'SEQ', text: 'start at the event with this number' },
      orders,
      results,
      pace,
      out,
      force,
    },
  },
  verify: {
    summary: 'repeats the run of a tape or a recording from its seed and compares every byte',
    operand: 'FILE',
    flags: { orders: { value: 'FILE', text: "the file of users' orders that the tape was made with" } },
  },
  export: {
    summary: 'exports a tape or a recording to another format',
    operand: 'FILE',
    flags: {
      to: {
        value: 'ndjson|lobster|parquet',
        text: 'ndjson: its events; lobster, parquet: its order flow, by repeating the run from its seed',
      },
      out: { value: 'FILE|FOLDER|-', text: 'output file or stdout; for lobster a folder' },
      levels,
      messages,
      truth,
      orders: { value: 'FILE', text: "the file of users' orders that the tape was made with" },
      force,
    },
  },
  report: {
    summary:
      'measures the stylised facts of days, simulated by seed or from LOBSTER messages or tapes, against targets',
    operand: '[FILE…]',
    flags: {
      preset: {
        value: 'NAME',
        text: 'small-tick or large-tick: what to simulate, and the targets (both; for files, by their spread)',
      },
      seeds: { value: 'N', text: 'days to simulate for each preset (20)' },
      'seed-from': { value: 'S', text: 'the first seed; the others follow it (1)' },
      duration: { value: '6.5h|1h30m|90s', text: 'length of each day (6.5h)' },
      workers: { value: 'N', text: 'threads to simulate with (one for each core); the result does not depend on it' },
      'extra-columns': extraColumns,
      out: { value: 'FOLDER', text: 'folder for report.html and report.json' },
      html: { value: 'FILE|-', text: 'output file of the page' },
      json: { value: 'FILE|-', text: 'output file of the values' },
      force,
    },
  },
  serve: {
    summary: 'serves markets that another program steps in lockstep: JSON lines over stdin and stdout, or a socket',
    operand: '',
    flags: {
      port: { value: 'PORT', text: 'listen on this TCP port of 127.0.0.1 (0: any free one, which is printed)' },
      socket: { value: 'PATH', text: 'listen on this Unix socket' },
    },
  },
  scenarios: {
    summary: 'lists the scenarios, describes one, or checks its expectations',
    operand: '[NAME]',
    flags: {
      check: {
        value: '',
        text: 'simulate NAME and check its expectations; exit code 1 when one is not met',
      },
      seed: { value: 'S', text: 'seed of the market (1)' },
      preset: { value: 'mixed|small-tick|large-tick', text: 'tick-size regime of its symbol (mixed)' },
      ...configuration,
    },
  },
} as const satisfies Record<string, CommandEntry>
const ABOUT_ALL = [
  'papertape-sim <command> --help lists the flags of a command.',
  'The format of an input FILE is detected by its content: plain or gzip, LF or CRLF, a file or a pipe (- is stdin).',
  'Exit codes: 0 success, 1 a check or a run failed, 2 usage error, 130 interrupted (143 by SIGTERM).',
]
export type CommandName = keyof typeof COMMANDS

export interface CommandLine {
  readonly command: CommandName
  /** The first operand, '' when there is none. */
  readonly operand: string
  readonly operands: readonly string[]
  /** By name; flags that are not given are absent. */
  readonly flags: Readonly<Record<string, string | true | readonly string[]>>
}

export type ParsedArguments = CommandLine | { readonly help: CommandName | undefined }

/** @throws {CliFailure} with exit code 2 and the known names. */
export function parseCommandLine(args: readonly string[]): ParsedArguments {
  const [command, ...rest] = args
  if (command === undefined) throw usageFailure(`expected a command: ${known()} (or --help)`)
  if (command === '--help' || command === '-h') return { help: undefined }
  if (!isCommand(command)) {
    throw usageFailure(
      `unknown command "${command}": the commands are ${known()}${didYouMean(command, Object.keys(COMMANDS))}`,
    )
  }
  const entry: CommandEntry = COMMANDS[command]
  const { values, positionals } = parseFlags(command, entry, rest)
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

function parseFlags(command: CommandName, entry: CommandEntry, args: string[]) {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } }
  for (const [name, flag] of Object.entries(entry.flags)) {
    options[name] = { type: flag.value === '' ? 'boolean' : 'string', multiple: flag.repeats === true }
  }
  try {
    const parsed = parseArgs({ args, options, strict: true, allowPositionals: true, tokens: true })
    checkTokens(parsed.tokens, options)
    return {
      values: parsed.values as Record<string, string | true | readonly string[]>,
      positionals: parsed.positionals,
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    const names = [...Object.keys(entry.flags), 'help'].map(name => `--${name}`).join(', ')
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-[^']*)'/.exec(message)?.[1] : undefined
    const near = unknown === undefined ? '' : didYouMean(unknown, names.split(', '))
    const reason = unknown === undefined ? message.split('\n')[0]! : `unknown flag ${unknown}`
    throw usageFailure(`${reason.replace(/\.$/, '')}: the flags of ${command} are ${names}${near}`)
  }
}

/** Refuses repeated flags that do not repeat, and empty values, which are often unset variables of a script. */
function checkTokens(tokens: readonly FlagToken[], options: ParseArgsOptionsConfig): void {
  const seen = new Set<string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, value } = token
    if (seen.has(name) && options[name]!.multiple !== true) throw usageFailure(`--${name} is given twice; give it once`)
    seen.add(name)
    if (value === '' && options[name]!.type === 'string') throw usageFailure(`--${name} is empty; give a value`)
  }
}

function isCommand(text: string): text is CommandName {
  return Object.hasOwn(COMMANDS, text)
}

function known(): string {
  return Object.keys(COMMANDS).join(', ')
}

function usage(command: CommandName): string {
  const { operand, flags }: CommandEntry = COMMANDS[command]
  const parts = Object.entries(flags).map(([name, { value }]) =>
    value === '' ? `[--${name}]` : `[--${name} ${value}]`,
  )
  return ['papertape-sim', command, operand, ...parts].filter(part => part !== '').join(' ')
}

/** The help of one command, or of all. */
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
