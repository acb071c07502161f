// A worker thread that simulates and measures days. For day-pool.ts.

import { parentPort } from 'node:worker_threads'
import { type DayOptions, simulateDay } from '../../analysis/days/simulate-day.ts'
import { measureDay } from '../../analysis/facts/measure-day.ts'

parentPort!.on('message', (options: DayOptions) => {
  parentPort!.postMessage(measureDay(simulateDay(options)))
})
