// The events of a tape of ours, line by line, in pieces. Each is checked to follow the one before, so that a tape that was
// cut or has lost lines is never passed on as a whole one. For replay, export and report.

import { type InputFile, openInput } from '../../input/input-file.ts'
import { failed } from '../failure.ts'
import type { TapePiece } from './tape-pieces.ts'

/** Of a tape's line: the event's number and its time in microseconds. */
export const STAMP = /"seq":(\d{1,16}),"ts":(\d{1,16})[,}]/

const PIECE_LINES = 400

export interface TapeStart {
  /** Market time. */
  readonly startTime: number
  /** The number of the first event; unknown where it is searched for. */
  readonly firstSeq?: number
}

/** @param input at its header. */
export function readTapePieces(input: InputFile, start: TapeStart, sliceMs: number): AsyncGenerator<TapePiece> {
  return readEvents(input, start, sliceMs, 1)
}

/** @param offset where in a plain file the first line is that is wanted. */
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
        // What is whole goes out before what is not is told of.
        if (events > 0) yield { text, time, events, atSnapshot: false }
        throw failed(`${file} is damaged: its last line has no end (line ${input.lineCount}): the file was cut`)
      }
      for (const line of lines) {
        if (++number <= headerLines) continue
        if (line === '') {
          blankNumber ||= number
          continue
        }
        const where = headerLines === 0 ? '' : ` at line ${number}`
        const [, seqText, ts] = STAMP.exec(line) ?? []
        if (ts === undefined) throw failed(`${file} is damaged${where}: it has no seq and ts: ${line.slice(0, 80)}`)
        if (blankNumber > 0) throw failed(`${file} is damaged at line ${blankNumber}: it is empty`)
        const seq = Number(seqText)
        if (nextSeq !== undefined && seq !== nextSeq) {
          throw failed(`${file} is damaged${where}: event ${nextSeq} is expected there, and it has ${seq}`)
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
