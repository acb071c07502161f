// `export`: what a tape or a recording holds, in the formats that others read. NDJSON is the tape's lines; LOBSTER's files
// and Parquet hold orders, which a tape does not, so that they are made by running its seed again.

import type { TimedCommand } from '../recording/market-run.ts'
import { convertLine, type TapeHeader } from '../tape.ts'
import type { CommandLine } from './arguments.ts'
import { usageFailure } from './failure.ts'
import { parseChoice, parseCount } from './flag-values.ts'
import { openFlowRun } from './flow-pieces.ts'
import { openLobsterOutput } from './lobster-output.ts'
import { paced } from './pacing.ts'
import { openPlayable, type Playable } from './playable.ts'
import { checkSeeded, type Flags, ordersOfTape, planRun } from './run-plan.ts'
import { tapeProgress, writeTape } from './tape-file.ts'
import type { TapePiece } from './tape-pieces.ts'
import { refuseToOverwrite } from './text-output.ts'

const FORMATS = ['ndjson', 'lobster', 'parquet'] as const
const LEVELS_MOST = 200

export async function exportFile({ operand: file, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const to = parseChoice('to', (flags.to as string | undefined) ?? '', FORMATS)
  const playable = await openPlayable(file)
  if (to === 'ndjson') return exportLines(playable, flags, signal)
  const { header } = playable
  checkSeeded(file, header)
  const orders = playable.orders ?? (await ordersOfTape(file, header, flags.orders as string | undefined))
  await exportOrders(to, header, orders, flags, signal)
}

/** For `run --format lobster`. */
export async function exportSeed(flags: Flags, signal: AbortSignal): Promise<void> {
  const { header, orders } = await planRun(flags, 'tape')
  await exportOrders('lobster', header, orders, flags, signal)
}

function outOf(flags: Flags): string {
  if (flags.out === undefined) throw usageFailure('--out is needed: the file, or for LOBSTER the folder, to write')
  return flags.out as string
}

async function exportLines({ header, play }: Playable, flags: Flags, signal: AbortSignal): Promise<void> {
  const file = outOf(flags)
  refuseToOverwrite(file, flags.force === true)
  async function* converted(): AsyncGenerator<TapePiece> {
    for await (const piece of play(undefined, Number.POSITIVE_INFINITY)) {
      const lines = piece.text.split('\n').slice(0, -1)
      yield { ...piece, text: lines.map(line => `${convertLine(line, header.lines, 'ndjson')}\n`).join('') }
    }
  }
  const pieces = paced(converted(), header.startTime, undefined, signal)
  await writeTape({ header: { ...header, lines: 'ndjson' }, pieces, file })
}

async function exportOrders(
  to: 'lobster' | 'parquet',
  header: TapeHeader,
  orders: readonly TimedCommand[],
  flags: Flags,
  signal: AbortSignal,
): Promise<void> {
  const out = outOf(flags)
  const force = flags.force === true
  const levels = parseCount('levels', (flags.levels as string | undefined) ?? '10', LEVELS_MOST)
  const { instruments, pieces } = openFlowRun(header, orders)
  const output =
    to === 'lobster'
      ? await openLobsterOutput(out, header, instruments, { levels, force })
      : await (await import('./parquet-output.ts')).openParquetOutput(out, header, instruments, force)
  process.stdout.write(`seed ${header.seed}\n`)
  const progress = tapeProgress(header)
  let messages = 0
  try {
    for await (const piece of paced(pieces, header.startTime, undefined, signal)) {
      await output.write(piece)
      messages += piece.events
      progress.report(piece.time, messages)
    }
    const files = await output.finish()
    progress.end()
    for (const file of files) process.stdout.write(`file ${file}\n`)
    process.stdout.write(`messages ${messages}\nbytes ${output.bytes}\n`)
  } catch (error) {
    progress.end()
    await output.discard()
    throw error
  }
}
