// Opens what can be played, by its first line: a tape of ours, a recording, or real data. What it yields is a header and
// the tape's pieces from the start or from any position. For replay and export.

import { isBitstampLine } from '../bitstamp/log.ts'
import type { TimedCommand } from '../recording/market-run.ts'
import { parseRecordingHeader } from '../recording/recording-text.ts'
import type { TapePosition } from '../recording/tape-position.ts'
import { parseHeader, type TapeHeader } from '../tape.ts'
import { failed } from './failure.ts'
import { openBitstamp, openLobster, type RealTape } from './real-tape.ts'
import { recordedPieces } from './recorded-pieces.ts'
import { openRecording } from './recording-file.ts'
import { checkSeeded } from './run-plan.ts'
import { readFirstLine, readTapePieces, readText } from './tape-input.ts'
import { type TapePiece, tapePieces } from './tape-pieces.ts'
import { findLine, fromPosition } from './tape-seek.ts'

export const PLAYABLE_FORMATS = ['tape', 'recording', 'lobster', 'bitstamp'] as const
export type PlayableFormat = (typeof PLAYABLE_FORMATS)[number]

export interface Playable {
  readonly format: PlayableFormat
  readonly header: TapeHeader
  /** @param sliceMs a piece ends after so much market time. */
  play(position: TapePosition | undefined, sliceMs: number): AsyncIterable<TapePiece>
  /** What users sent into it, where the file says so itself. */
  readonly orders?: readonly TimedCommand[]
  /** What there is to say when it is done. */
  readonly summary?: () => string
}

/** @throws {CliFailure} when it is none of them, or not the one that it is said to be. */
export async function openPlayable(file: string, format?: PlayableFormat): Promise<Playable> {
  const text = file.endsWith('.gz') ? await readText(file) : undefined
  const first = text === undefined ? await readFirstLine(file) : text.slice(0, text.indexOf('\n'))
  const wants = (kind: PlayableFormat) => format === undefined || format === kind
  const header = text === undefined && wants('tape') ? parseHeader(first) : undefined
  if (header !== undefined) return { format: 'tape', header, play: tapePlayer(file, header) }
  if (text === undefined && wants('recording') && parseRecordingHeader(first) !== undefined) return playRecording(file)
  if (wants('bitstamp') && (format === 'bitstamp' || isBitstampLine(first))) {
    return playReal('bitstamp', openBitstamp(file, text ?? (await readText(file))))
  }
  // Without a format the name decides, and somebody with a damaged tape should not read of LOBSTER names.
  if (wants('lobster') && (format === 'lobster' || file.includes('_message_'))) {
    return playReal('lobster', openLobster(file, text ?? (await readText(file))))
  }
  const what = format === 'recording' ? 'recording' : 'tape'
  throw failed(`${file} is no ${what} of ours, or a damaged one: line 1 is not a ${what}'s header`)
}

function tapePlayer(file: string, { startTime }: TapeHeader): Playable['play'] {
  return async function* (position, sliceMs) {
    yield* readTapePieces(file, startTime, sliceMs, position && (await findLine(file, position)))
  }
}

async function playRecording(file: string): Promise<Playable> {
  const recording = await openRecording(file)
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

function playReal(format: PlayableFormat, { header, market, summary }: RealTape): Playable {
  return {
    format,
    header,
    summary,
    play: (position, sliceMs) => fromPosition(tapePieces(header, market, sliceMs), position ?? { seq: 0 }),
  }
}
