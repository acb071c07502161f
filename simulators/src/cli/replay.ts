// `replay`: a tape of ours as it is, a recording, or real data through the exchange, at a pace, from the start or from any
// position. The tape's lines go to stdout for the next program, or with --out into a file and the results to stdout.

import { once } from 'node:events'
import type { TapePosition } from '../recording/tape-position.ts'
import { encodeHeader, type TapeHeader } from '../tape.ts'
import type { CommandLine } from './arguments.ts'
import { failed } from './failure.ts'
import { parseChoice, parsePace } from './flag-values.ts'
import { timeOfDay } from './market-clock.ts'
import { paced, sliceOf } from './pacing.ts'
import { openPlayable, PLAYABLE_FORMATS } from './playable.ts'
import { tapeProgress, writeTape } from './tape-file.ts'
import type { TapePiece } from './tape-pieces.ts'
import { parsePosition } from './tape-seek.ts'
import { refuseToOverwrite } from './text-output.ts'

export async function replay({ operand: file, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const pace = parsePace((flags.pace as string | undefined) ?? 'max')
  const readPosition = parsePosition(flags)
  const format = flags.format as string | undefined
  const kind = format === undefined ? undefined : parseChoice('format', format, PLAYABLE_FORMATS)
  const out = flags.out as string | undefined
  if (out !== undefined) refuseToOverwrite(out, flags.force === true)
  const { header, play, summary } = await openPlayable(file, kind)
  const position = readPosition(header)
  checkPosition(file, header, position)
  const pieces = paced(
    play(position, sliceOf(pace)),
    position === undefined ? header.startTime : undefined,
    pace,
    signal,
  )
  // A header before lines from the middle would say what is not so.
  const job = { header, pieces, headless: position !== undefined }
  if (out !== undefined) await writeTape({ ...job, file: out })
  else await print(job)
  if (summary !== undefined) process.stderr.write(summary())
}

function checkPosition(file: string, header: TapeHeader, position: TapePosition | undefined): void {
  if (position === undefined || 'seq' in position) return
  const { startTime, durationMs, midnightTime } = header
  if (position.time < startTime + durationMs) return
  const [from, to] = [startTime, startTime + durationMs].map(time => timeOfDay(time, midnightTime))
  throw failed(`${file} is from ${from} to ${to}: ${timeOfDay(position.time, midnightTime)} is not in it`)
}

interface PrintJob {
  readonly header: TapeHeader
  readonly pieces: AsyncIterable<TapePiece>
  readonly headless: boolean
}

async function print({ header, pieces, headless }: PrintJob): Promise<void> {
  // A line that is drawn again and again would be torn apart by the events on the same terminal.
  const shared = process.stdout.isTTY && process.stderr.isTTY
  const progress = shared ? undefined : tapeProgress(header)
  let events = 0
  try {
    if (!headless) process.stdout.write(encodeHeader(header))
    for await (const { text, time, events: count } of pieces) {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain')
      events += count
      progress?.report(time, events)
    }
  } finally {
    progress?.end()
  }
}
