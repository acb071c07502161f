// `record`: simulates a market and writes a recording: snapshots and users' orders, from which replay seeks. An
// interrupted one resumes.

import { createHash } from 'node:crypto'
import { openSeededRun } from '../../recording/market-run.ts'
import { encodeEntry, encodeRecordingHeader, type IndexEntry } from '../../recording/recording-text.ts'
import { encodeHeader, TAPE_FORMATS } from '../../recording/tape.ts'
import { type TapePiece, tapePieces } from '../../recording/tape-pieces.ts'
import type { CommandLine } from '../arguments.ts'
import { Interruption, isDiskFull, usageFailure } from '../failure.ts'
import { parseChoice } from '../options/flag-values.ts'
import { planRun } from '../options/run-plan.ts'
import { planResults, type ResultsFile } from '../output/results-file.ts'
import { printResults, STDOUT } from '../output/std-streams.ts'
import { diskFull, interruptedAt, ordersLines, tapeProgress } from '../output/tape-file.ts'
import { openTextOutput, partialOf, refuseToReplace, type TextOutput } from '../output/text-output.ts'
import { throttled } from '../output/throttle.ts'
import { indexEntry } from '../tapes/recording-file.ts'
import { planResumableRun, type ResumableRun } from './resume-run.ts'
import { printConfiguration } from './run.ts'

export async function record({ flags }: CommandLine, signal: AbortSignal): Promise<void> {
  if (flags['print-config'] === true) return printConfiguration(flags)
  const file = flags.out as string | undefined
  if (file === undefined) throw usageFailure('record needs --out FILE')
  const lines = parseChoice('format', (flags.format as string | undefined) ?? 'tape', TAPE_FORMATS)
  refuseToReplace(file, flags.force === true)
  // An unfinished recording is its own state file.
  const plan: ResumableRun = await (file === STDOUT
    ? planRun(flags, lines)
    : planResumableRun(flags, lines, file, partialOf(file)))
  const results = await planResults(flags, file === STDOUT ? undefined : plan)
  const output = await openTextOutput(file, plan.unfinished?.bytes)
  await printResults(`seed ${plan.header.seed}\n`, file)
  const progress = tapeProgress(plan.header, plan.unfinished)
  const recorder = createRecorder(plan, output, results)
  try {
    await recorder.begin()
    for await (const piece of throttled(recorder.pieces, plan.header.startTime, undefined, signal)) {
      await recorder.take(piece)
      progress.report(piece.time, recorder.events)
    }
    const figures = await recorder.end()
    const sha256 = await output.finish()
    progress.end()
    const named = file === STDOUT ? '' : `file ${file}\n`
    // `sha256` always means that of a tape.
    await printResults(`${named}${figures}bytes ${output.bytes}\nrecording-sha256 ${sha256}\n`, file)
  } catch (error) {
    progress.end()
    const last = recorder.index.at(-1)
    if (last !== undefined && file !== STDOUT && (error instanceof Interruption || isDiskFull(error))) {
      await output.keep()
      throw error instanceof Interruption ? interruptedAt(last.time, plan.header) : diskFull(error as Error, file)
    }
    await output.discard()
    throw error
  }
}

function createRecorder(
  { header, orders, unfinished }: ResumableRun,
  output: TextOutput,
  results: ResultsFile | undefined,
) {
  const market = openSeededRun(header, orders, { state: unfinished?.snapshot.state, onResult: results?.take })
  const pieces = tapePieces(header, market)
  const { exchange } = market.simulation
  const index: IndexEntry[] = [...(unfinished?.index ?? [])]
  let bytes = unfinished?.snapshot.bytes ?? Buffer.byteLength(encodeHeader(header))
  let hash = createHash('sha256')

  async function writeSnapshot(): Promise<void> {
    const { seq, time } = exchange
    const snapshot = { seq, time, bytes, sha256: hash.digest('hex'), state: market.save() }
    const line = encodeEntry({ snapshot })
    index.push(indexEntry(snapshot, line.trimEnd(), output.bytes))
    await output.write(line)
    hash = createHash('sha256')
  }

  return {
    index,
    pieces: results?.during(pieces, market) ?? pieces,
    get events() {
      return exchange.seq
    },
    async begin() {
      if (unfinished !== undefined) return
      await output.write(encodeRecordingHeader(header) + orders.map(order => encodeEntry({ order })).join(''))
    },
    async take({ text, atSnapshot }: TapePiece) {
      hash.update(text)
      bytes += Buffer.byteLength(text)
      if (atSnapshot) await writeSnapshot()
    },
    /** Returns the figures to print. */
    async end() {
      const events = exchange.seq
      await output.write(encodeEntry({ end: { events, bytes, sha256: hash.digest('hex'), index } }))
      return `${ordersLines(header, market, results?.file)}events ${events}\nsnapshots ${index.length}\n`
    },
  }
}
