// `verify`: repeats the run of a tape from its seed and compares every byte, or each stretch of a recording with its
// hash.

import { createHash } from 'node:crypto'
import type { InputFile } from '../../input/input-file.ts'
import { openSeededRun, type TimedCommand } from '../../recording/market-run.ts'
import { encodeHeader, type TapeHeader } from '../../recording/tape.ts'
import { type TapePiece, tapePieces } from '../../recording/tape-pieces.ts'
import type { CommandLine } from '../arguments.ts'
import { checkSeeded, ordersOfTape } from '../options/run-plan.ts'
import { createComparison } from '../output/comparison.ts'
import { printResults } from '../output/std-streams.ts'
import { tapeProgress } from '../output/tape-file.ts'
import { throttled } from '../output/throttle.ts'
import { type OpenTape, openTape } from '../tapes/open-tape.ts'

export async function verify({ operand: file, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const tape = await openTape(file)
  const { header, format } = tape
  checkSeeded(file, header)
  await printResults(`seed ${header.seed}\n`)
  const orders = format === 'recording' ? [] : await ordersOfTape(file, header, flags.orders as string | undefined)
  const { events, sha256 } = await verifyOpenTape(file, tape, orders, signal)
  await printResults(`events ${events}\nverified ${file}\nsha256 ${sha256}\n`)
}

/** @throws {CliFailure} at the first difference. Reads a tape to its end. */
export function verifyOpenTape(
  file: string,
  tape: OpenTape,
  orders: readonly TimedCommand[],
  signal: AbortSignal,
): Promise<Verified> {
  const { header, input } = tape
  return input === undefined ? verifyRecording(tape, signal) : verifyTape(file, header, input, orders, signal)
}

export interface Verified {
  readonly events: number
  /** SHA-256 of the tape. */
  readonly sha256: string
}

/** recordedPieces() compares the pieces. */
function verifyRecording({ header, play }: OpenTape, signal: AbortSignal): Promise<Verified> {
  return readThrough(header, play(undefined, Number.POSITIVE_INFINITY), signal, async () => {})
}

async function verifyTape(
  file: string,
  header: TapeHeader,
  input: InputFile,
  orders: readonly TimedCommand[],
  signal: AbortSignal,
): Promise<Verified> {
  const comparison = createComparison(input.bytes(), file)
  try {
    await comparison.take(Buffer.from(encodeHeader(header)))
    const pieces = tapePieces(header, openSeededRun(header, orders))
    const verified = await readThrough(header, pieces, signal, comparison.take)
    await comparison.end()
    return verified
  } finally {
    await input.close()
  }
}

async function readThrough(
  header: TapeHeader,
  pieces: Iterable<TapePiece> | AsyncIterable<TapePiece>,
  signal: AbortSignal,
  take: (bytes: Buffer) => Promise<void>,
): Promise<Verified> {
  const progress = tapeProgress(header)
  const hash = createHash('sha256').update(encodeHeader(header))
  let events = 0
  try {
    for await (const piece of throttled(pieces, header.startTime, undefined, signal)) {
      const bytes = Buffer.from(piece.text)
      hash.update(bytes)
      await take(bytes)
      events += piece.events
      progress.report(piece.time, events)
    }
  } finally {
    progress.end()
  }
  return { events, sha256: hash.digest('hex') }
}
