// Decides whether a run starts over or resumes an interrupted one: FILE.partial and its saved state. For run and
// record.

import { existsSync } from 'node:fs'
import { InputFailure } from '../../input/input-failure.ts'
import { openInput } from '../../input/input-file.ts'
import { encodeHeader, parseHeader, type TapeFormat, type TapeHeader } from '../../recording/tape.ts'
import { formatScenarioSchedule } from '../../run-options/scenario-schedule.ts'
import { timeOfDay } from '../../run-options/time-of-day.ts'
import { failed } from '../failure.ts'
import type { Flags } from '../options/run-configuration.ts'
import { planRun, type RunPlan } from '../options/run-plan.ts'
import { note } from '../output/std-streams.ts'
import { partialOf } from '../output/text-output.ts'
import { readUnfinished, type Unfinished } from '../tapes/recording-file.ts'

export interface ResumableRun extends RunPlan {
  /** Where the run resumes; absent: at its start. */
  readonly unfinished?: Unfinished | undefined
  /** FILE.partial holds the beginning of this tape but no state is saved: it is run from the start and compared. */
  readonly repeats?: boolean
}

/**
 * The run of these flags, and how much of it an interrupted command has written to FILE.partial.
 * @param stateFile records how far the interrupted command got.
 * @throws {CliFailure} when the unfinished run was started with other flags.
 */
export async function planResumableRun(
  flags: Flags,
  lines: TapeFormat,
  file: string,
  stateFile: string,
): Promise<ResumableRun> {
  const partial = partialOf(file)
  const isBegun = flags.fresh !== true && existsSync(partial)
  const unfinished = isBegun && existsSync(stateFile) ? await readUnfinished(stateFile) : undefined
  const begun = unfinished?.tape ?? (isBegun ? await headerOf(partial) : undefined)
  const plan = await planRun(flags, lines, begun?.seed)
  if (begun === undefined) return plan
  if (encodeHeader(begun) !== encodeHeader(plan.header)) {
    throw failed(
      `${partial} was started with other flags (${flagsOf(begun)}); give those to resume it, or --fresh to start over`,
    )
  }
  if (unfinished === undefined) {
    note(`resuming ${partial}: its content is repeated and compared\n`)
    return { ...plan, repeats: true }
  }
  note(`resuming from ${timeOfDay(unfinished.snapshot.time, plan.header.midnightTime)} in ${partial}\n`)
  return { ...plan, unfinished }
}

/** The header of an unfinished tape; undefined when there is none yet: the file is then replaced. */
async function headerOf(partial: string): Promise<TapeHeader | undefined> {
  const input = await openInput(partial).catch(error => {
    if (error instanceof InputFailure) return undefined
    throw error
  })
  await input?.close()
  return input === undefined ? undefined : parseHeader(input.firstLine)
}

function flagsOf(header: TapeHeader): string {
  const { seed, preset, symbols, durationMs, scenarios, orders, lines, configuration } = header
  const market = `--seed ${seed} --preset ${preset} --symbols ${symbols.length} --duration ${durationMs / 1000}s`
  const events = scenarios.length === 0 ? '' : ` --scenario ${formatScenarioSchedule(scenarios, header)}`
  const format = lines === 'tape' ? '' : ` --format ${lines}`
  const changes = configuration === undefined ? '' : ', its --config and --set'
  return `${market}${events}${format}${changes}${orders === null ? '' : ' and its --orders'}`
}
