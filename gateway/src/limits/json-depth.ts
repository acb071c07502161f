// Refuses JSON of clients that is nested too deeply, before it is parsed: parsing could take the whole stack. For
// frames of the order channel and bodies of requests, in the server and in mocks.

import { JSON_DEPTH_MAX } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** @throws {CodedError} too-deep */
export function requireShallowJson(text: string): void {
  if (!isDeeper(text, JSON_DEPTH_MAX)) return
  throw new CodedError('too-deep', `objects and arrays may be in each other ${JSON_DEPTH_MAX} deep`)
}

/** Looks at brackets outside of strings; of text that is not JSON it says what it likes. */
function isDeeper(text: string, depthMax: number): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isInString) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) isInString = false
    } else if (code === QUOTE) isInString = true
    // [ and {, ] and }: they differ by one bit.
    else if ((code | 0x20) === 0x7b) {
      if (++depth > depthMax) return true
    } else if ((code | 0x20) === 0x7d) depth--
  }
  return false
}
