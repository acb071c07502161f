// Splits what arrives over a pipe or a socket into requests and answers them. What arrived together is answered
// together, so that a client that sends several requests at once gets their answers in one piece.

import type { LockstepSession } from '../../lockstep/session.ts'

const LINE_BYTES_MAX = 1 << 20
const LINE_END = 0x0a

export interface RequestReader {
  /** The answers to the requests that the chunk completes, each with a line end. Keeps no reference to the chunk. */
  take(chunk: Buffer): string
  /** The answer to a last request without a line end. */
  end(): string
}

export function createRequestReader(session: LockstepSession): RequestReader {
  let parts: Buffer[] = []
  let length = 0

  function keep(part: Buffer): void {
    length += part.length
    // The rest of a line that is too long is skipped.
    if (length <= LINE_BYTES_MAX) parts.push(part)
    else parts = []
  }

  function answerLine(): string {
    const isLong = length > LINE_BYTES_MAX
    const line = parts.length === 1 ? parts[0]!.toString() : Buffer.concat(parts).toString()
    parts = []
    length = 0
    if (isLong) return `${session.refuseLong(LINE_BYTES_MAX)}\n`
    return line.trim() === '' ? '' : `${session.answer(line)}\n`
  }

  return {
    take(chunk) {
      let answers = ''
      let from = 0
      for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
        keep(chunk.subarray(from, end))
        answers += answerLine()
        from = end + 1
      }
      if (from < chunk.length) keep(Buffer.from(chunk.subarray(from)))
      return answers
    },
    end: () => (length === 0 ? '' : answerLine()),
  }
}
