// What the client needs from its host: a clock with timers, random numbers and fetch. Tests hand in their own; the
// defaults are those of a browser, a worker or Node. No other file of client/ reads a clock, sets a timer or draws a
// number.

export interface Clock {
  /** Monotonic milliseconds, with fractions, from any origin. Ages, timers and deadlines use this clock only. */
  nowMs(): number
  /** Wall clock, milliseconds since 1970. It may jump; used for dates that are shown, never for decisions. */
  wallMs(): number
  /** Calls `run` once after `delayMs`; returns a function that cancels it. */
  setTimer(run: () => void, delayMs: number): () => void
}

export interface Environment extends Clock {
  /** From [0, 1). */
  random(): number
  fetch(url: string, init: RequestInit): Promise<Response>
}

export const DEFAULT_ENVIRONMENT: Environment = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
  fetch: (url, init) => fetch(url, init),
}
