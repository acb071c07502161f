// What the runners need of the world: a clock, one-shot timers, chance, and fetch. Handed in by tests; the defaults are
// the platform's, in a browser, a worker or Node. Nothing else in client/ reads a clock or draws a number.

export interface Environment {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds with fractions, from any origin: for how long something took. */
  precise(): number
  /** From [0, 1). */
  random(): number
  /** Calls back once; returns what cancels it. */
  setTimer(run: () => void, delayMs: number): () => void
  fetch(url: string, init: RequestInit): Promise<Response>
}

export const PLATFORM: Environment = {
  now: () => Date.now(),
  precise: () => performance.now(),
  random: () => Math.random(),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  fetch: (url, init) => fetch(url, init),
}

/** What a state machine cannot know by itself. */
export interface At {
  readonly nowMs: number
  /** From [0, 1). */
  readonly chance: number
}

/** Why something is not as it should be: a code to branch on, a text for a person. */
export interface Reason {
  readonly code: string
  readonly text: string
}

/**
 * An application's callback must neither stop a session nor vanish: what it throws becomes an uncaught error, outside of
 * the parser's loop, where the platform reports it.
 */
export function callOut(run: () => void): void {
  try {
    run()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/**
 * Calls back when the page may have been away: the network came back, or the tab was shown again. Does nothing where
 * these events do not exist. Returns what stops it.
 */
export function watchReturns(onReturn: (why: 'online' | 'visible') => void): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {}
  const page = typeof document === 'undefined' ? undefined : document
  const onOnline = () => onReturn('online')
  const onVisible = () => {
    if (page?.visibilityState === 'visible') onReturn('visible')
  }
  globalThis.addEventListener('online', onOnline)
  page?.addEventListener('visibilitychange', onVisible)
  return () => {
    globalThis.removeEventListener('online', onOnline)
    page?.removeEventListener('visibilitychange', onVisible)
  }
}
