// The case idle of feed.ts: the server's memory for a connection that is open and gets no events, over SSE and over
// WebSocket. The memory of the kernel for its sockets is not counted.

import { setTimeout as sleep } from 'node:timers/promises'
import { medianOf } from '../measure.ts'
import { formatTable } from '../report.ts'
import { type LoadTarget, openLoad } from './fanload.ts'
import type { CaseResult, FeedTools } from './feed-case.ts'
import { openFeedServer, orderChannelUrl, subscribeMessage, WITHOUT_PAST } from './feed-server.ts'
import { connectionsAllowed } from './open-files.ts'
import { readResidentKiB } from './process-usage.ts'

const WANTED = 10_000
/** The market goes on slowly, so that its own memory changes little. */
const MARKET = [...WITHOUT_PAST, '--pace', '0.1x']
const SETTLE_MS = 10_000
const SAMPLES = 10
const SAMPLE_EVERY_MS = 500

/** What a connection asks for that is not to get events. */
const TARGETS: Readonly<Record<string, (url: string) => LoadTarget>> = {
  SSE: url => ({ url: `${url}/v1/stream?events=news&snapshot=false` }),
  WebSocket: url => ({
    url: orderChannelUrl(url),
    subprotocol: 'papertape.v1',
    send: subscribeMessage({ events: ['news'], snapshot: false }),
  }),
}

interface Idle {
  readonly beforeKiB: number
  readonly openKiB: number
  readonly kibPerConnection: number
  readonly broken: number
}

export async function measureIdle({ fanload }: FeedTools): Promise<CaseResult> {
  const connections = connectionsAllowed(WANTED)
  const results: Record<string, Idle> = {}
  for (const [name, target] of Object.entries(TARGETS)) results[name] = await measure(fanload, connections, target)
  const rows = Object.entries(results).map(([name, { beforeKiB, openKiB, kibPerConnection, broken }]) => [
    name,
    (beforeKiB / 1_024).toFixed(0),
    (openKiB / 1_024).toFixed(0),
    kibPerConnection.toFixed(1),
    String(broken),
  ])
  console.log(formatTable([[`${connections} idle`, 'MiB before', 'MiB open', 'KiB each', 'lost'], ...rows]))
  const thresholds = Object.entries(results).map(([name, { kibPerConnection }]) => ({
    name: `KiB of an idle connection, ${name}`,
    value: kibPerConnection,
    atMost: 8,
    decimals: 1,
  }))
  return { thresholds, results: { connections, ...results } }
}

async function measure(fanload: string, connections: number, target: (url: string) => LoadTarget): Promise<Idle> {
  const server = await openFeedServer(connections, MARKET)
  try {
    await sleep(SETTLE_MS)
    const beforeKiB = await sampleResident(server.pid)
    const measureMs = SAMPLES * SAMPLE_EVERY_MS
    const load = await openLoad(fanload, { ...target(server.url), connections, warmUpMs: SETTLE_MS, measureMs })
    try {
      const [{ broken }, openKiB] = await Promise.all([
        load.measure(),
        sleep(SETTLE_MS).then(() => sampleResident(server.pid)),
      ])
      return { beforeKiB, openKiB, kibPerConnection: (openKiB - beforeKiB) / (connections - broken), broken }
    } finally {
      await load.close()
    }
  } finally {
    await server.stop()
  }
}

/** The median of some seconds, since the collector works in between. */
async function sampleResident(pid: number): Promise<number> {
  const samples: number[] = []
  for (let sample = 0; sample < SAMPLES; sample++, await sleep(SAMPLE_EVERY_MS)) samples.push(readResidentKiB(pid))
  return medianOf(samples)
}
