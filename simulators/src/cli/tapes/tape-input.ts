// Reads the events of a tape in pieces and checks that their numbers are consecutive: a truncated tape or one with
// missing lines is an error. For replay, export and report.

import { type InputFile, openInput } from '../../input/input-file.ts'
import type { TapePiece } from '../../recording/tape-pieces.ts'
import { failed } from '../failure.ts'

/** The event number and the time in microseconds of a line. */
export const STAMP = /"seq":(\d{1,16}),"ts":(\d{1,16})[,}]/

const PIECE_LINES = 400

export interface TapeStart {
  /** Market time. */
  readonly startTime: number
  /** The number of the first event; absent when it is unknown. */
  readonly firstSeq?: number
}

/** @param input positioned at its header. */
export function readTapePieces(input: InputFile, start: TapeStart, sliceMs: number): AsyncGenerator<TapePiece> {
  return readEvents(input, start, sliceMs, 1)
}

/** @param offset of the first line to read, in a plain file. */
export async function* readTapePiecesFrom(
  file: string,
  offset: number,
  start: TapeStart,
  sliceMs: number,
): AsyncGenerator<TapePiece> {
  yield* readEvents(await openInput(file, offset), start, sliceMs, 0)
}

async function* readEvents(
  input: InputFile,
  { startTime, firstSeq }: TapeStart,
  sliceMs: number,
  headerLines: number,
): AsyncGenerator<TapePiece> {
  const { file } = input
  let text = ''
  let events = 0
  let time = startTime
  let sliceEnd = startTime + sliceMs
  let nextSeq = firstSeq
  let number = 0
  let blankNumber = 0
  try {
    for await (const lines of input.lines()) {
      if (input.isCut) {
        // The complete lines before it are passed on first.
        if (events > 0) yield { text, time, events, atSnapshot: false }
        throw failed(`${file} is damaged: its last line has no end (line ${input.lineCount}): the file was truncated`)
      }
      for (const line of lines) {
        if (++number <= headerLines) continue
        if (line === '') {
          blankNumber ||= number
          continue
        }
        const where = headerLines === 0 ? '' : ` at line ${number}`
        const [, seqText, ts] = STAMP.exec(line) ?? []
        if (ts === undefined)
          throw failed(`${file} is damaged${where}: the line has no seq and ts: ${line.slice(0, 80)}`)
        if (blankNumber > 0) throw failed(`${file} is damaged at line ${blankNumber}: the line is blank`)
        const seq = Number(seqText)
        if (nextSeq !== undefined && seq !== nextSeq) {
          throw failed(`${file} is damaged${where}: expected event ${nextSeq}, found ${seq}`)
        }
        nextSeq = seq + 1
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
    }
    if (events > 0) yield { text, time, events, atSnapshot: false }
  } finally {
    await input.close()
  }
}
