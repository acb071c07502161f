// The page of the binary benchmark in a browser: decodes what it is given, on the page's main thread.

import { type DecodeCost, decodeInRounds } from './decode-rounds.ts'

declare global {
  /** @param binaries in base64 */
  var measureDecoding: (texts: readonly string[], binaries: readonly string[], rounds: number) => DecodeCost
}

globalThis.measureDecoding = (texts, binaries, rounds) => {
  const buffers = binaries.map(text => Uint8Array.from(atob(text), char => char.charCodeAt(0)).buffer)
  return decodeInRounds(texts, buffers, rounds, work => {
    const startMs = performance.now()
    work()
    return performance.now() - startMs
  })
}
