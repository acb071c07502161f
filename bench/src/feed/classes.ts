// The case classes of feed.ts: the share of a core that the gateway's thread needs when no two of a thousand
// subscriptions are the same, so that nothing that it builds is of use twice.

import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatTable } from '../report.ts'
import { killProcess, readHead, spawnNode } from '../server-process.ts'
import { distinctQueries } from './distinct-queries.ts'
import { GENERATOR_CORE } from './fanload.ts'
import type { CaseResult } from './feed-case.ts'
import { openFeedServer, WITHOUT_PAST } from './feed-server.ts'
import { measureProcessor } from './process-usage.ts'

const SUBSCRIPTIONS = 1_000
/** About a thousand public events a second. */
const PACE = '5.6x'
const OPEN_MS_MAX = 60_000
const SETTLE_MS = 5_000
const MEASURE_MS = 15_000

export async function measureClasses(): Promise<CaseResult> {
  const server = await openFeedServer(SUBSCRIPTIONS, [...WITHOUT_PAST, '--pace', PACE])
  try {
    const symbols = await readSymbols(server.url)
    const { port } = new URL(server.url)
    const reading = [port, String(SUBSCRIPTIONS), ...distinctQueries(symbols, SUBSCRIPTIONS)]
    const readers = spawnNode('./starvation-readers.ts', reading, { core: GENERATOR_CORE })
    try {
      await once(createInterface({ input: readers.stdout! }), 'line', { signal: AbortSignal.timeout(OPEN_MS_MAX) })
      await sleep(SETTLE_MS)
      const { subscriptionClasses } = await readHealth(server.url)
      const before = await readHead(server.url)
      const { mainThreadPercent, allThreadsUs } = await measureProcessor(server.pid, 0, MEASURE_MS)
      const eventsPerSecond = ((await readHead(server.url)) - before) / (MEASURE_MS / 1_000)
      const head = ['subscriptions', 'that differ', 'public events/s', 'gateway %', 'server %']
      const row = [
        String(SUBSCRIPTIONS),
        String(subscriptionClasses),
        eventsPerSecond.toFixed(0),
        mainThreadPercent.toFixed(0),
        (allThreadsUs / MEASURE_MS / 10).toFixed(0),
      ]
      console.log(formatTable([head, row]))
      return {
        thresholds: [
          {
            name: `% of a core, the gateway with ${SUBSCRIPTIONS} that differ`,
            value: mainThreadPercent,
            atMost: 50,
            decimals: 1,
          },
        ],
        results: { subscriptions: SUBSCRIPTIONS, subscriptionClasses, eventsPerSecond, mainThreadPercent },
      }
    } finally {
      await killProcess(readers)
    }
  } finally {
    await server.stop()
  }
}

async function readSymbols(url: string): Promise<string[]> {
  const { quotes } = (await (await fetch(`${url}/v1/quotes`)).json()) as { quotes: { symbol: string }[] }
  return quotes.map(({ symbol }) => symbol)
}

async function readHealth(url: string): Promise<{ readonly subscriptionClasses: number }> {
  return (await (await fetch(`${url}/health`)).json()) as { subscriptionClasses: number }
}
