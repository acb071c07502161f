// `replay`: a tape of ours as it is, a recording, or real data through the exchange, at a pace, from the start or from any
// position. The tape's lines go to stdout for the next program, or with --out into a file and the results to stdout.

import { encodeHeader, type TapeHeader } from '../../recording/tape.ts'
import type { TapePosition } from '../../recording/tape-position.ts'
import type { CommandLine } from '../arguments.ts'
import { usageFailure } from '../failure.ts'
import { parseChoice, parsePace } from '../options/flag-values.ts'
import { timeOfDay } from '../options/time-of-day.ts'
import { note, writeOut } from '../output/std-streams.ts'
import { tapeProgress, writeTape } from '../output/tape-file.ts'
import { refuseToOverwrite } from '../output/text-output.ts'
import { paced, sliceOf } from '../output/throttle.ts'
import { INPUT_FORMATS, openTape } from '../tapes/open-tape.ts'
import { STAMP } from '../tapes/tape-input.ts'
import type { TapePiece } from '../tapes/tape-pieces.ts'
import { parsePosition } from '../tapes/tape-seek.ts'

export async function replay({ operand: file, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const pace = parsePace((flags.pace as string | undefined) ?? 'max')
  const readPosition = parsePosition(flags)
  const kind = flags.format as string | undefined
  const format = kind === undefined ? undefined : parseChoice('format', kind, INPUT_FORMATS)
  const out = flags.out as string | undefined
  if (out !== undefined) refuseToOverwrite(out, flags.force === true)
  const { header, play, summary } = await openTape(file, { format, name: flags.name as string | undefined })
  const position = readPosition(header)
  checkPosition(file, header, position)
  const pieces = paced(
    reached(play(position, sliceOf(pace)), file, position),
    position === undefined ? header.startTime : undefined,
    pace,
    signal,
  )
  if (out === undefined) await print({ header, pieces, headless: position !== undefined })
  else if (position === undefined) await writeTape({ header, pieces, file: out })
  else await writeExcerpt(header, pieces, out)
  if (summary !== undefined) note(summary())
}

/** A file says where it starts, so that other commands read it and none takes it for the whole tape. */
async function writeExcerpt(header: TapeHeader, pieces: AsyncIterable<TapePiece>, file: string): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done === true) return
  const from = Number(STAMP.exec(first.value.text)![1])
  const all = async function* () {
    yield first.value
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  }
  await writeTape({ header: { ...header, from }, pieces: all(), file })
}

/** @throws {CliFailure} at the end when nothing was at or after the position. */
async function* reached(
  pieces: AsyncIterable<TapePiece>,
  file: string,
  position: TapePosition | undefined,
): AsyncGenerator<TapePiece> {
  let isReached = false
  for await (const piece of pieces) {
    isReached = true
    yield piece
  }
  if (isReached || position === undefined) return
  const where = 'seq' in position ? `event ${position.seq} (--from)` : 'the time that --at names'
  throw usageFailure(`${file} ends before ${where}`)
}

function checkPosition(file: string, header: TapeHeader, position: TapePosition | undefined): void {
  if (position === undefined || 'seq' in position) return
  const { startTime, durationMs, midnightTime } = header
  if (position.time < startTime + durationMs) return
  const [from, to] = [startTime, startTime + durationMs].map(time => timeOfDay(time, midnightTime))
  throw usageFailure(`${file} is from ${from} to ${to}: ${timeOfDay(position.time, midnightTime)} is not in it`)
}

interface PrintJob {
  readonly header: TapeHeader
  readonly pieces: AsyncIterable<TapePiece>
  /** The lines start in the middle: a header would say what is not so. */
  readonly headless: boolean
}

async function print({ header, pieces, headless }: PrintJob): Promise<void> {
  // A line that is drawn again and again would be torn apart by the events on the same terminal.
  const shared = process.stdout.isTTY && process.stderr.isTTY
  const progress = shared ? undefined : tapeProgress(header)
  let events = 0
  try {
    if (!headless) await writeOut(encodeHeader(header))
    for await (const { text, time, events: count } of pieces) {
      await writeOut(text)
      events += count
      progress?.report(time, events)
    }
  } finally {
    progress?.end()
  }
}
