// The case many of feed.ts: how late conflated prices of twenty instruments are for ten thousand readers, in turns with
// the writer in C, which is published the batches that were recorded from the server in the same round: what one core
// can do at best.

import { medianOf } from '../measure.ts'
import { formatTable } from '../report.ts'
import type { RecordedBatch } from './batches.ts'
import { type LoadReport, openLoad } from './fanload.ts'
import type { CaseResult, FeedTools } from './feed-case.ts'
import { openFeedServer, WITHOUT_PAST } from './feed-server.ts'
import { connectionsAllowed } from './open-files.ts'
import { compileBatchWriter, openBatchWriter } from './peers/peer.ts'
import { measureProcessor } from './process-usage.ts'
import { openRecorder, publishBatches } from './recorder.ts'

const WANTED = 10_000
const WARM_UP_MS = 6_000
const MEASURE_MS = 15_000
const OURS = 'gateway'
const PEER = 'writer in C'

interface ManyRound {
  readonly report: LoadReport
  /** Of a core: the gateway's thread, or the whole peer. */
  readonly corePercent: number
  readonly batchesPerSecond: number
}

export async function measureMany(tools: FeedTools): Promise<CaseResult> {
  const connections = connectionsAllowed(WANTED)
  const writer = compileBatchWriter(tools.folder)
  const [ours, peer]: [ManyRound[], ManyRound[]] = [[], []]
  for (let round = 0; round < tools.rounds; round++) {
    const { batches, measured } = await measureOurs(tools, connections)
    ours.push(measured)
    peer.push(await measurePeer(tools, writer, connections, batches))
  }
  print(connections, { [OURS]: ours, [PEER]: peer })
  const median = (rounds: readonly ManyRound[], key: 'p50Ms' | 'p99Ms') =>
    medianOf(rounds.map(({ report }) => report[key]))
  const late = (key: 'p50Ms' | 'p99Ms', atMost: number) => ({
    name: `ms to ${connections} readers at 10 Hz, ${key.slice(0, 3)} (${PEER}: ${median(peer, key).toFixed(1)})`,
    value: median(ours, key),
    atMost,
    decimals: 1,
  })
  const lost = ours.reduce((sum, { report }) => sum + report.broken, 0)
  return {
    thresholds: [
      late('p50Ms', 25),
      late('p99Ms', 150),
      { name: `of ${connections} readers, lost`, value: lost, atMost: 0, decimals: 0 },
    ],
    results: { connections, ours, peer },
  }
}

const times = () => ({ warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS })

async function measureOurs(
  { fanload }: FeedTools,
  connections: number,
): Promise<{ readonly measured: ManyRound; readonly batches: readonly RecordedBatch[] }> {
  const server = await openFeedServer(connections, WITHOUT_PAST)
  try {
    const url = `${server.url}/v1/stream?maxHz=10&snapshot=false`
    const recording = await openRecorder(url)
    const load = await openLoad(fanload, { url, connections, ...times() })
    try {
      recording.start()
      const [report, processor] = await Promise.all([
        load.measure(),
        measureProcessor(server.pid, WARM_UP_MS, MEASURE_MS),
      ])
      const batches = recording.stop()
      return { batches, measured: roundOf(report, processor.mainThreadPercent, batches) }
    } finally {
      await load.close()
    }
  } finally {
    await server.stop()
  }
}

async function measurePeer(
  { fanload }: FeedTools,
  writer: string,
  connections: number,
  batches: readonly RecordedBatch[],
): Promise<ManyRound> {
  const peer = await openBatchWriter(writer)
  try {
    const load = await openLoad(fanload, { url: peer.url, connections, ...times() })
    try {
      const [report, processor] = await Promise.all([
        load.measure(),
        measureProcessor(peer.pid, WARM_UP_MS, MEASURE_MS),
        publishBatches(batches, peer),
      ])
      return roundOf(report, processor.allThreadsUs / MEASURE_MS / 10, batches)
    } finally {
      await load.close()
    }
  } finally {
    await peer.close()
  }
}

function roundOf(report: LoadReport, corePercent: number, batches: readonly RecordedBatch[]): ManyRound {
  return { report, corePercent, batchesPerSecond: (batches.length / (WARM_UP_MS + MEASURE_MS)) * 1_000 }
}

function print(connections: number, contenders: Readonly<Record<string, readonly ManyRound[]>>): void {
  const head = [`${connections} readers`, 'batches/s', 'delivered/s', 'p50 ms', 'p99 ms', 'lost', 'core %', 'load %']
  const rows = Object.entries(contenders).map(([name, rounds]) => {
    const median = (read: (round: ManyRound) => number, decimals: number) =>
      medianOf(rounds.map(read)).toFixed(decimals)
    return [
      name,
      median(({ batchesPerSecond }) => batchesPerSecond, 1),
      median(({ report }) => report.events / report.seconds, 0),
      median(({ report }) => report.p50Ms, 1),
      median(({ report }) => report.p99Ms, 1),
      String(rounds.reduce((sum, { report }) => sum + report.broken, 0)),
      median(({ corePercent }) => corePercent, 0),
      median(({ report }) => report.generatorPercent, 0),
    ]
  })
  console.log(formatTable([head, ...rows]))
}
