// A clock that the test moves, in a process whose event loop is real: what may run at once runs in the loop's next
// turn, everything else when the test lets time pass.

import { ManualClock } from '@papertape/venue'

export class TestClock extends ManualClock {
  override setTimer(callback: () => void, delayMs: number): () => void {
    if (delayMs > 0) return super.setTimer(callback, delayMs)
    const immediate = setImmediate(callback)
    return () => clearImmediate(immediate)
  }
}

/** Settles after so many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await new Promise(setImmediate)
}
