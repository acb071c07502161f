// `replay`: plays a tape, a recording or real data, throttled to a pace, from the start or a position, to stdout or to
// a file.

import { encodeHeader, type TapeHeader } from '../../recording/tape.ts'
import type { TapePiece } from '../../recording/tape-pieces.ts'
import type { TapePosition } from '../../recording/tape-position.ts'
import { timeOfDay } from '../../run-options/time-of-day.ts'
import type { CommandLine } from '../arguments.ts'
import { usageFailure } from '../failure.ts'
import { parseChoice, parsePaceFlag } from '../options/flag-values.ts'
import { planResults } from '../output/results-file.ts'
import { note, writeOut } from '../output/std-streams.ts'
import { type TapeJob, tapeProgress, writeTape } from '../output/tape-file.ts'
import { refuseToReplace } from '../output/text-output.ts'
import { sliceMsOf, throttled } from '../output/throttle.ts'
import { INPUT_FORMATS, openTape } from '../tapes/open-tape.ts'
import { STAMP } from '../tapes/tape-input.ts'
import { parseTapePosition } from '../tapes/tape-seek.ts'

export async function replay({ operand: file, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const pace = parsePaceFlag((flags.pace as string | undefined) ?? 'max')
  const readPosition = parseTapePosition(flags)
  const kind = flags.format as string | undefined
  const format = kind === undefined ? undefined : parseChoice('format', kind, INPUT_FORMATS)
  const out = flags.out as string | undefined
  if (out !== undefined) refuseToReplace(out, flags.force === true)
  const results = await planResults(flags)
  const { header, play, market, summary } = await openTape(file, {
    format,
    name: flags.name as string | undefined,
    extraColumns: flags['extra-columns'] === true,
    orders: flags.orders as string | undefined,
    onResult: results?.take,
  })
  const position = readPosition(header)
  checkPosition(file, header, position)
  const played = requirePosition(play(position, sliceMsOf(pace)), file, position)
  const recorded = results?.during(played, market!) ?? played
  const pieces = throttled(recorded, position === undefined ? header.startTime : undefined, pace, signal)
  if (out === undefined) await print({ header, pieces, headless: position !== undefined })
  else {
    const job = { header, pieces, file: out, results: results?.file }
    await (position === undefined ? writeTape(job) : writeExcerpt(job))
  }
  if (summary !== undefined) note(summary())
}

/** The header has the number of the first event, so that no command takes the excerpt for the whole tape. */
async function writeExcerpt(job: TapeJob): Promise<void> {
  const { header, pieces } = job
  const iterator = pieces[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done === true) return
  const from = Number(STAMP.exec(first.value.text)![1])
  const all = async function* () {
    yield first.value
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  }
  await writeTape({ ...job, header: { ...header, from }, pieces: all() })
}

/** @throws {CliFailure} at the end when no event was at or after the position. */
async function* requirePosition(
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
  const where = 'seq' in position ? `event ${position.seq} (--from)` : 'the time of --at'
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
  /** No header: the lines do not start at the beginning. */
  readonly headless: boolean
}

async function print({ header, pieces, headless }: PrintJob): Promise<void> {
  // No progress bar when events go to the same terminal.
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
