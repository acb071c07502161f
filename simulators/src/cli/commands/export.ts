// `export`: converts a tape or recording. NDJSON has its events; LOBSTER and Parquet have its order flow, by repeating
// the run.

import { openSeededRun, type TimedCommand } from '../../recording/market-run.ts'
import { convertLine, type TapeHeader } from '../../recording/tape.ts'
import { type TapePiece, tapePieces } from '../../recording/tape-pieces.ts'
import type { CommandLine } from '../arguments.ts'
import { usageFailure } from '../failure.ts'
import { parseChoice, parseCount } from '../options/flag-values.ts'
import { checkSeeded, type Flags, ordersOfTape, planRun } from '../options/run-plan.ts'
import { openLobsterOutput, refuseToReplaceLobster } from '../output/lobster-output.ts'
import { printResults, STDOUT } from '../output/std-streams.ts'
import { tapeProgress, writeTape } from '../output/tape-file.ts'
import { refuseToReplace } from '../output/text-output.ts'
import { throttled } from '../output/throttle.ts'
import { openFlowRun } from '../tapes/flow-pieces.ts'
import { openTape } from '../tapes/open-tape.ts'
import { verifyOpenTape } from './verify.ts'

const FORMATS = ['ndjson', 'lobster', 'parquet'] as const
const LEVELS_MOST = 200

export async function exportFile({ operand: file, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const to = parseChoice('to', (flags.to as string | undefined) ?? '', FORMATS)
  const out = outOf(flags, to)
  const tape = await openTape(file)
  const { header, format } = tape
  checkOutput(to, out, header, flags)
  if (to === 'ndjson' && (header.seed === null || header.from !== undefined)) {
    // There is no run to compare with: only the event numbers are checked.
    const pieces = tape.play(undefined, Number.POSITIVE_INFINITY)
    return exportLines(header, pieces, out, signal)
  }
  checkSeeded(file, header)
  const orders = tape.orders ?? (await ordersOfTape(file, header, flags.orders as string | undefined))
  if (to === 'ndjson' && format === 'recording') {
    // It is verified while it is played.
    return exportLines(header, tape.play(undefined, Number.POSITIVE_INFINITY), out, signal)
  }
  // The run of the seed is exported, so the file must equal it.
  await verifyOpenTape(file, tape, orders, signal)
  if (to === 'ndjson') return exportLines(header, tapePieces(header, openSeededRun(header, orders)), out, signal)
  await exportOrders(to, header, orders, flags, signal)
}

/** For `run --format lobster`. */
export async function exportSeed(flags: Flags, signal: AbortSignal): Promise<void> {
  const { header, orders } = await planRun(flags, 'tape')
  checkOutput('lobster', outOf(flags, 'lobster'), header, flags)
  await exportOrders('lobster', header, orders, flags, signal)
}

/** Fails early, before the tape is read. */
function checkOutput(to: (typeof FORMATS)[number], out: string, header: TapeHeader, flags: Flags): void {
  const force = flags.force === true
  if (to === 'lobster') refuseToReplaceLobster(out, header, levelsOf(flags), force)
  else refuseToReplace(out, force)
}

function levelsOf(flags: Flags): number {
  return parseCount('levels', (flags.levels as string | undefined) ?? '10', LEVELS_MOST)
}

function outOf(flags: Flags, to: (typeof FORMATS)[number]): string {
  if (flags.out === undefined) throw usageFailure('--out is needed: the output file, or for LOBSTER the folder')
  if (flags.out === STDOUT && to === 'lobster') {
    throw usageFailure('--out - is one stream, but LOBSTER has two files a symbol: name a folder')
  }
  return flags.out as string
}

async function exportLines(
  header: TapeHeader,
  pieces: Iterable<TapePiece> | AsyncIterable<TapePiece>,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  async function* converted(): AsyncGenerator<TapePiece> {
    for await (const piece of pieces) {
      const lines = piece.text.split('\n').slice(0, -1)
      yield { ...piece, text: lines.map(line => `${convertLine(line, header.lines, 'ndjson')}\n`).join('') }
    }
  }
  const timed = throttled(converted(), header.startTime, undefined, signal)
  await writeTape({ header: { ...header, lines: 'ndjson' }, pieces: timed, file })
}

async function exportOrders(
  to: 'lobster' | 'parquet',
  header: TapeHeader,
  orders: readonly TimedCommand[],
  flags: Flags,
  signal: AbortSignal,
): Promise<void> {
  const out = outOf(flags, to)
  const { instruments, pieces } = openFlowRun(header, orders)
  const output =
    to === 'lobster'
      ? await openLobsterOutput(out, header, instruments, levelsOf(flags))
      : await (await import('../output/parquet-output.ts')).openParquetOutput(out, header, instruments)
  await printResults(`seed ${header.seed}\n`, out)
  const progress = tapeProgress(header)
  let messages = 0
  try {
    for await (const piece of throttled(pieces, header.startTime, undefined, signal)) {
      await output.write(piece)
      messages += piece.events
      progress.report(piece.time, messages)
    }
    const files = await output.finish()
    progress.end()
    const named = out === STDOUT ? '' : files.map(file => `file ${file}\n`).join('')
    await printResults(`${named}messages ${messages}\nbytes ${output.bytes}\n`, out)
  } catch (error) {
    progress.end()
    await output.discard()
    throw error
  }
}
