// The venue's thread: the composition root of everything behind the journal. Started by venue-client.ts.

import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../clock.ts'
import type { ToVenue } from './messages.ts'
import { openMarket } from './open-market.ts'
import { Venue, type VenueOptions } from './venue.ts'

if (parentPort === null) throw new Error('venue/main.ts runs as a worker thread only')
const port = parentPort

// Lets V8 compile the whole way of an order into one piece of machine code, as the benchmarks do.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')

const options = workerData as VenueOptions
const venue = new Venue(options, {
  market: await openMarket(options.plan),
  send: message => port.postMessage(message),
  time: systemClock,
  newEpoch: () => randomBytes(5).toString('hex').slice(0, 8),
})
port.on('message', (message: ToVenue) => {
  venue.receive(message)
  // The journal's file is closed: nothing is left to do here.
  if (message.type === 'close') port.close()
})
venue.start()
