// The clock of a test: stands still until the test moves it. What may run at once runs all the same, in a later turn of
// the event loop, so that requests are answered.

import { ManualClock } from '@papertape/venue'
import { runLater } from './later.ts'

export class StandingClock extends ManualClock {
  override setTimer(callback: () => void, delayMs: number): () => void {
    if (delayMs > 0) return super.setTimer(callback, delayMs)
    let isCanceled = false
    runLater(() => {
      if (!isCanceled) callback()
    })
    return () => {
      isCanceled = true
    }
  }
}

/** Settles after so many eventLoopTurns of the event loop. */
export async function eventLoopTurns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await new Promise<void>(resolve => runLater(resolve))
}
