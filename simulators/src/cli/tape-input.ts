// Reading what a user names: a tape line by line, its first line, or LOBSTER messages, packed with gzip or plain. Trouble
// with a file becomes one clear line.

import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { failed, fileFailure } from './failure.ts'
import type { TapePiece } from './tape-pieces.ts'

const FIRST_LINE_MOST = 1 << 14
const PIECE_LINES = 400

/** Without its line end; cut off where no header would go on. */
export async function readFirstLine(file: string): Promise<string> {
  try {
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_LINE_MOST), 0, FIRST_LINE_MOST, 0)
      return buffer.subarray(0, bytesRead).toString().split('\n')[0]!
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw fileFailure(error, file, 'read')
  }
}

/** The whole text of a file, unpacked when its name ends in .gz. */
export async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file)
    return (file.endsWith('.gz') ? await promisify(gunzip)(bytes) : bytes).toString('latin1')
  } catch (error) {
    throw fileFailure(error, file, 'read')
  }
}

/**
 * The events of a tape of ours, in pieces that end after `sliceMs` of market time.
 * @param offset where the first line is that is wanted; after the header when absent.
 */
export async function* readTapePieces(
  file: string,
  startTime: number,
  sliceMs: number,
  offset?: number,
): AsyncGenerator<TapePiece> {
  const from = offset ?? Buffer.byteLength(await readFirstLine(file)) + 1
  let text = ''
  let events = 0
  let time = startTime
  let sliceEnd = startTime + sliceMs
  for await (const line of readLines(file, from)) {
    const ts = /"ts":(\d{1,16})[,}]/.exec(line)?.[1]
    if (ts === undefined) throw failed(`${file} is damaged: this line has no ts: ${line.slice(0, 80)}`)
    const lineTime = Number(ts) / 1000
    if (lineTime >= sliceEnd || events >= PIECE_LINES) {
      yield { text, time, events, atSnapshot: false }
      text = ''
      events = 0
      sliceEnd = lineTime + sliceMs
    }
    time = lineTime
    events++
    text += `${line}\n`
  }
  if (events > 0) yield { text, time, events, atSnapshot: false }
}

async function* readLines(file: string, start: number): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18, start })) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } catch (error) {
    throw fileFailure(error, file, 'read')
  }
  if (rest !== '') throw failed(`${file} is damaged: its last line has no end`)
}
