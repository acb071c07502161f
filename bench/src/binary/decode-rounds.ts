// Decodes the messages of a text and of a binary subscription in turns, and times both. Runs in Node and in a browser.

import { BinaryDecoder } from '@papertape/protocol'

/** A round decodes so many events in each encoding at least: the clock of a browser is coarse. */
const ROUND_EVENTS = 50_000

export interface DecodeCost {
  /** Of an event, nanoseconds: medians. */
  readonly textNs: number
  readonly binaryNs: number
  /** Text over binary in each round. */
  readonly ratios: readonly number[]
}

/** @param texts one event each. @param elapsedMs the time that a piece of work takes */
export function decodeInRounds(
  texts: readonly string[],
  binaries: readonly ArrayBuffer[],
  rounds: number,
  elapsedMs: (work: () => void) => number,
): DecodeCost {
  const repeats = Math.ceil(ROUND_EVENTS / texts.length)
  const decoder = new BinaryDecoder()
  let events = 0
  const decodeTexts = () => {
    for (let repeat = 0; repeat < repeats; repeat++) for (const text of texts) if (JSON.parse(text) !== null) events++
  }
  const decodeBinaries = () => {
    for (let repeat = 0; repeat < repeats; repeat++) for (const one of binaries) events += decoder.decode(one).length
  }
  const [text, binary]: [number[], number[]] = [[], []]
  // The first rounds let V8 compile both.
  for (let round = -2; round < rounds; round++) {
    const times = [elapsedMs(decodeTexts), elapsedMs(decodeBinaries)] as const
    if (round < 0) continue
    text.push(times[0])
    binary.push(times[1])
  }
  if (events !== 2 * (rounds + 2) * repeats * texts.length) throw new Error('Broken invariant: events were lost')
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!
  const nsPerEvent = (ms: readonly number[]) => (middle(ms) * 1e6) / (repeats * texts.length)
  return { textNs: nsPerEvent(text), binaryNs: nsPerEvent(binary), ratios: text.map((ms, i) => ms / binary[i]!) }
}
