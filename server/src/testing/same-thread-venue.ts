// Runs the venue in the test's own thread, on a journal in memory. Messages pass in later turns of the event loop, as
// between threads. While something is awaited from the venue its clock moves on by itself: a flush waits a few
// milliseconds.

import type { FromVenue } from '@papertape/venue'
import { openMemoryJournal, planSimulation, Venue } from '@papertape/venue'
import type { ConnectVenue } from '../venue/venue-client.ts'
import type { TestClock } from './test-clock.ts'

/** @param epoch lower-case letters and digits. */
export function connectSameThread(clock: TestClock, epoch: string): ConnectVenue {
  return (options, receiver) => {
    if (options.plan.kind !== 'simulated') throw new Error('tests in one thread run simulated markets only')
    const market = planSimulation(options.plan)
    let awaited = 0
    let isOver = false

    function carry(work: () => void): void {
      setImmediate(() => {
        if (isOver) return
        try {
          work()
        } catch (error) {
          isOver = true
          receiver.fail(error as Error)
        }
      })
    }

    function moveClock(): void {
      if (awaited === 0) return
      clock.pass(1)
      carry(moveClock)
    }

    const venue = new Venue(options, {
      market,
      opened: openMemoryJournal(market, epoch),
      clock,
      send(message) {
        awaited -= answersIn(message)
        carry(() => receiver.receive(message))
      },
    })
    carry(() => venue.start())
    return {
      send(message) {
        carry(() => venue.receive(message))
        if ((message.type === 'command' || message.type === 'query') && ++awaited === 1) carry(moveClock)
      },
      async close() {
        isOver = true
      },
    }
  }
}

function answersIn(message: FromVenue): number {
  if (message.type === 'batch') return message.answers.length
  return message.type === 'result' || message.type === 'refused' ? 1 : 0
}
