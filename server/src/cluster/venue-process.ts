// A venue of several as a process (--role venue): runs its worker thread, and starts another one when that was
// superseded. Serves no client.

import { Worker } from 'node:worker_threads'
import type { VenueNodeState } from '@papertape/cluster'
import type { FromVenueWorker, VenueWorkerOptions } from './venue-worker.ts'

export interface VenueProcessOptions {
  readonly worker: VenueWorkerOptions
  readonly onState: (state: VenueNodeState) => void
  readonly onNotice: (text: string) => void
  readonly onFailure: (error: Error) => void
}

export interface VenueProcess {
  /** The leader hands the lead over. */
  close(): Promise<void>
}

export function startVenueProcess({
  worker: options,
  onState,
  onNotice,
  onFailure,
}: VenueProcessOptions): VenueProcess {
  let closed = () => {}
  let isClosing = false
  let worker = startWorker(options)

  function startWorker(workerOptions: VenueWorkerOptions): Worker {
    const started = new Worker(new URL('./venue-worker.ts', import.meta.url), { workerData: workerOptions })
    started.on('message', (message: FromVenueWorker) => {
      if (message.type === 'state') onState(message.state)
      else if (message.type === 'notice') onNotice(message.text)
      else if (message.type === 'closed') closed()
      else void restart(message)
    })
    started.on('error', error => onFailure(error as Error))
    return started
  }

  /** What the thread has in memory is no part of the market any more. */
  async function restart({ text, fresh }: { text: string; fresh: boolean }): Promise<void> {
    onNotice(`another venue leads: ${text}; this one goes on as a standby`)
    await worker.terminate()
    if (isClosing) closed()
    else worker = startWorker({ ...options, fresh })
  }

  return {
    async close() {
      isClosing = true
      const ended = new Promise<void>(resolve => {
        closed = resolve
      })
      worker.postMessage('close')
      await ended
    },
  }
}
