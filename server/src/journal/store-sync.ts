// Syncs the journal's tables to the disk. Until then the flush log has what they have: what was stored when a sync
// began need not stay in the log once it has ended.

import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { syncTables } from './sync-tables.ts'

export interface StoreSync {
  /** One at a time. @param done called when all that was stored before is on the disk. */
  begin(done: () => void): void
  readonly isRunning: boolean
  close(): void
}

/** By the caller's own thread. */
export class SameThreadSync implements StoreSync {
  readonly isRunning = false
  readonly #db: DatabaseSync
  readonly #file: string | undefined

  /** @param file undefined for a journal in memory. */
  constructor(db: DatabaseSync, file: string | undefined) {
    this.#db = db
    this.#file = file
  }

  begin(done: () => void): void {
    syncTables(this.#db, this.#file)
    done()
  }

  close(): void {}
}

/** By a thread of its own. An error of it ends the process, as one of the caller's own would. */
export class WorkerSync implements StoreSync {
  readonly #worker: Worker
  #done: (() => void) | undefined

  constructor(file: string) {
    this.#worker = new Worker(new URL('./sync-worker.ts', import.meta.url), { workerData: file })
    this.#worker.on('message', () => {
      const done = this.#done
      this.#done = undefined
      done?.()
    })
    // After the listener, which would keep the process running.
    this.#worker.unref()
  }

  get isRunning(): boolean {
    return this.#done !== undefined
  }

  begin(done: () => void): void {
    this.#done = done
    this.#worker.postMessage('sync')
  }

  close(): void {
    this.#done = undefined
    void this.#worker.terminate()
  }
}
