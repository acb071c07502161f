// A worker thread that simulates and measures days. For day-pool.ts.

import { parentPort } from 'node:worker_threads'
import { type DayOptions, simulateDay } from '../../analysis/days/simulate-day.ts'
import { measureDay } from '../../analysis/facts/measure-day.ts'
import { ownImpacts } from '../../analysis/facts/own-metaorders.ts'
import { SESSION_MS } from '../../market/intraday-profile.ts'

parentPort!.on('message', (options: DayOptions) => {
  // They take longer than the day, and need most of one.
  const isWholeDay = (options.durationMs ?? SESSION_MS) >= SESSION_MS
  const own = isWholeDay ? ownImpacts(options.preset, options.seed) : []
  parentPort!.postMessage(measureDay(simulateDay(options), own))
})
