// The case journal of feed.ts: the bytes that an idle server writes to its disk, a flush and an hour. The market runs
// as `npm start` opens it, and nobody reads it.

import { setTimeout as sleep } from 'node:timers/promises'
import { formatTable } from '../report.ts'
import { readHead } from '../server-process.ts'
import type { CaseResult } from './feed-case.ts'
import { openFeedServer } from './feed-server.ts'
import { readWrittenBytes } from './process-usage.ts'

/** The past that a new market has traded is written by then. */
const SETTLE_MS = 15_000
const MEASURE_MS = 120_000
const HOUR_MS = 3_600_000

export async function measureJournal(): Promise<CaseResult> {
  const server = await openFeedServer(0, [])
  try {
    await sleep(SETTLE_MS)
    const startMs = performance.now()
    const [bytesBefore, flushesBefore, headBefore] = await readAll(server)
    await sleep(MEASURE_MS)
    const [bytesAfter, flushesAfter, headAfter] = await readAll(server)
    const elapsedMs = performance.now() - startMs
    const [bytes, flushes] = [bytesAfter - bytesBefore, flushesAfter - flushesBefore]
    const eventsPerFlush = (headAfter - headBefore) / flushes
    const isOnDisk = bytes > 0
    if (!isOnDisk) console.log('The temporary folder is not on a disk: nothing to measure. TMPDIR names another.')
    const kibPerFlush = isOnDisk ? bytes / flushes / 1_024 : undefined
    const mbPerHour = isOnDisk ? ((bytes / 1e6) * HOUR_MS) / elapsedMs : undefined
    const row = [
      String(flushes),
      eventsPerFlush.toFixed(1),
      kibPerFlush?.toFixed(1) ?? '-',
      mbPerHour?.toFixed(0) ?? '-',
    ]
    console.log(formatTable([['flushes', 'events each', 'KiB each', 'MB an hour'], row]))
    return {
      thresholds: [
        {
          name: `KiB on the disk a flush of ${eventsPerFlush.toFixed(1)} events`,
          value: kibPerFlush,
          atMost: 4,
          decimals: 1,
        },
        { name: 'MB on the disk an hour, idle', value: mbPerHour, atMost: 50, decimals: 0 },
      ],
      results: { elapsedMs, bytes, flushes, eventsPerFlush },
    }
  } finally {
    await server.stop()
  }
}

async function readAll({ url, pid }: { readonly url: string; readonly pid: number }) {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const flushes = Number(/^papertape_journal_append_duration_seconds_count (\d+)/m.exec(metrics)![1])
  return [readWrittenBytes(pid), flushes, await readHead(url)] as const
}
