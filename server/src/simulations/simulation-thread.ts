// Runs one simulation in a worker thread of its own, and passes on what it sends.

import { Worker } from 'node:worker_threads'
import type { SimulationProgress, SimulationReport, SimulationResult } from '@papertape/protocol'
import type { TapeHeader } from '@papertape/simulators'

export interface SimulationTask {
  readonly header: TapeHeader
  /** Where the tape is written, compressed. */
  readonly file: string
}

/** What the thread sends; `done` is the last. */
export type FromSimulation =
  | { readonly type: 'progress'; readonly progress: SimulationProgress }
  | { readonly type: 'log'; readonly text: string }
  | { readonly type: 'done'; readonly result: SimulationResult; readonly report: SimulationReport }
  | { readonly type: 'failed'; readonly text: string }

/** @returns stops the thread; settles when it has ended. Nothing is passed on from then on. */
export type StartSimulation = (task: SimulationTask, receive: (message: FromSimulation) => void) => () => Promise<void>

/** A trading day of eight symbols takes far less; a fault must not take the memory of the market. */
const MEMORY_MAX_MB = 512

export const startSimulationThread: StartSimulation = (task, receive) => {
  const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB },
  })
  let isStopped = false
  const pass = (message: FromSimulation) => {
    if (!isStopped) receive(message)
  }
  worker.on('message', pass)
  worker.on('error', error => pass({ type: 'failed', text: (error as Error).message }))
  return async () => {
    isStopped = true
    await worker.terminate()
  }
}
