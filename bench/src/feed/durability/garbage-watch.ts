// Loaded into a server before it begins (`node --import`): appends to the file in BENCH_GARBAGE_FILE when the
// venue's thread was collecting garbage, and for how long. Touches nothing of the server.

import { appendFileSync } from 'node:fs'
import { PerformanceObserver, performance } from 'node:perf_hooks'

const file = process.env.BENCH_GARBAGE_FILE
/** The venue's worker. */
const isVenue = /venue\/worker\.ts$/.test(process.argv[1] ?? '')

if (file !== undefined && isVenue) {
  const observer = new PerformanceObserver(list => {
    const lines = list
      .getEntries()
      .map(({ startTime, duration }) => `${Math.round(performance.timeOrigin + startTime)} ${duration.toFixed(3)}\n`)
    appendFileSync(file, lines.join(''))
  })
  observer.observe({ entryTypes: ['gc'] })
}
