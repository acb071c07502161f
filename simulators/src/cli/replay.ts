// `replay`: a tape of ours as it is, or LOBSTER messages through the exchange, at a pace. The tape's lines go to stdout
// for the next program, or with --out into a file, and then the results go to stdout as after a run.

import { once } from 'node:events'
import { basename } from 'node:path'
import { parseLobsterFileName } from '../lobster/file-name.ts'
import { LobsterError } from '../lobster/lobster-error.ts'
import { parseLobster } from '../lobster/messages.ts'
import { createLobsterReplay } from '../lobster/replay.ts'
import { createSimulation } from '../simulation.ts'
import { parseHeader, TAPE_VERSION, type TapeHeader } from '../tape.ts'
import type { CommandLine } from './arguments.ts'
import { failed } from './failure.ts'
import { parseChoice, parsePace } from './flag-values.ts'
import { paced, sliceOf } from './pacing.ts'
import { createProgress } from './progress.ts'
import { writeTape } from './run.ts'
import { readFirstLine, readTapePieces, readText } from './tape-input.ts'
import { type TapePiece, tapePieces } from './tape-pieces.ts'

interface Playable {
  readonly header: TapeHeader
  readonly pieces: Iterable<TapePiece> | AsyncIterable<TapePiece>
  /** What there is to say when it is done. */
  readonly summary: () => string
}

export async function replay({ operand: file, flags }: CommandLine, signal: AbortSignal): Promise<void> {
  const pace = parsePace((flags.pace as string | undefined) ?? 'max')
  const format = flags.format as string | undefined
  const kind = format === undefined ? undefined : parseChoice('format', format, ['tape', 'lobster'])
  const { header, pieces, summary } = await openPlayable(file, kind, sliceOf(pace))
  const timed = paced(pieces, header.startTime, pace, signal)
  const seed = `seed ${header.seed ?? 'none'}\n`
  if (flags.out !== undefined) await writeTape(header, timed, flags.out as string, flags.force === true, seed)
  else await print(header, timed)
  process.stderr.write(summary())
}

async function openPlayable(file: string, kind: 'tape' | 'lobster' | undefined, sliceMs: number): Promise<Playable> {
  const packed = file.endsWith('.gz')
  const header = packed || kind === 'lobster' ? undefined : parseHeader(await readFirstLine(file))
  if (header !== undefined) {
    return { header, pieces: readTapePieces(file, header.startTime, sliceMs), summary: () => '' }
  }
  const noTape = `${file} is no tape of ours, or a damaged one: line 1 is not a tape's header`
  if (kind === 'tape') throw failed(noTape)
  // Without --format the name decides, and somebody with a damaged tape should not read of LOBSTER names.
  if (kind === undefined && !file.includes('_message_')) throw failed(noTape)
  return openLobster(file, sliceMs)
}

async function openLobster(file: string, sliceMs: number): Promise<Playable> {
  const text = await readText(file)
  try {
    const { symbol, midnightTime } = parseLobsterFileName(basename(file))
    const messages = parseLobster(text)
    const startTime = midnightTime + messages.timesMs[0]!
    const durationMs = messages.timesMs[messages.count - 1]! - messages.timesMs[0]! + 1
    const source = createLobsterReplay({ symbol, name: symbol, messages, startTime })
    const about = { seed: null, symbols: [symbol], startTime, durationMs } as const
    const header: TapeHeader = { format: 'papertape', version: TAPE_VERSION, lines: 'tape', ...about }
    const summary = () => `${JSON.stringify({ messages: messages.count, ...source.figures })}\n`
    return { header, pieces: tapePieces(header, createSimulation(source), sliceMs), summary }
  } catch (error) {
    if (error instanceof LobsterError) throw failed(`${file}: ${error.message}`)
    throw error
  }
}

async function print(header: TapeHeader, pieces: AsyncIterable<TapePiece>): Promise<void> {
  const { startTime, durationMs } = header
  // A line that is drawn again and again would be torn apart by the events on the same terminal.
  const shared = process.stdout.isTTY && process.stderr.isTTY
  const progress = shared ? undefined : createProgress(process.stderr, { startTime, endTime: startTime + durationMs })
  let events = 0
  try {
    for await (const { text, time, events: count } of pieces) {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain')
      events += count
      progress?.report(time, events)
    }
  } finally {
    progress?.end()
  }
}
