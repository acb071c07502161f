// What is spoken: one sentence at a time, each long enough in the live region to be read out before the next replaces it.
// No React; Announcer.tsx draws the region, and this says what stands in it.

import { type Cell, createValue } from '../reactive/observable.ts'

export interface Voice {
  readonly cell: Cell<string>
  /** @param about sentences that wait and are about the same thing are replaced by the newer one. */
  say(sentence: string, about: string): void
}

/** How long a sentence stands at least. */
const STANDS_MS = 1_500

export function createVoice(setTimer: (run: () => void, delayMs: number) => () => void): Voice {
  const cell = createValue('')
  const waiting = new Map<string, string>()
  let isBusy = false

  function next(): void {
    const [first] = waiting
    isBusy = first !== undefined
    if (first === undefined) return
    const [about, sentence] = first
    waiting.delete(about)
    cell.set(sentence)
    setTimer(next, STANDS_MS)
  }

  return {
    cell,
    say(sentence, about) {
      waiting.set(about, sentence)
      if (!isBusy) next()
    },
  }
}
