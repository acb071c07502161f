// `run`: simulates a market and writes its tape. Prints results as `name value` lines, the SHA-256 last. An
// interrupted run resumes.

import { openSeededRun } from '../../recording/market-run.ts'
import { tapePieces } from '../../recording/tape-pieces.ts'
import type { CommandLine } from '../arguments.ts'
import { usageFailure } from '../failure.ts'
import { parseChoice, parsePaceFlag } from '../options/flag-values.ts'
import type { Flags } from '../options/run-configuration.ts'
import { planRun } from '../options/run-plan.ts'
import { planResults } from '../output/results-file.ts'
import { printResults, STDOUT } from '../output/std-streams.ts'
import { stateFileOf, writeTape } from '../output/tape-file.ts'
import { refuseToReplace } from '../output/text-output.ts'
import { sliceMsOf, throttled } from '../output/throttle.ts'
import { planResumableRun, type ResumableRun } from './resume-run.ts'

export async function run({ flags }: CommandLine, signal: AbortSignal): Promise<void> {
  if (flags['print-config'] === true) return printConfiguration(flags)
  const format = parseChoice('format', (flags.format as string | undefined) ?? 'tape', ['tape', 'ndjson', 'lobster'])
  const truth = flags.truth === true
  if (truth && format === 'tape')
    throw usageFailure('--truth needs --format ndjson or lobster: a tape has no room for it')
  if (format === 'lobster' || (truth && format === 'ndjson')) {
    return (await import('./export.ts')).exportSeed(format, flags, signal)
  }
  const pace = parsePaceFlag((flags.pace as string | undefined) ?? 'max')
  const file = flags.out as string | undefined
  if (file !== undefined) refuseToReplace(file, flags.force === true)
  const isResumable = file !== undefined && file !== STDOUT
  const plan: ResumableRun = await (isResumable
    ? planResumableRun(flags, format, file, stateFileOf(file))
    : planRun(flags, format))
  const { header, unfinished } = plan
  const results = await planResults(flags, isResumable ? plan : undefined)
  const market = openSeededRun(header, plan.orders, { state: unfinished?.snapshot.state, onResult: results?.take })
  const played = tapePieces(header, market, sliceMsOf(pace))
  const pieces = results?.during(played, market) ?? played
  const timed = throttled(pieces, unfinished?.snapshot.time ?? header.startTime, pace, signal)
  await writeTape({ ...plan, market, pieces: timed, file, results: results?.file })
}

export async function printConfiguration(flags: Flags): Promise<void> {
  const { configuration } = await planRun(flags, 'tape')
  await printResults(`${JSON.stringify(configuration, null, 2)}\n`)
}
