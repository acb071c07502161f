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

/** The lines of a tape of ours, header included, in pieces that end after `sliceMs` of market time. */
export async function* readTapePieces(file: string, startTime: number, sliceMs: number): AsyncGenerator<TapePiece> {
  let text = ''
  let lines = 0
  let time = startTime
  let sliceEnd = startTime + sliceMs
  let number = 0
  for await (const line of readLines(file)) {
    number++
    if (number > 1) {
      const ts = /"ts":(\d{1,16})[,}]/.exec(line)?.[1]
      if (ts === undefined) throw failed(`${file} is damaged: line ${number} has no ts`)
      const lineTime = Number(ts) / 1000
      if (lineTime >= sliceEnd || lines >= PIECE_LINES) {
        yield { text, time, events: lines }
        text = ''
        lines = 0
        sliceEnd = lineTime + sliceMs
      }
      time = lineTime
      lines++
    }
    text += `${line}\n`
  }
  yield { text, time, events: lines }
}

async function* readLines(file: string): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } catch (error) {
    throw fileFailure(error, file, 'read')
  }
  if (rest !== '') throw failed(`${file} is damaged: its last line has no end`)
}
