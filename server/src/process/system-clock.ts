// The clocks and timers of the process. Only main.ts and worker.ts import it; everything else is given a Clock.

import { type Clock, createClock } from '@papertape/protocol'

export const systemClock: Clock = createClock({
  monotoneMs: () => performance.now(),
  dateMs: () => Date.now(),
  setTimer(callback, delayMs) {
    // A timeout waits at least a millisecond, which would slow down catching up with the market's clock.
    if (delayMs <= 0) {
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    }
    const timeout = setTimeout(callback, delayMs)
    return () => clearTimeout(timeout)
  },
})
