// The clocks and timers of a page or a process. Everything else is given a Clock.

import { type Clock, createClock } from '@papertape/protocol'
import { runLater } from './later.ts'

export function createRealClock(): Clock {
  return createClock({
    monotoneMs: () => performance.now(),
    dateMs: () => Date.now(),
    setTimer(callback, delayMs) {
      if (delayMs > 0) {
        const timeout = setTimeout(callback, delayMs)
        return () => clearTimeout(timeout)
      }
      let isCanceled = false
      runLater(() => {
        if (!isCanceled) callback()
      })
      return () => {
        isCanceled = true
      }
    },
  })
}
