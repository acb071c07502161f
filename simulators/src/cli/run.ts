// `run`: a seeded market for so long, as a tape. Results go to stdout as `name value` lines, the SHA-256 of the tape last.

import { randomInt } from 'node:crypto'
import { TAPE_FORMATS, type TapeHeader } from '../tape.ts'
import type { CommandLine } from './arguments.ts'
import { parseChoice, parseDuration, parsePace, parseSeed, parseSymbolCount } from './flag-values.ts'
import { paced, sliceOf } from './pacing.ts'
import { createProgress } from './progress.ts'
import { openTapeOutput } from './tape-output.ts'
import { marketHeader, marketOf, type TapePiece, tapePieces } from './tape-pieces.ts'

/** Small enough to be typed again. */
const DRAWN_SEEDS = 1_000_000

export async function run({ flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const text = (name: string, standard: string) => (flags[name] as string | undefined) ?? standard
  const seed = parseSeed(text('seed', String(randomInt(DRAWN_SEEDS))))
  const symbols = parseSymbolCount(text('symbols', '20'))
  const durationMs = parseDuration(text('duration', '1h'))
  const pace = parsePace(text('pace', 'max'))
  const header = marketHeader(seed, symbols, durationMs, parseChoice('format', text('format', 'tape'), TAPE_FORMATS))
  const pieces = paced(tapePieces(header, marketOf(header), sliceOf(pace)), header.startTime, pace, signal)
  await writeTape(header, pieces, flags.out as string | undefined, flags.force === true, `seed ${seed}\n`)
}

/** Writes a tape away, with progress, and prints what it has become. For run and replay. */
export async function writeTape(
  header: TapeHeader,
  pieces: AsyncIterable<TapePiece>,
  file: string | undefined,
  force: boolean,
  firstLines: string,
): Promise<void> {
  const output = await openTapeOutput(file, force)
  process.stdout.write(firstLines)
  const endTime = header.startTime + header.durationMs
  const progress = createProgress(process.stderr, { startTime: header.startTime, endTime })
  let events = 0
  try {
    for await (const piece of pieces) {
      await output.write(piece.text)
      events += piece.events
      progress.report(piece.time, events)
    }
    const sha256 = await output.finish()
    progress.end()
    if (file !== undefined) process.stdout.write(`file ${file}\n`)
    process.stdout.write(`events ${events}\nbytes ${output.bytes}\nsha256 ${sha256}\n`)
  } catch (error) {
    progress.end()
    const removed = await output.discard()
    if (removed !== undefined) process.stderr.write(`removed the unfinished ${removed}\n`)
    throw error
  }
}
