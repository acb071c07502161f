// The clocks and timers of this process, for the composition roots alone; everything else is handed a Clock.

import { type Clock, createClock } from '@papertape/protocol'

export const systemClock: Clock = createClock({
  monotoneMs: () => performance.now(),
  dateMs: () => Date.now(),
  setTimer(callback, delayMs) {
    // A timeout waits a millisecond at least; catching up with the market's clock must not.
    if (delayMs <= 0) {
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    }
    const timeout = setTimeout(callback, delayMs)
    return () => clearTimeout(timeout)
  },
})
