// Reads real data from a file: LOBSTER messages or a Bitstamp log, recognised by the first line. Errors name the file
// and the line. For the commands replay and report and for the server.

import { basename } from 'node:path'
import { BitstampError } from '../replay/bitstamp/bitstamp-error.ts'
import { type BitstampLog, createBitstampParser, isBitstampLine } from '../replay/bitstamp/log.ts'
import { type LobsterFileName, parseLobsterFileName } from '../replay/lobster/file-name.ts'
import { LobsterError } from '../replay/lobster/lobster-error.ts'
import { createLobsterParser, type LobsterMessages, type LobsterParserOptions } from '../replay/lobster/messages.ts'
import { InputFailure } from './input-failure.ts'
import { type InputFile, openInput } from './input-file.ts'

export type RealData =
  | { readonly kind: 'lobster'; readonly name: LobsterFileName; readonly messages: LobsterMessages }
  | { readonly kind: 'bitstamp'; readonly log: BitstampLog }
export type RealFormat = RealData['kind']

const LOBSTER_LINE = /^\s*\d{1,5}(?:\.\d+)?\s*,/

/** The format by the first line, or by the file name when that line is damaged. */
export function realFormatOf({ file, firstLine }: InputFile): RealFormat | undefined {
  if (isBitstampLine(firstLine)) return 'bitstamp'
  return LOBSTER_LINE.test(firstLine) || file.includes('_message_') ? 'lobster' : undefined
}

/** @throws {InputFailure} when it is neither, or has an invalid line. */
export async function openReplay(file: string): Promise<RealData> {
  const input = await openInput(file)
  const format = realFormatOf(input)
  if (format !== undefined) return readReal(input, format)
  await input.close()
  if (input.firstLine === '') throw new InputFailure(file, 'it is empty, or its first line is')
  throw new InputFailure(file, 'it is neither LOBSTER messages nor a Bitstamp log: line 1 is not a line of either')
}

export interface RealOptions extends LobsterParserOptions {
  /** Of LOBSTER messages: replaces the file name where that lacks symbol and day. */
  readonly name?: string | undefined
}

export async function readReal(input: InputFile, format: RealFormat, options: RealOptions = {}): Promise<RealData> {
  try {
    if (format === 'bitstamp') return { kind: 'bitstamp', log: await readAll(input, createBitstampParser()) }
    const name = parseLobsterFileName(options.name ?? basename(input.file))
    return { kind: 'lobster', name, messages: await readAll(input, createLobsterParser(options)) }
  } catch (error) {
    throw inputFailure(error, input)
  } finally {
    await input.close()
  }
}

interface Parser<Result> {
  take(line: string): void
  end(): Result
}

export async function readAll<Result>(input: InputFile, parser: Parser<Result>): Promise<Result> {
  for await (const lines of input.lines()) for (const line of lines) parser.take(line)
  return parser.end()
}

/** A parser's error with the file name; a last line without an end was probably truncated. */
export function inputFailure(error: unknown, input: InputFile): unknown {
  if (!(error instanceof LobsterError || error instanceof BitstampError)) return error
  const isLast = input.isCut && error.line === input.lineCount
  const cut = isLast ? ' (the last line has no end: the file was truncated; delete the line)' : ''
  return new InputFailure(input.file, `${error.message}${cut}`)
}
