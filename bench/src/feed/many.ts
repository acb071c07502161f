// The case many of feed.ts: how late conflated prices of twenty instruments are for ten thousand readers.

import { formatTable } from '../report.ts'
import { openLoad } from './fanload.ts'
import type { CaseResult, FeedTools } from './feed-case.ts'
import { openFeedServer, WITHOUT_PAST } from './feed-server.ts'
import { connectionsAllowed } from './open-files.ts'
import { measureProcessor } from './process-usage.ts'

const WANTED = 10_000
const WARM_UP_MS = 6_000
const MEASURE_MS = 15_000

export async function measureMany({ fanload }: FeedTools): Promise<CaseResult> {
  const connections = connectionsAllowed(WANTED)
  const server = await openFeedServer(connections, WITHOUT_PAST)
  try {
    const url = `${server.url}/v1/stream?maxHz=10&snapshot=false`
    const load = await openLoad(fanload, { url, connections, warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS })
    try {
      const measured = [load.measure(), measureProcessor(server.pid, WARM_UP_MS, MEASURE_MS)] as const
      const [report, processor] = await Promise.all(measured)
      const { events, seconds, p50Ms, p99Ms, broken, generatorPercent } = report
      const head = ['readers', 'delivered/s', 'p50 ms', 'p99 ms', 'lost', 'gateway %', 'load %']
      const row = [
        String(connections),
        (events / seconds).toFixed(0),
        p50Ms.toFixed(1),
        p99Ms.toFixed(1),
        String(broken),
        processor.mainThreadPercent.toFixed(0),
        generatorPercent.toFixed(0),
      ]
      console.log(formatTable([head, row]))
      return {
        thresholds: [
          { name: `ms to ${connections} readers at 10 Hz, p50`, value: p50Ms, atMost: 25, decimals: 1 },
          { name: `ms to ${connections} readers at 10 Hz, p99`, value: p99Ms, atMost: 150, decimals: 1 },
          { name: `of ${connections} readers, lost`, value: broken, atMost: 0, decimals: 0 },
        ],
        results: { connections, report, processor },
      }
    } finally {
      await load.close()
    }
  } finally {
    await server.stop()
  }
}
