// The case fan-out of feed.ts: what an event costs that is sent to a thousand readers, and how late it is. The server's
// raw feed, its default stream and its WebSocket take turns with peers, which are published the batches that were
// recorded from the server in the same round.

import { medianOf } from '../measure.ts'
import { formatTable } from '../report.ts'
import type { ServerProcess } from '../server-process.ts'
import type { Threshold } from '../thresholds.ts'
import type { RecordedBatch } from './batches.ts'
import { type LoadReport, type LoadTarget, openLoad } from './fanload.ts'
import type { CaseResult, FeedTools } from './feed-case.ts'
import { ALL_EVENTS, openFeedServer, orderChannelUrl, RAW, subscribeMessage, WITHOUT_PAST } from './feed-server.ts'
import { findNchan, NCHAN_MISSING, openNchan } from './peers/nchan.ts'
import { compileBatchWriter, type FeedPeer, openBatchWriter, openBetterSse, openWs } from './peers/peer.ts'
import { measureProcessor, type ProcessorTime } from './process-usage.ts'
import { openRecorder, publishBatches } from './recorder.ts'

const READERS = 1_000
/** About thirty events a second, in the raw stream; in the default one at the other pace. */
const MARKET = [...WITHOUT_PAST, '--pace', '0.17x']
const DEFAULT_MARKET = [...WITHOUT_PAST, '--pace', '1x']
const WARM_UP_MS = 4_000
const MEASURE_MS = 15_000
const SNAPSHOT_OFF = { snapshot: false }

/** Of one contender in one round. */
interface Cost {
  /** Of the gateway's thread of the server, of all threads of a peer. */
  readonly usPerEvent: number
  readonly allThreadsUsPerEvent: number
  readonly eventsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly lost: number
  readonly generatorPercent: number
}

type Costs = Record<string, Cost[]>

interface Contender {
  readonly name: string
  readonly open: () => Promise<FeedPeer>
}

export async function measureFanOut(tools: FeedTools): Promise<CaseResult> {
  const peers = findPeers(tools.folder)
  const costs: Costs = {}
  const add = (name: string, cost: Cost) => {
    costs[name] ??= []
    costs[name].push(cost)
  }
  for (let round = 0; round < tools.rounds; round++) {
    const batches = await withServer(async server => {
      const recording = await openRecorder(server.url + RAW)
      const cost = await measureOurs(tools, server, { url: server.url + RAW }, recording.start)
      add('raw', cost)
      return recording.stop()
    })
    const defaults = (server: ServerProcess) => ({ url: `${server.url}/v1/stream?snapshot=false` })
    add('default', await withServer(server => measureOurs(tools, server, defaults(server)), DEFAULT_MARKET))
    add('websocket', await withServer(server => measureOurs(tools, server, rawSocket(server))))
    for (const { name, open } of peers) add(name, await measurePeer(tools, open, batches))
  }
  printCosts(costs)
  return { thresholds: thresholdsOf(costs), results: { readers: READERS, costs } }
}

function findPeers(folder: string): Contender[] {
  const nchan = findNchan()
  if (nchan === undefined) console.log(NCHAN_MISSING)
  const writer = compileBatchWriter(folder)
  return [
    ...(nchan === undefined ? [] : [{ name: 'nchan', open: () => openNchan(nchan, folder) }]),
    { name: 'better-sse', open: openBetterSse },
    { name: 'ws', open: openWs },
    { name: 'C writer', open: () => openBatchWriter(writer) },
  ]
}

