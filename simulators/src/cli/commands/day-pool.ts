// Simulates and measures days in worker threads. A day depends on its options only, not on the thread.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { DayOptions } from '../../analysis/days/simulate-day.ts'
import type { DayMeasures } from '../../analysis/facts/measure-day.ts'
import { Interruption } from '../failure.ts'

/**
 * In the order of `days`. Calls `done` after each.
 * @throws {Interruption} on the signal.
 */
export async function measureDays(
  days: readonly DayOptions[],
  workersMost: number,
  signal: AbortSignal,
  done: (events: number) => void,
): Promise<DayMeasures[]> {
  const measured = new Array<DayMeasures>(days.length)
  let next = 0

  async function work(worker: Worker): Promise<void> {
    while (next < days.length) {
      const index = next++
      worker.postMessage(days[index])
      const [measures] = (await once(worker, 'message', { signal })) as [DayMeasures]
      measured[index] = measures
      done(measures.events)
    }
  }

  const count = Math.min(workersMost, days.length)
  const workers = Array.from({ length: count }, () => new Worker(new URL('./day-worker.ts', import.meta.url)))
  try {
    await Promise.all(workers.map(work))
    return measured
  } catch (error) {
    if (signal.aborted) throw new Interruption()
    throw error
  } finally {
    await Promise.all(workers.map(worker => worker.terminate()))
  }
}
