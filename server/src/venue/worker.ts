// The venue's worker thread: opens the venue and connects it with the gateway. Started by worker-connection.ts.

import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { ToVenue } from '@papertape/venue'
import { systemClock } from '../process/system-clock.ts'
import { openMarket } from './open-market.ts'
import { openVenue, type ServerVenueOptions } from './open-venue.ts'

if (parentPort === null) throw new Error('venue/worker.ts runs as a worker thread only')
const port = parentPort

/** The market has its turn between them. */
const RECEIVED_TOGETHER_MAX = 1_000

// Lets V8 inline the whole path of an order, as in the benchmarks.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')

const options = workerData as ServerVenueOptions
const venue = openVenue(options, {
  market: await openMarket(options.plan),
  send: message => port.postMessage(message),
  clock: systemClock,
  newEpoch: () => randomBytes(5).toString('hex').slice(0, 8),
})
port.on('message', (message: ToVenue) => {
  const messages = [message, ...waitingMessages(port)]
  venue.receive(...messages)
  // The venue has closed the journal: the thread may end.
  if (messages.some(({ type }) => type === 'close')) port.close()
})
venue.start()

/** What has come during the last commit. */
function* waitingMessages(port: MessagePort): Generator<ToVenue> {
  for (let taken = 1; taken < RECEIVED_TOGETHER_MAX; taken++) {
    const waiting = receiveMessageOnPort(port)
    if (waiting === undefined) return
    yield waiting.message as ToVenue
  }
}
