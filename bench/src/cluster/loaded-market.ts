// One round of the benchmark of several processes: a market at a steady pace with a reader and orders, then at the
// fastest that it can.

import { setTimeout as sleep } from 'node:timers/promises'
import { type FeedServer, openFeedServer, WITHOUT_PAST } from '../feed/feed-server.ts'
import { measureProcessor } from '../feed/process-usage.ts'
import { percentile } from '../measure.ts'
import { openOrderProbe } from '../order-probe.ts'
import { readHead } from '../server-process.ts'
import { openBenchCluster } from './cluster-processes.ts'
import { openFeedWatch } from './feed-watch.ts'

export interface Loaded {
  /** 0: one process. */
  readonly gateways: number
  /** Of events at a reader. */
  readonly ageP50Ms: number
  readonly ageP99Ms: number
  /** Of the acknowledgement of an order. */
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  /** Of a core: a gateway's main thread, the venue's busiest thread, NATS. */
  readonly gatewayPercent: number
  readonly venuePercent: number
  readonly natsPercent: number
  readonly eventsPerSecondMost: number
  readonly gatewayStartMs: number
}

interface StartedMarket {
  readonly gateway: FeedServer
  readonly gatewayStartMs: number
  /** Of one process the gateway and the venue are threads of it. */
  readonly venuePid: number
  readonly natsPid: number | undefined
  stop(): Promise<void>
}

const FLAGS = ['--symbols', '20', '--seed', '3']
const PACE = '2x'
const SETTLE_MS = 4_000
const MEASURE_MS = 10_000
const PROBE_EVERY_MS = 40
const FASTEST_MS = 8_000

export async function measureLoaded(gateways: number): Promise<Loaded> {
  const market = gateways === 0 ? await startOne() : await startMany(gateways)
  const { gateway, gatewayStartMs, venuePid, natsPid } = market
  try {
    await gateway.setPace(PACE)
    const reader = await openFeedWatch(gateway.url)
    const probe = await openOrderProbe(gateway.url)
    await sleep(SETTLE_MS)
    const fromMs = Date.now()
    const acks: number[] = []
    const measuring = Promise.all([gateway.pid, venuePid, natsPid].map(pid => usage(pid, MEASURE_MS)))
    for (const untilMs = fromMs + MEASURE_MS; Date.now() < untilMs; await sleep(PROBE_EVERY_MS))
      acks.push(await probe.measure())
    const [ofGateway, ofVenue, ofNats] = await measuring
    const ages = reader.ages.summary(fromMs, fromMs + MEASURE_MS)
    if (ages === undefined) throw new Error('no event came')
    reader.close()
    probe.close()
    const sorted = Float64Array.from(acks)
    return {
      gateways,
      ageP50Ms: ages.p50Ms,
      ageP99Ms: ages.p99Ms,
      ackP50Ms: percentile(sorted, 0.5),
      ackP99Ms: percentile(sorted, 0.99),
      gatewayPercent: ofGateway!.mainThreadPercent,
      venuePercent: ofVenue!.otherThreadPercent,
      natsPercent: ofNats!.allThreadsPercent,
      eventsPerSecondMost: await measureFastest(gateway),
      gatewayStartMs,
    }
  } finally {
    await market.stop()
  }
}

async function startOne(): Promise<StartedMarket> {
  const startMs = performance.now()
  const gateway = await openFeedServer(1, [...WITHOUT_PAST, ...FLAGS], {})
  return {
    gateway,
    gatewayStartMs: performance.now() - startMs,
    venuePid: gateway.pid,
    natsPid: undefined,
    stop: () => gateway.stop(),
  }
}

async function startMany(gateways: number): Promise<StartedMarket> {
  const cluster = await openBenchCluster({ venues: 1, gateways: gateways - 1 }, FLAGS)
  const { gateway, readyMs } = await cluster.openGateway()
  return {
    gateway,
    gatewayStartMs: readyMs,
    venuePid: cluster.venues[0]!.pid,
    natsPid: cluster.natsPid,
    stop: () => cluster.stop(),
  }
}

async function usage(pid: number | undefined, measureMs: number) {
  if (pid === undefined) return { mainThreadPercent: 0, otherThreadPercent: 0, allThreadsPercent: 0 }
  const { mainThreadPercent, otherThreadPercent, allThreadsUs } = await measureProcessor(pid, 0, measureMs)
  return { mainThreadPercent, otherThreadPercent, allThreadsPercent: allThreadsUs / measureMs / 10 }
}

async function measureFastest(gateway: FeedServer): Promise<number> {
  await gateway.setPace('max')
  const [startMs, before] = [performance.now(), await readHead(gateway.url)]
  await sleep(FASTEST_MS)
  const after = await readHead(gateway.url)
  return ((after - before) / (performance.now() - startMs)) * 1_000
}
