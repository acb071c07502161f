// Opens what can be played, detected by its first line: a tape, a recording, or real data. Gives its header, and the
// tape's pieces from the start or from any position. For replay, verify and export.

import { type InputFile, openInput } from '../../input/input-file.ts'
import { type RealData, type RealOptions, readReal, realFormatOf } from '../../input/open-replay.ts'
import type { MarketRun, TimedCommand } from '../../recording/market-run.ts'
import { parseRecordingHeader } from '../../recording/recording-text.ts'
import { parseHeader, type TapeHeader } from '../../recording/tape.ts'
import { type TapePiece, tapePieces } from '../../recording/tape-pieces.ts'
import type { TapePosition } from '../../recording/tape-position.ts'
import { failed, usageFailure } from '../failure.ts'
import { checkSeeded } from '../options/run-plan.ts'
import { openRealTape, type ReplayUsers } from './real-tape.ts'
import { recordedPieces } from './recorded-pieces.ts'
import { openRecording } from './recording-file.ts'
import { spool } from './spool.ts'
import { readTapePieces, readTapePiecesFrom } from './tape-input.ts'
import { findLine, fromPosition } from './tape-seek.ts'

export const INPUT_FORMATS = ['tape', 'recording', 'lobster', 'bitstamp'] as const
export type InputFormat = (typeof INPUT_FORMATS)[number]

export interface OpenTape {
  readonly format: InputFormat
  readonly header: TapeHeader
  /** Call once. @param sliceMs market time of a piece, at most. */
  play(position: TapePosition | undefined, sliceMs: number): AsyncIterable<TapePiece>
  /** The text of a tape with its header, to read instead of play(). */
  readonly input?: InputFile
  /** The users' orders, when the file has them. */
  readonly orders?: readonly TimedCommand[]
  /** The run that play() steps, of real data. */
  readonly market?: MarketRun
  /** The summary to print at the end. */
  readonly summary?: () => string
}

export interface OpenTapeOptions extends ReplayUsers, RealOptions {
  /** The format to expect; detected when absent. */
  readonly format?: InputFormat | undefined
}

/** @throws {CliFailure} when the format is unknown or not the expected one, or takes no users' orders. */
export async function openTape(file: string, options: OpenTapeOptions = {}): Promise<OpenTape> {
  const { format, orders } = options
  const input = await openInput(file)
  const wants = (kind: InputFormat) => format === undefined || format === kind
  const header = wants('tape') ? parseHeader(input.firstLine) : undefined
  const isRecording = wants('recording') && parseRecordingHeader(input.firstLine) !== undefined
  if (orders !== undefined && (header !== undefined || isRecording)) {
    await input.close()
    throw usageFailure(`--orders are for real data, but ${file} is a finished run: give them to run or record`)
  }
  if (header !== undefined) return { format: 'tape', header, input, play: tapePlayer(input, header) }
  if (isRecording) return playRecording(input)
  const real = realFormatOf(input)
  const wanted = format === 'lobster' || format === 'bitstamp' ? format : real
  if (wanted !== undefined && wants(wanted)) {
    return playData(input, await readReal(input, wanted, options), options)
  }
  await input.close()
  if (input.firstLine === '') throw failed(`${file} is empty, or its first line is`)
  const what = format === 'recording' ? 'recording' : 'tape'
  throw failed(`${file} is not a ${what}, or a damaged one: line 1 is not the header of a ${what}`)
}

function tapePlayer(input: InputFile, header: TapeHeader): OpenTape['play'] {
  const { startTime, from: firstSeq = 1 } = header
  return async function* (position, sliceMs) {
    if (position === undefined) yield* readTapePieces(input, { startTime, firstSeq }, sliceMs)
    else if (input.isPlain) {
      await input.close()
      yield* readTapePiecesFrom(input.file, await findLine(input.file, position), { startTime }, sliceMs)
    } else yield* fromPosition(readTapePieces(input, { startTime, firstSeq }, sliceMs), position)
  }
}

async function playRecording(input: InputFile): Promise<OpenTape> {
  const { file } = input
  const recording = await openRecording(file, input.isPlain ? file : await spool(input))
  await input.close()
  checkSeeded(file, recording.tape)
  return {
    format: 'recording',
    header: recording.tape,
    orders: recording.orders,
    play: (position, sliceMs) => {
      const pieces = recordedPieces(recording, position, sliceMs)
      return position === undefined ? pieces : fromPosition(pieces, position)
    },
  }
}

async function playData(input: InputFile, data: RealData, users: ReplayUsers): Promise<OpenTape> {
  const { header, market, summary } = await openRealTape(input, data, users)
  return {
    format: data.kind,
    header,
    market,
    summary,
    play: (position, sliceMs) => fromPosition(tapePieces(header, market, sliceMs), position ?? { seq: 0 }),
  }
}
