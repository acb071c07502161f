// Compares the bytes of a file with the expected ones, in any division into pieces, in constant memory. For verify.

import { readFailure } from '../../input/input-failure.ts'
import { failed } from '../failure.ts'

const EXCERPT = 80
const LF = 10

export interface Comparison {
  /** @throws {CliFailure} at the first difference. */
  take(expected: Buffer): Promise<void>
  /** Call when all expected bytes were taken. */
  end(): Promise<void>
}

/** @param found the pieces of the file. */
export function createComparison(found: AsyncIterator<Buffer>, file: string): Comparison {
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  let offset = 0
  /** The beginning of the current line, which both have. */
  let lineStart = Buffer.alloc(0)

  async function more(): Promise<boolean> {
    try {
      const { value, done } = await found.next()
      if (done === true) return false
      rest = value
      return true
    } catch (error) {
      throw readFailure(error, file)
    }
  }

  function agree(bytes: Buffer): void {
    offset += bytes.length
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) line++
    const lastEnd = bytes.lastIndexOf(10)
    lineStart = lastEnd < 0 ? Buffer.concat([lineStart, bytes]) : Buffer.from(bytes.subarray(lastEnd + 1))
  }

  function differ(expected: Buffer, actual: Buffer): never {
    const excerpt = (bytes: Buffer) => Buffer.concat([lineStart, bytes]).toString().split('\n')[0]!
    const column = lineStart.length
    const cut = (text: string) => {
      const from = Math.max(0, column - EXCERPT / 2)
      return `${from > 0 ? '…' : ''}${text.slice(from, from + EXCERPT)}`
    }
    const lines = `expected ${cut(excerpt(expected))}\nfound    ${cut(excerpt(actual))}`
    throw failed(`${file} differs at line ${line}, column ${column + 1} (byte ${offset})\n${lines}`)
  }

  return {
    async take(expected: Buffer): Promise<void> {
      let left = expected
      while (left.length > 0) {
        if (rest.length === 0 && !(await more())) {
          throw failed(`${file} ends at line ${line} (byte ${offset}), before the end of the run`)
        }
        const length = Math.min(left.length, rest.length)
        const ours = left.subarray(0, length)
        const theirs = rest.subarray(0, length)
        const same = ours.equals(theirs) ? length : ours.findIndex((byte, i) => byte !== theirs[i])
        agree(ours.subarray(0, same))
        if (same < length) differ(left.subarray(same), rest.subarray(same))
        left = left.subarray(length)
        rest = rest.subarray(length)
      }
    },
    async end(): Promise<void> {
      // Blank lines at the end are allowed.
      do rest = rest.subarray(rest.findIndex(byte => byte !== LF) >>> 0)
      while (rest.length === 0 && (await more()))
      if (rest.length > 0) throw failed(`${file} continues at line ${line} (byte ${offset}), after the end of the run`)
    },
  }
}
