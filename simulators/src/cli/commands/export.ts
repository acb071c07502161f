// `export`: converts a tape or recording. NDJSON has its events; LOBSTER and Parquet have its order flow, by repeating
// the run.

import { MESSAGE_CHOICES } from '../../formats/lobster-rows.ts'
import { openSeededRun, type TimedCommand } from '../../recording/market-run.ts'
import { convertLine, type TapeHeader } from '../../recording/tape.ts'
import { type TapePiece, tapePieces } from '../../recording/tape-pieces.ts'
import type { CommandLine } from '../arguments.ts'
import { usageFailure } from '../failure.ts'
import { parseChoice, parseCount } from '../options/flag-values.ts'
import type { Flags } from '../options/run-configuration.ts'
import { checkSeeded, ordersOfTape, planRun } from '../options/run-plan.ts'
import { type LobsterChoice, openLobsterOutput, refuseToReplaceLobster } from '../output/lobster-output.ts'
import { planResults } from '../output/results-file.ts'
import { printResults, STDOUT } from '../output/std-streams.ts'
import { ordersLines, tapeProgress, writeTape } from '../output/tape-file.ts'
import { refuseToReplace } from '../output/text-output.ts'
import { throttled } from '../output/throttle.ts'
import { openFlowRun } from '../tapes/flow-pieces.ts'
import { openTape } from '../tapes/open-tape.ts'
import { verifyOpenTape } from './verify.ts'

const FORMATS = ['ndjson', 'lobster', 'parquet'] as const
const LEVELS_MOST = 200

type ExportFormat = (typeof FORMATS)[number]

export async function exportFile({ operand: file, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const to = parseChoice('to', (flags.to as string | undefined) ?? '', FORMATS)
  const out = outOf(flags, to)
  const tape = await openTape(file)
  const { header, format } = tape
  const truth = flags.truth === true
  checkOutput(to, out, header, flags)
  if (to === 'ndjson' && !truth && (header.seed === null || header.from !== undefined)) {
    // There is no run to compare with: only the event numbers are checked.
    const pieces = tape.play(undefined, Number.POSITIVE_INFINITY)
    return exportLines(header, pieces, out, signal)
  }
  checkSeeded(file, header)
  const orders = tape.orders ?? (await ordersOfTape(file, header, flags.orders as string | undefined))
  if (to === 'ndjson' && !truth && format === 'recording') {
    // It is verified while it is played.
    return exportLines(header, tape.play(undefined, Number.POSITIVE_INFINITY), out, signal)
  }
  // The run of the seed is exported, so the file must equal it.
  await verifyOpenTape(file, tape, orders, signal)
  await exportRun(to, header, orders, flags, signal)
}

/** For the formats of `run` that are exports. */
export async function exportSeed(to: ExportFormat, flags: Flags, signal: AbortSignal): Promise<void> {
  const { header, orders } = await planRun(flags, 'tape')
  checkOutput(to, outOf(flags, to), header, flags)
  await exportRun(to, header, orders, flags, signal)
}

/** Fails early, before the tape is read. */
function checkOutput(to: ExportFormat, out: string, header: TapeHeader, flags: Flags): void {
  const force = flags.force === true
  if (to === 'lobster') refuseToReplaceLobster(out, header, lobsterChoiceOf(flags), force)
  else refuseToReplace(out, force)
}

function lobsterChoiceOf(flags: Flags): LobsterChoice {
  return {
    levels: parseCount('levels', (flags.levels as string | undefined) ?? '10', LEVELS_MOST),
    messages: parseChoice('messages', (flags.messages as string | undefined) ?? 'levels', MESSAGE_CHOICES),
    truth: flags.truth === true,
  }
}

function outOf(flags: Flags, to: ExportFormat): string {
  if (flags.out === undefined) throw usageFailure('--out is needed: the output file, or for LOBSTER the folder')
  if (flags.out === STDOUT && to === 'lobster') {
    throw usageFailure('--out - is one stream, but LOBSTER has several files a symbol: name a folder')
  }
  return flags.out as string
}

function exportRun(
  to: ExportFormat,
  header: TapeHeader,
  orders: readonly TimedCommand[],
  flags: Flags,
  signal: AbortSignal,
): Promise<void> {
  return to === 'ndjson' ? exportEvents(header, orders, flags, signal) : exportOrders(to, header, orders, flags, signal)
}

async function exportEvents(
  header: TapeHeader,
  orders: readonly TimedCommand[],
  flags: Flags,
  signal: AbortSignal,
): Promise<void> {
  const lines: TapeHeader = { ...header, lines: 'ndjson', ...(flags.truth === true ? { truth: true } : {}) }
  const results = await planResults(flags)
  const market = openSeededRun(lines, orders, { onResult: results?.take })
  const played = tapePieces(lines, market)
  const pieces = throttled(results?.during(played, market) ?? played, header.startTime, undefined, signal)
  await writeTape({ header: lines, pieces, file: outOf(flags, 'ndjson'), results: results?.file })
}

/** Of a tape that is not repeated. */
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
  const results = await planResults(flags)
  const truth = flags.truth === true
  const { market, instruments, pieces } = openFlowRun(header, orders, { truth, onResult: results?.take })
  const output =
    to === 'lobster'
      ? await openLobsterOutput(out, header, instruments, lobsterChoiceOf(flags))
      : await (await import('../output/parquet-output.ts')).openParquetOutput(out, header, instruments, truth)
  await printResults(`seed ${header.seed}\n`, out)
  const progress = tapeProgress(header)
  let messages = 0
  try {
    const recorded = results?.during(pieces, market) ?? pieces
    for await (const piece of throttled(recorded, header.startTime, undefined, signal)) {
      await output.write(piece)
      messages += piece.events
      progress.report(piece.time, messages)
    }
    const files = await output.finish()
    progress.end()
    const named = out === STDOUT ? '' : files.map(file => `file ${file}\n`).join('')
    const users = ordersLines(header, market, results?.file)
    await printResults(`${named}${users}messages ${messages}\nbytes ${output.bytes}\n`, out)
  } catch (error) {
    progress.end()
    await output.discard()
    throw error
  }
}
