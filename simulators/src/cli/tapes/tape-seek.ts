// Finds a position in a tape: by binary search in a file, since events are in order of number and time, or in its
// pieces.

import { type FileHandle, open } from 'node:fs/promises'
import { readFailure } from '../../input/input-failure.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import type { TapePiece } from '../../recording/tape-pieces.ts'
import { isBefore, type TapePosition } from '../../recording/tape-position.ts'
import { parseMoment } from '../../run-options/time-of-day.ts'
import type { CommandLine } from '../arguments.ts'
import { failed, usageFailure } from '../failure.ts'
import { STAMP } from './tape-input.ts'

/** More than the longest line. */
const READ_BYTES = 1 << 18

/** `--at 13:37:05`, `--at 1h30m`, or `--from 5000` and `--from <epoch>-5000`; undefined when there is neither. */
export function parseTapePosition(flags: CommandLine['flags']): (header: TapeHeader) => TapePosition | undefined {
  const { at, from } = flags
  if (at !== undefined && from !== undefined) throw usageFailure('--at and --from exclude each other')
  if (from !== undefined) {
    const seq = Number(/^(?:[0-9a-z]{4,12}-)?(\d{1,16})$/.exec(from as string)?.[1] ?? Number.NaN)
    if (!Number.isSafeInteger(seq)) throw usageFailure(`--from takes the number or the id of an event, not "${from}"`)
    return () => ({ seq })
  }
  if (at === undefined) return () => undefined
  return ({ midnightTime, startTime }) => {
    const time = parseMoment(at as string, midnightTime, startTime)
    if (time === undefined)
      throw usageFailure(
        `--at takes a time of day such as 13:37:05 or 10:00, or a duration after the start such as 1h30m, not "${at}"`,
      )
    return { time }
  }
}

/** The pieces without the lines before the position. */
export async function* fromPosition(
  pieces: Iterable<TapePiece> | AsyncIterable<TapePiece>,
  position: TapePosition,
): AsyncGenerator<TapePiece> {
  let reached = false
  for await (const piece of pieces) {
    if (reached) {
      yield piece
      continue
    }
    const lines = piece.text.split('\n').slice(0, -1)
    const skipped = lines.findIndex(line => !lineIsBefore(line, position))
    if (skipped < 0) continue
    reached = true
    yield { ...piece, text: `${lines.slice(skipped).join('\n')}\n`, events: lines.length - skipped }
  }
}

function lineIsBefore(line: string, position: TapePosition): boolean {
  const stamp = STAMP.exec(line)
  return stamp === null || isBefore(position, Number(stamp[1]), Number(stamp[2]))
}

/** The offset of the first line at or after the position; the file size when there is none. */
export async function findLine(file: string, position: TapePosition): Promise<number> {
  try {
    const handle = await open(file)
    try {
      return await bisect(handle, file, position)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw readFailure(error, file)
  }
}

/** Binary search: the line at `low` (first the header) is before the position, that at `high` is not. */
async function bisect(handle: FileHandle, file: string, position: TapePosition): Promise<number> {
  const { size } = await handle.stat()
  const buffer = Buffer.alloc(READ_BYTES)
  let low = 0
  let high = size
  for (;;) {
    const middle = low + Math.floor((high - low) / 2)
    const found = await lineAfter(handle, buffer, middle, file)
    if (found === undefined || found.start >= high) {
      // No line starts in the upper half: scan the lower half line by line.
      const next = (await lineAfter(handle, buffer, low, file))!
      if (next === undefined || next.start >= high) return high
      if (lineIsBefore(next.line, position)) low = next.start
      else high = next.start
    } else if (lineIsBefore(found.line, position)) low = found.start
    else high = found.start
  }
}

/** The first line that starts after an offset. */
async function lineAfter(handle: FileHandle, buffer: Buffer, offset: number, file: string) {
  const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, offset)
  const text = buffer.subarray(0, bytesRead)
  const start = text.indexOf(10) + 1
  if (start === 0 || start >= bytesRead) return undefined
  const end = text.indexOf(10, start)
  if (end < 0) throw failed(`${file} is damaged: a line at byte ${offset + start} has no end`)
  return { start: offset + start, line: text.subarray(start, end).toString() }
}
