// Runs the venue in the thread of its gateway, on a journal in memory: for mocks and tests. Messages pass in later
// turns of the event loop, as between threads.

import type { Clock } from '@papertape/protocol'
import {
  MemoryJournal,
  openMemoryJournal,
  planSimulation,
  type SimulatedPlan,
  Venue,
  type VenueOptions,
} from '@papertape/venue'
import type { ConnectVenue } from './venue-client.ts'

export interface SameThreadOptions extends VenueOptions {
  readonly plan: SimulatedPlan
}

/**
 * @param clock calls a timer of 0 ms back in a later turn of the event loop, also while it stands still.
 * @param epoch lower-case letters and digits.
 * @param journal to go on from; a new one when absent.
 */
export function connectSameThread(
  options: SameThreadOptions,
  clock: Clock,
  epoch: string,
  journal = new MemoryJournal(),
): ConnectVenue {
  return receiver => {
    const market = planSimulation(options.plan)
    let isOver = false

    function carry(work: () => void): void {
      clock.setTimer(() => {
        if (isOver) return
        try {
          work()
        } catch (error) {
          isOver = true
          receiver.fail(error as Error)
        }
      }, 0)
    }

    // A commit in memory costs nothing: none waits for further commands.
    const venue = new Venue(
      { ...options, flushMs: 0 },
      {
        market,
        opened: openMemoryJournal(market, epoch, journal),
        clock,
        send: message => carry(() => receiver.receive(message)),
      },
    )
    carry(() => venue.start())
    return {
      send: message => carry(() => venue.receive(message)),
      async close() {
        isOver = true
      },
    }
  }
}
