// The case capacity of feed.ts: how many events a second reach a thousand raw readers while none is late or lost, with
// the market's pace raised step by step; and how long others wait meanwhile: a new reader, and a session with orders.

import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../measure.ts'
import { openOrderProbe } from '../order-probe.ts'
import { formatTable } from '../report.ts'
import { probe, timeFirstByte } from '../starvation.ts'
import { openLoad } from './fanload.ts'
import type { CaseResult, FeedTools } from './feed-case.ts'
import { openFeedServer, RAW, WITHOUT_PAST } from './feed-server.ts'

const READERS = 1_000
const PACES = [4, 8, 12, 16, 20, 26, 34, 44] as const
const WARM_UP_MS = 4_000
const MEASURE_MS = 12_000
const P99_MS_MAX = 250
const WANTED_PER_SECOND = 2_000_000

interface CapacityStep {
  readonly pace: number
  readonly deliveredPerSecond: number
  readonly p99Ms: number
  readonly lost: number
  /** The worst, from opening the connection to the first byte of the stream. */
  readonly newReaderMs: number
  readonly ackP99Ms: number
  readonly generatorPercent: number
}

export async function measureCapacity(tools: FeedTools): Promise<CaseResult> {
  const steps: CapacityStep[] = []
  for (const pace of PACES) {
    let step = await measureStep(tools, pace)
    // One pause of the machine is not the end: a step fails twice.
    if (!isHeld(step)) step = await measureStep(tools, pace)
    steps.push(step)
    if (!isHeld(step)) break
  }
  printSteps(steps)
  const held = steps.filter(isHeld)
  // What others wait is judged at the wanted rate, or as near to it as it gets.
  const judged =
    held.find(({ deliveredPerSecond }) => deliveredPerSecond >= WANTED_PER_SECOND) ?? held.at(-1) ?? steps[0]!
  const most = Math.max(0, ...held.map(({ deliveredPerSecond }) => deliveredPerSecond))
  const at = `at ${judged.pace}x`
  return {
    thresholds: [
      { name: `events/s delivered to ${READERS} readers`, value: most, atLeast: WANTED_PER_SECOND, decimals: 0 },
      {
        name: `ms to the first byte of a new reader, worst, ${at}`,
        value: judged.newReaderMs,
        atMost: 100,
        decimals: 1,
      },
      { name: `ms to an order acknowledgement, p99, ${at}`, value: judged.ackP99Ms, atMost: 50, decimals: 1 },
    ],
    results: { readers: READERS, steps },
  }
}

const isHeld = ({ p99Ms, lost }: CapacityStep) => p99Ms < P99_MS_MAX && lost === 0

async function measureStep({ fanload }: FeedTools, pace: number): Promise<CapacityStep> {
  const server = await openFeedServer(READERS, [...WITHOUT_PAST, '--pace', `${pace}x`])
  try {
    const target = { url: server.url + RAW, connections: READERS, warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS }
    const load = await openLoad(fanload, target)
    try {
      const orders = await openOrderProbe(server.url)
      const measuring = sleep(WARM_UP_MS)
      const [report, newReaders, acks] = await Promise.all([
        load.measure(),
        measuring.then(() => probe(MEASURE_MS, () => timeFirstByte(`${server.url}/v1/stream?mode=raw`))),
        measuring.then(() => probe(MEASURE_MS, () => orders.measure())),
      ])
      orders.close()
      return {
        pace,
        deliveredPerSecond: report.events / report.seconds,
        p99Ms: report.p99Ms,
        lost: report.broken + report.outOfSequence,
        newReaderMs: Math.max(...newReaders),
        ackP99Ms: percentile(Float64Array.from(acks), 0.99),
        generatorPercent: report.generatorPercent,
      }
    } finally {
      await load.close()
    }
  } finally {
    await server.stop()
  }
}

function printSteps(steps: readonly CapacityStep[]): void {
  const head = ['pace', 'delivered/s', 'p99 ms', 'lost', 'new reader ms', 'ack p99 ms', 'load %', '']
  const rows = steps.map(step => [
    `${step.pace}x`,
    step.deliveredPerSecond.toFixed(0),
    step.p99Ms.toFixed(1),
    String(step.lost),
    step.newReaderMs.toFixed(0),
    step.ackP99Ms.toFixed(1),
    step.generatorPercent.toFixed(0),
    isHeld(step) ? 'held' : 'not held',
  ])
  console.log(formatTable([head, ...rows]))
}
