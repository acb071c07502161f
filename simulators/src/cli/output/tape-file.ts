// Writes a tape with progress and prints its results. When interrupted it keeps the partial file, with the state of
// the run beside it as a recording of one snapshot. For run, replay and export.

import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { MarketRun, TimedCommand } from '../../recording/market-run.ts'
import { encodeEntry, encodeRecordingHeader } from '../../recording/recording-text.ts'
import { encodeHeader, type TapeHeader } from '../../recording/tape.ts'
import type { TapePiece } from '../../recording/tape-pieces.ts'
import { timeOfDay } from '../../run-options/time-of-day.ts'
import { type CliFailure, failed, Interruption, isDiskFull, writeFailure } from '../failure.ts'
import type { Unfinished } from '../tapes/recording-file.ts'
import { createProgress, type Progress } from './progress.ts'
import { note, printResults, STDOUT } from './std-streams.ts'
import { openTextOutput, partialOf } from './text-output.ts'

export interface TapeJob {
  readonly header: TapeHeader
  readonly pieces: AsyncIterable<TapePiece>
  readonly file: string | undefined
  /** The run of the pieces, when it can be resumed. */
  readonly market?: MarketRun
  readonly orders?: readonly TimedCommand[]
  /** What an interrupted command has written. */
  readonly unfinished?: Unfinished | undefined
  /** FILE.partial has the beginning of the same bytes. */
  readonly repeats?: boolean | undefined
  /** The file of --results, which the pieces write. */
  readonly results?: string | undefined
}

/** The file with the saved state of an unfinished tape. */
export function stateFileOf(file: string): string {
  return `${partialOf(file)}.state`
}

export async function writeTape(job: TapeJob): Promise<void> {
  const { header, pieces, file, market, unfinished, repeats, results } = job
  const output = await openTextOutput(file, repeats === true ? 'same' : unfinished?.snapshot.bytes)
  if (file !== undefined) await rm(stateFileOf(file), { force: true })
  await printResults(`seed ${header.seed ?? 'none'}\n`, file)
  let events = unfinished?.snapshot.seq ?? 0
  const progress = tapeProgress(header, unfinished)
  try {
    if (unfinished === undefined) await output.write(encodeHeader(header))
    for await (const piece of pieces) {
      await output.write(piece.text)
      events += piece.events
      progress.report(piece.time, events)
    }
    const sha256 = await output.finish()
    progress.end()
    const named = file === undefined || file === STDOUT ? '' : `file ${file}\n`
    const users = ordersLines(header, market, results)
    await printResults(`${named}${users}events ${events}\nbytes ${output.bytes}\nsha256 ${sha256}\n`, file)
  } catch (error) {
    progress.end()
    if (file !== undefined && file !== STDOUT && market !== undefined) {
      if (error instanceof Interruption) {
        await output.keep()
        const { time } = writeState(job, market, file, output.bytes)
        throw interruptedAt(time, header)
      }
      if (isDiskFull(error)) {
        await output.keep()
        throw diskFull(error as Error, file)
      }
    }
    const removed = await output.discard()
    if (removed !== undefined) note(`removed the unfinished ${removed}\n`)
    throw error
  }
}

export function tapeProgress(header: TapeHeader, unfinished?: Unfinished): Progress {
  const { startTime, durationMs, midnightTime } = header
  const from = { time: unfinished?.snapshot.time ?? startTime, events: unfinished?.snapshot.seq ?? 0 }
  const format = (time: number) => timeOfDay(time, midnightTime)
  return createProgress(process.stderr, { startTime, endTime: startTime + durationMs, format, from })
}

/** @param results the file of --results. */
export function ordersLines({ orders }: TapeHeader, market: MarketRun | undefined, results?: string): string {
  const named = results === undefined ? '' : `results ${results}\n`
  if (orders === null || market === undefined) return named
  const { done, refused } = market.orders
  return `${named}orders ${done}\nrefused ${refused}\n`
}

/** The unfinished file is kept; the same command resumes it. */
export function diskFull(error: Error, file: string): CliFailure {
  return failed(
    `${error.message}; free some space, and the same command resumes ${partialOf(file)} (--fresh starts over)`,
  )
}

export function interruptedAt(time: number, { midnightTime }: TapeHeader): Interruption {
  const at = timeOfDay(time, midnightTime)
  return new Interruption(`interrupted at ${at}; the same command resumes from there (--fresh starts over)`)
}

function writeState({ header, orders = [] }: TapeJob, market: MarketRun, file: string, bytes: number) {
  const { exchange } = market.simulation
  const snapshot = { seq: exchange.seq, time: exchange.time, bytes, sha256: '', state: market.save() }
  const entries = [...orders.map(order => ({ order })), { snapshot }]
  try {
    writeFileSync(stateFileOf(file), encodeRecordingHeader(header) + entries.map(encodeEntry).join(''), { flush: true })
  } catch (error) {
    throw writeFailure(error, stateFileOf(file))
  }
  return snapshot
}
