// The queue of announcements for screen readers: one text at a time, each shown long enough to be read out before the
// next replaces it. shell/Announcer.tsx draws the live region.

import { createObservable, type Observable } from '../reactive/observable.ts'

export interface Announcements {
  /** The text of the live region. */
  readonly text: Observable<string>
  /** @param topic a newer text replaces a waiting one of the same topic. */
  announce(text: string, topic: string): void
}

/** The least time that a text is shown. */
const SHOWN_MS = 1_500

export function createAnnouncements(setTimer: (run: () => void, delayMs: number) => () => void): Announcements {
  const shown = createObservable('')
  const waiting = new Map<string, string>()
  let isBusy = false

  function next(): void {
    const [first] = waiting
    isBusy = first !== undefined
    if (first === undefined) return
    const [topic, text] = first
    waiting.delete(topic)
    shown.set(text)
    setTimer(next, SHOWN_MS)
  }

  return {
    text: shown,
    announce(text, topic) {
      waiting.set(topic, text)
      if (!isBusy) next()
    },
  }
}
