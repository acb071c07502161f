// Reads recordings: the header and orders, any snapshot through the index at the end, or an unfinished recording (also
// the state beside an unfinished tape) from the front.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { readFailure } from '../../input/input-failure.ts'
import type { TimedCommand } from '../../recording/market-run.ts'
import {
  type IndexEntry,
  parseEntry,
  parseRecordingHeader,
  type RecordedSnapshot,
  type RecordingEnd,
  type RecordingEntry,
} from '../../recording/recording-text.ts'
import type { TapeHeader } from '../../recording/tape.ts'
import type { TapePosition } from '../../recording/tape-position.ts'
import { failed } from '../failure.ts'

export interface Recording {
  /** As given by the user. */
  readonly file: string
  /** The file to read: a copy when the input cannot be read by position. */
  readonly path: string
  readonly tape: TapeHeader
  readonly orders: readonly TimedCommand[]
  readonly end: RecordingEnd
}

/** Bytes read first from the end of the file to find its last line. */
const TAIL_BYTES = 1 << 16

/** @throws {CliFailure} when it is incomplete. */
export async function openRecording(file: string, path = file): Promise<Recording> {
  return withFile(path, async handle => {
    const { size } = await handle.stat()
    if (size === 0) throw failed(`${file} is empty`)
    const last = parseEntry(await readLastLine(handle, size))
    if (last === undefined || !('end' in last)) throw failed(`${file} is damaged or truncated: it has no end`)
    // Orders are between the header and the first snapshot.
    const head = await readText(handle, 0, last.end.index[0]?.offset ?? size)
    const [first, ...lines] = head.split('\n')
    const tape = parseRecordingHeader(first!)
    if (tape === undefined) throw failed(`${file} is not a recording of this version`)
    const orders = lines.flatMap(line => {
      const entry = parseEntry(line)
      return entry !== undefined && 'order' in entry ? [entry.order] : []
    })
    return { file, path, tape, orders, end: last.end }
  })
}

/** @param offset of the line in the file. */
export function indexEntry({ seq, time }: RecordedSnapshot, line: string, offset: number): IndexEntry {
  return { seq, time, offset, length: Buffer.byteLength(line), sha256: createHash('sha256').update(line).digest('hex') }
}

export async function readSnapshot({ file, path }: Recording, indexed: IndexEntry): Promise<RecordedSnapshot> {
  const { offset, length, sha256 } = indexed
  const line = await withFile(path, handle => readText(handle, offset, length))
  const entry = parseEntry(line)
  if (entry !== undefined && 'snapshot' in entry && indexEntry(entry.snapshot, line, offset).sha256 === sha256) {
    return entry.snapshot
  }
  throw failed(`${file} is damaged: the snapshot at byte ${offset} does not match its hash`)
}

/** The last snapshot before the position; undefined when there is none. */
export function snapshotBefore({ end }: Recording, position: TapePosition): IndexEntry | undefined {
  return end.index.findLast(({ seq, time }) => ('seq' in position ? seq < position.seq : time < position.time))
}

/** The content of an unfinished recording. */
export interface Unfinished {
  readonly tape: TapeHeader
  readonly orders: readonly TimedCommand[]
  readonly index: readonly IndexEntry[]
  /** The last snapshot. */
  readonly snapshot: RecordedSnapshot
  /** Length of the file up to the end of the last snapshot. */
  readonly bytes: number
}

/** Ignores a truncated last line. Undefined when there is no snapshot to resume from. */
export async function readUnfinished(file: string): Promise<Unfinished | undefined> {
  let tape: TapeHeader | undefined
  const orders: TimedCommand[] = []
  const index: IndexEntry[] = []
  let snapshot: RecordedSnapshot | undefined
  let offset = 0
  let bytes = 0
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const length = Buffer.byteLength(line) + 1
    const entry: RecordingEntry | undefined = parseEntry(line)
    if (offset === 0) tape = parseRecordingHeader(line)
    else if (entry !== undefined && 'order' in entry) orders.push(entry.order)
    else if (entry !== undefined && 'snapshot' in entry) {
      snapshot = entry.snapshot
      index.push(indexEntry(snapshot, line, offset))
      bytes = offset + length
    }
    offset += length
  }
  return tape === undefined || snapshot === undefined ? undefined : { tape, orders, index, snapshot, bytes }
}

async function withFile<Result>(file: string, action: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  try {
    const handle = await open(file)
    try {
      return await action(handle)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw readFailure(error, file)
  }
}

async function readText(handle: FileHandle, offset: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset)
  return buffer.subarray(0, bytesRead).toString()
}

async function readLastLine(handle: FileHandle, size: number): Promise<string> {
  for (let length = TAIL_BYTES; ; length *= 4) {
    const offset = Math.max(0, size - length)
    const lines = (await readText(handle, offset, size - offset)).split('\n')
    // The last line has an end: the text after it is empty.
    if (lines.length > 2 || offset === 0) return lines.at(-2) ?? ''
  }
}
