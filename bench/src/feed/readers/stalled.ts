// The case stalled of feed.ts: what readers that stop reading for a minute cost the server in memory, and the others in
// time. A hundredth of a thousand stop in one round, none in the other; for the memory of one, many stop together.

import { setTimeout as sleep } from 'node:timers/promises'
import { medianOf } from '../../measure.ts'
import { formatTable } from '../../report.ts'
import { raisePace } from '../durability/market-rate.ts'
import { type LoadReport, openLoad } from '../fanload.ts'
import type { CaseResult, FeedTools } from '../feed-case.ts'
import { type FeedServer, openFeedServer, WITHOUT_PAST } from '../feed-server.ts'
import { type ResidentWatch, watchResident } from '../process-usage.ts'

const MARKET_PER_SECOND = 5_000
const FIRST_PACE = 27
const READERS = 1_000
const STALLED = 10
const STALL_MS = 60_000
/** They read again, and are sent what they have missed, while the others are still measured. */
const AFTER_MS = 10_000
const WARM_UP_MS = 5_000
const WITHOUT_MS = 25_000
/** Default streams: a raw reader that stops is ended after five seconds. */
const FOR_MEMORY = 300
const FOR_MEMORY_MS = 40_000
/** The log in the server's memory is full by then. */
const FOR_MEMORY_WARM_UP_MS = 15_000
/** Longer than the stall: by default a reader that takes nothing is ended after half a minute, and costs less. */
const MARKET = [...WITHOUT_PAST, '--lag-max-ms', String(2 * STALL_MS)]

interface StalledRound {
  readonly without: LoadReport
  readonly beside: LoadReport
}

interface StalledMemory {
  readonly readers: number
  readonly beforeMiB: number
  readonly afterMiB: number
  readonly kibEach: number
}

export async function measureStalled(tools: FeedTools): Promise<CaseResult> {
  const { rounds, pace, eventsPerSecond } = await measureRounds(tools)
  const memory = await measureMemory(tools, pace)
  print(rounds, memory)
  const ratios = rounds.map(({ without, beside }) => beside.p99Ms / without.p99Ms)
  const lost = rounds.flatMap(({ without, beside }) => [without, beside]).reduce((sum, { broken }) => sum + broken, 0)
  return {
    thresholds: [
      {
        name: `p99 beside ${STALLED} stalled of ${READERS}, relative to none`,
        value: medianOf(ratios),
        atMost: 1.1,
        decimals: 2,
      },
      { name: 'KiB of a stalled reader', value: memory.kibEach, atMost: 256, decimals: 0 },
      { name: 'connections lost beside stalled ones', value: lost, atMost: 0, decimals: 0 },
    ],
    results: { readers: READERS, stalled: STALLED, pace, eventsPerSecond, rounds, memory },
  }
}

async function measureRounds({ fanload, rounds: count }: FeedTools) {
  const server = await openFeedServer(READERS, MARKET)
  try {
    const { pace, eventsPerSecond } = await raisePace(server, FIRST_PACE, MARKET_PER_SECOND)
    const rounds: StalledRound[] = []
    for (let round = 0; round < count; round++) {
      const without = await measureOthers(fanload, server, 0)
      const beside = await measureOthers(fanload, server, STALLED)
      rounds.push({ without, beside })
    }
    return { rounds, pace, eventsPerSecond }
  } finally {
    await server.stop()
  }
}

async function measureOthers(fanload: string, server: FeedServer, stalled: number): Promise<LoadReport> {
  const load = await openLoad(fanload, {
    url: `${server.url}/v1/stream?snapshot=false`,
    connections: READERS,
    warmUpMs: WARM_UP_MS,
    measureMs: stalled === 0 ? WITHOUT_MS : STALL_MS + AFTER_MS,
    ...(stalled > 0 && { stalled: { connections: stalled, forMs: STALL_MS } }),
  })
  try {
    const report = await load.measure()
    console.log(`  ${stalled} stalled: p99 ${report.p99Ms.toFixed(1)} ms`)
    return report
  } finally {
    await load.close()
  }
}

async function measureMemory({ fanload }: FeedTools, pace: number): Promise<StalledMemory> {
  const server = await openFeedServer(FOR_MEMORY, [...MARKET, '--pace', `${pace}x`])
  const resident = watchResident(server.pid)
  try {
    const load = await openLoad(fanload, {
      url: `${server.url}/v1/stream?snapshot=false`,
      connections: FOR_MEMORY,
      warmUpMs: FOR_MEMORY_WARM_UP_MS,
      measureMs: FOR_MEMORY_MS,
      stalled: { connections: FOR_MEMORY, forMs: FOR_MEMORY_MS },
    })
    try {
      const [before, after] = await readMemory(resident, load.measure())
      const kibEach = (after - before) / FOR_MEMORY
      return { readers: FOR_MEMORY, beforeMiB: before / 1_024, afterMiB: after / 1_024, kibEach }
    } finally {
      await load.close()
    }
  } finally {
    resident.stop()
    await server.stop()
  }
}

/** @returns the middle of the seconds before they stop reading, and of the last seconds of that, KiB */
async function readMemory(resident: ResidentWatch, measuring: Promise<LoadReport>): Promise<[number, number]> {
  await sleep(FOR_MEMORY_WARM_UP_MS / 2)
  resident.read()
  await sleep(FOR_MEMORY_WARM_UP_MS / 2)
  const before = resident.read()
  await sleep(FOR_MEMORY_MS * 0.8)
  resident.read()
  await measuring
  return [before.medianKiB, resident.read().medianKiB]
}

function print(rounds: readonly StalledRound[], { readers, beforeMiB, afterMiB, kibEach }: StalledMemory): void {
  const head = [`${READERS} default streams`, 'delivered/s', 'p50 ms', 'p99 ms', 'lost', 'load %']
  const row = (name: string, { events, seconds, p50Ms, p99Ms, broken, generatorPercent }: LoadReport) => [
    name,
    (events / seconds).toFixed(0),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    String(broken),
    generatorPercent.toFixed(0),
  ]
  const rows = rounds.flatMap(({ without, beside }) => [row('all read', without), row(`${STALLED} stalled`, beside)])
  console.log(formatTable([head, ...rows]))
  const memory = [String(readers), beforeMiB.toFixed(0), afterMiB.toFixed(0), kibEach.toFixed(0)]
  console.log(formatTable([['stalled', 'MiB before', 'MiB after', 'KiB each'], memory]))
}
