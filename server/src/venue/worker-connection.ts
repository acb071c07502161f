// Runs the venue in a worker thread and carries messages to and from it. For main.ts.

import { Worker } from 'node:worker_threads'
import type { ConnectVenue } from '@papertape/gateway'
import type { FromVenue } from '@papertape/venue'
import type { ServerVenueOptions } from './open-venue.ts'

export function connectWorker(options: ServerVenueOptions): ConnectVenue {
  return receiver => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options })
    worker.on('message', (message: FromVenue) => receiver.receive(message))
    worker.on('error', error => receiver.fail(error as Error))
    return {
      send: message => worker.postMessage(message),
      async close() {
        await worker.terminate()
      },
    }
  }
}