async function withServer<Result>(
  use: (server: ServerProcess) => Promise<Result>,
  market: readonly string[] = MARKET,
): Promise<Result> {
  const server = await openFeedServer(READERS, market)
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

const rawSocket = ({ url }: ServerProcess) => ({
  url: orderChannelUrl(url),
  subprotocol: 'papertape.v1',
  send: subscribeMessage({ mode: 'raw', events: ALL_EVENTS.split(','), ...SNAPSHOT_OFF }),
})

async function measureOurs(
  { fanload }: FeedTools,
  { pid }: ServerProcess,
  target: LoadTarget,
  onStart?: () => void,
): Promise<Cost> {
  const load = await openLoad(fanload, { ...target, ...times() })
  try {
    onStart?.()
    const [report, processor] = await Promise.all([load.measure(), measureProcessor(pid, WARM_UP_MS, MEASURE_MS)])
    // A conflated stream leaves out numbers, and sends a quote after a trade that is newer.
    const isRaw = /mode=raw|"mode":"raw"/.test(target.url + (target.send ?? ''))
    return costOf(report, processor, 'mainThreadUs', isRaw)
  } finally {
    await load.close()
  }
}

async function measurePeer(
  { fanload }: FeedTools,
  open: () => Promise<FeedPeer>,
  batches: readonly RecordedBatch[],
): Promise<Cost> {
  const peer = await open()
  try {
    const load = await openLoad(fanload, { url: peer.url, ...times() })
    try {
      const [report, processor] = await Promise.all([
        load.measure(),
        measureProcessor(peer.pid, WARM_UP_MS, MEASURE_MS),
        publishBatches(batches, peer),
      ])
      return costOf(report, processor, 'allThreadsUs', true)
    } finally {
      await load.close()
    }
  } finally {
    await peer.close()
  }
}

const times = () => ({ connections: READERS, warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS })

function costOf(
  report: LoadReport,
  processor: ProcessorTime,
  threads: 'mainThreadUs' | 'allThreadsUs',
  isRaw: boolean,
): Cost {
  const { events, seconds, p50Ms, p99Ms, broken, outOfSequence, generatorPercent } = report
  return {
    usPerEvent: processor[threads] / events,
    allThreadsUsPerEvent: processor.allThreadsUs / events,
    eventsPerSecond: events / seconds,
    p50Ms,
    p99Ms,
    lost: broken + (isRaw ? outOfSequence : 0),
    generatorPercent,
  }
}

function printCosts(costs: Costs): void {
  const head = ['1,000 readers', 'us/event', 'lowest', 'highest', 'delivered/s', 'p50 ms', 'p99 ms', 'lost', 'load %']
  const rows = Object.entries(costs).map(([name, rounds]) => [
    name,
    medianBy(rounds, 'usPerEvent').toFixed(2),
    Math.min(...rounds.map(({ usPerEvent }) => usPerEvent)).toFixed(2),
    Math.max(...rounds.map(({ usPerEvent }) => usPerEvent)).toFixed(2),
    medianBy(rounds, 'eventsPerSecond').toFixed(0),
    medianBy(rounds, 'p50Ms').toFixed(1),
    medianBy(rounds, 'p99Ms').toFixed(1),
    String(rounds.reduce((sum, { lost }) => sum + lost, 0)),
    medianBy(rounds, 'generatorPercent').toFixed(0),
  ])
  console.log(formatTable([head, ...rows]))
}

const medianBy = (rounds: readonly Cost[], key: keyof Cost) => medianOf(rounds.map(round => round[key]))

function thresholdsOf(costs: Costs): Threshold[] {
  const ratio = (ours: string, key: keyof Cost, peer: string) =>
    costs[peer] === undefined ? undefined : medianBy(costs[ours]!, key) / medianBy(costs[peer], key)
  const cost = (name: string, ours: string, peer: string, atMost: number): Threshold => ({
    name,
    value: ratio(ours, 'usPerEvent', peer),
    atMost,
    decimals: 2,
  })
  const ours = ['raw', 'default', 'websocket'].flatMap(name => costs[name]!)
  return [
    cost('CPU of a raw event, relative to nchan', 'raw', 'nchan', 0.4),
    cost('CPU of a raw event, relative to the C writer', 'raw', 'C writer', 1.3),
    cost('CPU of an event of the default stream, relative to nchan', 'default', 'nchan', 0.6),
    cost('CPU of an event over WebSocket, relative to ws', 'websocket', 'ws', 0.45),
    { name: 'p99, relative to better-sse', value: ratio('raw', 'p99Ms', 'better-sse'), atMost: 1, decimals: 2 },
    { name: 'p99, relative to the C writer', value: ratio('raw', 'p99Ms', 'C writer'), atMost: 0.926, decimals: 2 },
    { name: 'events lost', value: ours.reduce((sum, { lost }) => sum + lost, 0), atMost: 0, decimals: 0 },
  ]
}
