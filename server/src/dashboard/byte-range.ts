// Parses a Range header with one range of bytes (RFC 9110 section 14.1.2). Several ranges, other units and malformed
// headers are ignored, as the standard allows.

/** The first and the last byte, counted from 0, both included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** @returns `none` when the range has no byte of the file. */
export function parseRange(header: string | undefined, size: number): ByteRange | 'whole' | 'none' {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(/\s/g, '') ?? '')
  if (found === null || (found[1] === '' && found[2] === '')) return 'whole'
  const [from, to] = [found[1]!, found[2]!]
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'none' : { first: size - length, last: size - 1 }
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && Number(to) < first) return 'whole'
  return first >= size ? 'none' : { first, last }
}
