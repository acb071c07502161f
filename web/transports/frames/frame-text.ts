// A frame as the list and the detail show it. Pure.

import { pieceFramingBytes, socketFrameHeadBytes } from '../exhibit/byte-cost.ts'
import type { LoggedFrame } from './frame-log.ts'

const START_MAX = 160

/** UTC, to the millisecond: `14:03:07.250`. */
export function formatArrival({ atMs }: LoggedFrame): string {
  return new Date(atMs).toISOString().slice(11, 23)
}

/** The start of the text, on one line; of an SSE block the data, since the list has its other fields. */
export function textStart({ transport, text }: LoggedFrame): string {
  const data = transport === 'sse' ? (/^data: ?(.*)$/m.exec(text)?.[1] ?? text) : text
  return data.slice(0, START_MAX).replace(/\s+/g, ' ').trim()
}

/** The whole text: SSE as it came, JSON indented. */
export function wholeText({ transport, text }: LoggedFrame): string {
  if (transport === 'sse') return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // Not JSON: a request line, a close code.
    return text
  }
}

/** What surrounds the frame on the wire and is not shown to a page. */
export function headText({ transport, direction, event, bytes }: LoggedFrame): string {
  if (transport === 'tab') return 'A message between two tabs of this browser, not of the network.'
  if (transport === 'websocket' && event !== 'open' && event !== 'close') {
    const isSent = direction === 'out'
    return `Computed: ${socketFrameHeadBytes(bytes, isSent)} B of frame head${isSent ? ', 4 of them the mask' : ''}.`
  }
  if (transport === 'sse' && direction === 'in') {
    return `Computed: ${pieceFramingBytes('http/1.1', bytes)} B of chunk head over HTTP/1.1, or ${pieceFramingBytes('h2', bytes)} B of frame head over HTTP/2, \
if it was sent alone.`
  }
  return 'Header fields are not included: the exhibit Headers has them.'
}
