// What the client needs from its host: a clock with timers, random numbers and fetch. Tests hand in their own; the
// defaults are those of a browser, a worker or Node. No other file of client/ reads a clock, sets a timer or draws a
// number.

import type { Clock } from '@papertape/protocol'

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
