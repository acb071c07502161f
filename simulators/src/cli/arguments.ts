// The commands and flags of papertape-sim as data, and what a command line says by them. Help and errors are made from
// the same tables. Opens nothing; main.ts hands the words in.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { usageFailure } from './failure.ts'

interface FlagEntry {
  readonly value: string
  readonly text: string
}

interface CommandEntry {
  readonly summary: string
  /** What stands after the command, '' for nothing. */
  readonly operand: string
  readonly flags: Readonly<Record<string, FlagEntry>>
}

const pace = { value: 'max|1x|60x', text: 'market time for each second of yours (max: as fast as it goes)' }
const out = { value: 'FILE', text: 'where the tape goes; written beside it first, then renamed' }
const force = { value: '', text: 'overwrite FILE when it exists' }

export const COMMANDS = {
  run: {
    summary: 'simulates a market and makes a tape of it',
    operand: '',
    flags: {
      symbols: { value: 'N', text: 'how many symbols trade, 1 to 20 (20)' },
      seed: {
        value: 'S',
        text: 'a whole number; the same seed gives the same bytes (drawn, and printed, when absent)',
      },
      duration: { value: '6.5h|30m|90s', text: 'market time to simulate (1h)' },
      pace,
      out,
      format: { value: 'tape|ndjson', text: 'how a line of the tape is written (tape)' },
      force,
    },
  },
  replay: {
    summary: 'plays a tape, or LOBSTER messages through the exchange, to stdout or to a file',
    operand: 'FILE',
    flags: {
      format: { value: 'tape|lobster', text: 'what FILE holds (by its first line)' },
      pace,
      out,
      force,
    },
  },
  verify: {
    summary: 'runs the seed of a tape again and compares every byte',
    operand: 'FILE',
    flags: {},
  },
} as const satisfies Record<string, CommandEntry>
export type CommandName = keyof typeof COMMANDS

export interface CommandLine {
  readonly command: CommandName
  readonly operand: string
  /** By name; those that were not given are absent. */
  readonly flags: Readonly<Record<string, string | true>>
}

export type Request = CommandLine | { readonly help: CommandName | undefined }

/** @throws {CliFailure} of exit code 2, naming what is known. */
export function parseCommandLine(words: readonly string[]): Request {
  const [command, ...rest] = words
  if (command === undefined) throw usageFailure(`expected a command: ${known()} (or --help)`)
  if (command === '--help' || command === '-h') return { help: undefined }
  if (!isCommand(command)) throw usageFailure(`unknown command "${command}": the commands are ${known()}`)
  const entry: CommandEntry = COMMANDS[command]
  const { values, positionals } = parseWords(command, entry, rest)
  if (values.help === true) return { help: command }
  const { help: _, ...flags } = values
  const wanted = entry.operand === '' ? 0 : 1
  if (positionals.length < wanted) throw usageFailure(`${command} needs a ${entry.operand}: ${usage(command)}`)
  if (positionals.length > wanted) {
    throw usageFailure(`${command} does not take "${positionals[wanted]}": ${usage(command)}`)
  }
  return { command, operand: positionals[0] ?? '', flags }
}

function parseWords(command: CommandName, entry: CommandEntry, words: string[]) {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } }
  for (const [name, flag] of Object.entries(entry.flags)) {
    options[name] = { type: flag.value === '' ? 'boolean' : 'string' }
  }
  try {
    const { values, positionals } = parseArgs({ args: words, options, strict: true, allowPositionals: true })
    return { values: values as Record<string, string | true>, positionals }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    const names = [...Object.keys(entry.flags), 'help'].map(name => `--${name}`).join(', ')
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-[^']*)'/.exec(message)?.[1] : undefined
    const trouble = unknown === undefined ? message.split('\n')[0]! : `unknown flag ${unknown}`
    throw usageFailure(`${trouble.replace(/\.$/, '')}: ${command} knows ${names}`)
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
    const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
    const exits = 'Exit codes: 0 done, 1 a check or a run failed, 2 usage.'
    return ['papertape-sim <command>', '', ...lines, '', 'papertape-sim <command> --help says more.', exits, ''].join(
      '\n',
    )
  }
  const entry: CommandEntry = COMMANDS[command]
  const lines = Object.entries(entry.flags).map(
    ([name, { value, text }]) => `  ${`--${name} ${value}`.padEnd(26)} ${text}`,
  )
  return [usage(command), '', `${command} ${entry.summary}.`, ...(lines.length > 0 ? ['', ...lines] : []), ''].join(
    '\n',
  )
}
