// `run`: a seeded market for so long, as a tape. Results go to stdout as `name value` lines, the SHA-256 of the tape last.
// An interrupted run leaves FILE.partial and where it stood, and the same command goes on from there.

import { openSeededRun } from '../../recording/market-run.ts'
import type { CommandLine } from '../arguments.ts'
import { parseChoice, parsePace } from '../options/flag-values.ts'
import { planRun } from '../options/run-plan.ts'
import { STDOUT } from '../output/std-streams.ts'
import { restPointOf, writeTape } from '../output/tape-file.ts'
import { refuseToOverwrite } from '../output/text-output.ts'
import { paced, sliceOf } from '../output/throttle.ts'
import { tapePieces } from '../tapes/tape-pieces.ts'
import { planResumableRun, type ResumableRun } from './resume-run.ts'

export async function run({ flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const format = parseChoice('format', (flags.format as string | undefined) ?? 'tape', ['tape', 'ndjson', 'lobster'])
  if (format === 'lobster') return (await import('./export.ts')).exportSeed(flags, signal)
  const pace = parsePace((flags.pace as string | undefined) ?? 'max')
  const file = flags.out as string | undefined
  if (file !== undefined) refuseToOverwrite(file, flags.force === true)
  const goesOn = file !== undefined && file !== STDOUT
  const plan: ResumableRun = await (goesOn
    ? planResumableRun(flags, format, file, restPointOf(file))
    : planRun(flags, format))
  const { header, unfinished } = plan
  const market = openSeededRun(header, plan.orders, { state: unfinished?.snapshot.state })
  const pieces = tapePieces(header, market, sliceOf(pace))
  const timed = paced(pieces, unfinished?.snapshot.time ?? header.startTime, pace, signal)
  await writeTape({ ...plan, market, pieces: timed, file })
}
