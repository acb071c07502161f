// The file of --results: what became of users' orders in a run, in NDJSON, or in Parquet by its name. During the run it
// is lines in a partial file, which an interrupted run resumes; Parquet is made of these lines at the end.

import { createReadStream, existsSync } from 'node:fs'
import type { MarketRun } from '../../recording/market-run.ts'
import type { RunResult } from '../../recording/run-results.ts'
import { failed, usageFailure } from '../failure.ts'
import type { Flags } from '../options/run-configuration.ts'
import type { Unfinished } from '../tapes/recording-file.ts'
import { STDOUT } from './std-streams.ts'
import { type Kept, openTextOutput, partialOf, refuseToReplace, type TextOutput } from './text-output.ts'

export interface ResultsFile {
  readonly file: string
  /** Receives the results of the run. */
  readonly take: (result: RunResult) => void
  /** Passes on the pieces of the run, each after its results are written; after the last one the file is complete. */
  during<Piece>(pieces: Iterable<Piece> | AsyncIterable<Piece>, market: MarketRun): AsyncGenerator<Piece>
}

/** What an interrupted command has written. */
export interface ResultsBegun {
  readonly unfinished?: Unfinished | undefined
  readonly repeats?: boolean | undefined
}

const LF = 10

/**
 * Undefined without --results.
 * @param begun absent: the command cannot be resumed, and leaves no file when it fails.
 * @throws {CliFailure} when the file cannot be written, or when it cannot be resumed to the same bytes.
 */
export async function planResults(flags: Flags, begun?: ResultsBegun): Promise<ResultsFile | undefined> {
  const file = flags.results as string | undefined
  if (file === undefined) return undefined
  if (flags.orders === undefined) throw usageFailure("--results needs --orders FILE: they are those of users' orders")
  if (file === STDOUT) throw usageFailure('--results needs the name of a file: standard output has the tape')
  if (file === flags.out) throw usageFailure(`--results and --out are both ${file}: give one another name`)
  refuseToReplace(file, flags.force === true)
  const isParquet = /\.parquet$/i.test(file)
  const linesFile = isParquet ? `${file}.ndjson` : file
  const kept = begun === undefined ? 0 : await keptOf(partialOf(linesFile), begun)
  let text = ''

  const take = (result: RunResult) => {
    text += `${JSON.stringify(result)}\n`
  }

  async function flush(output: TextOutput): Promise<void> {
    const piece = text
    text = ''
    if (piece !== '') await output.write(piece)
  }

  const complete = async (output: TextOutput) => {
    if (!isParquet) {
      await output.finish()
      return
    }
    await output.keep()
    await (await import('./results-parquet.ts')).convertResults(partialOf(linesFile), file)
    await output.discard()
  }

  async function* during<Piece>(pieces: Iterable<Piece> | AsyncIterable<Piece>, market: MarketRun) {
    const output = await openTextOutput(linesFile, kept)
    let isComplete = false
    try {
      for await (const piece of pieces) {
        await flush(output)
        yield piece
      }
      market.accounts().forEach(take)
      await flush(output)
      await complete(output)
      isComplete = true
    } finally {
      if (!isComplete) await (begun === undefined ? output.discard() : output.keep())
    }
  }

  return { file, take, during }
}

async function keptOf(partial: string, { unfinished, repeats }: ResultsBegun): Promise<Kept> {
  if (unfinished !== undefined) return bytesOfLines(partial, unfinished.snapshot.state.orders.results)
  return repeats === true && existsSync(partial) ? 'same' : 0
}

/** The length of the first lines of a file. @throws {CliFailure} when it has fewer. */
async function bytesOfLines(file: string, lines: number): Promise<number> {
  if (lines === 0) return 0
  let left = lines
  let bytes = 0
  if (existsSync(file)) {
    for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
      for (let at = piece.indexOf(LF); at >= 0; at = piece.indexOf(LF, at + 1)) {
        if (--left === 0) return bytes + at + 1
      }
      bytes += piece.length
    }
  }
  throw failed(
    `${file} lacks results from before the interruption: give the --results of that command, or --fresh to start over`,
  )
}
