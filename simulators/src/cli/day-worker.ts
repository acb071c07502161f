// A thread that simulates one day after another, measures each and sends back what it measured. For day-pool.ts.

import { parentPort } from 'node:worker_threads'
import { measureDay } from '../facts/measure-day.ts'
import { type DayOptions, simulateDay } from '../simulate-day.ts'

parentPort!.on('message', (options: DayOptions) => {
  parentPort!.postMessage(measureDay(simulateDay(options)))
})
