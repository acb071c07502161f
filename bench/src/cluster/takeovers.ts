// How long the market is silent when the venue that leads is killed, with a journal of some size, and how long that
// venue takes to come back.

import { setTimeout as sleep } from 'node:timers/promises'
import { readHead } from '../server-process.ts'
import { openBenchCluster } from './cluster-processes.ts'
import { openFeedWatch } from './feed-watch.ts'

export interface Takeover {
  /** In the journal when the leader is killed. */
  readonly events: number
  readonly silenceMs: number
  /** Until the venue that was killed has caught up with the log again. */
  readonly returnMs: number
}

const FLAGS = ['--symbols', '20', '--seed', '3']
const GROW_MAX_MS = 120_000
const SETTLE_MS = 3_000
const AFTER_MS = 8_000

export async function measureTakeovers(events: number): Promise<Takeover> {
  const cluster = await openBenchCluster({ venues: 2, gateways: 1 }, FLAGS)
  try {
    const gateway = cluster.gateways[0]!
    await gateway.setPace('max')
    for (const untilMs = performance.now() + GROW_MAX_MS; (await readHead(gateway.url)) < events; await sleep(200))
      if (performance.now() > untilMs) throw new Error(`the market made no ${events} events in ${GROW_MAX_MS} ms`)
    await gateway.setPace('1x')
    await sleep(SETTLE_MS)
    const reader = await openFeedWatch(gateway.url)
    await sleep(SETTLE_MS)
    reader.takeSilenceMs()
    const [leader] = cluster.venues
    await leader!.kill()
    await sleep(AFTER_MS)
    const silenceMs = reader.takeSilenceMs()
    reader.close()
    const returned = await leader!.again()
    await returned.kill()
    return { events, silenceMs, returnMs: returned.readyMs }
  } finally {
    await cluster.stop()
  }
}
