// What the runners need of the world: a clock, one-shot timers, chance, and fetch. Handed in by tests; the defaults are
// the platform's, in a browser, a worker or Node. Nothing else in client/ reads a clock or draws a number.

export interface Environment {
  /** The wall clock, milliseconds since 1970. It may jump: it dates things for people and decides nothing. */
  now(): number
  /** Milliseconds with fractions that only go forward, from any origin: every age, timer and deadline is by this clock. */
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
  /** By the clock that only goes forward. */
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
 * Whether what has been delivered may be shown as the present. `none`: nothing has come yet. `doubtful`: from a loss, or
 * a silence where events are usual, until the next frame of data; greetings and retries do not end it.
 */
export type Freshness = 'none' | 'live' | 'doubtful'

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
 * Why a connection may not be what it seems: the network went or came back, the tab is shown again, or the page has been
 * frozen (Page Lifecycle) and what its sockets still hold is of the past.
 */
export type Doubt = 'offline' | 'online' | 'visible' | 'woken'

/** Calls back when there is reason for doubt. Does nothing where these events do not exist. Returns what stops it. */
export function watchReturns(onDoubt: (why: Doubt) => void): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {}
  const page = typeof document === 'undefined' ? undefined : document
  const onVisible = () => {
    if (page?.visibilityState === 'visible') onDoubt('visible')
  }
  const onShown = (event: Event) => {
    if ((event as PageTransitionEvent).persisted) onDoubt('woken')
  }
  const watched: [EventTarget | undefined, string, (event: Event) => void][] = [
    [globalThis as unknown as EventTarget, 'offline', () => onDoubt('offline')],
    [globalThis as unknown as EventTarget, 'online', () => onDoubt('online')],
    [globalThis as unknown as EventTarget, 'pageshow', onShown],
    [page, 'visibilitychange', onVisible],
    [page, 'resume', () => onDoubt('woken')],
  ]
  for (const [target, name, listener] of watched) target?.addEventListener(name, listener)
  return () => {
    for (const [target, name, listener] of watched) target?.removeEventListener(name, listener)
  }
}
