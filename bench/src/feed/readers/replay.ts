// The case replay of feed.ts: what readers that come back to a hundred thousand missed events cost the server in
// memory, and a thousand live readers in time: none, one after another, and many at once.

import { setTimeout as sleep } from 'node:timers/promises'
import { medianOf } from '../../measure.ts'
import { formatTable } from '../../report.ts'
import { readHead } from '../../server-process.ts'
import { type LoadReport, openLoad } from '../fanload.ts'
import type { CaseResult, FeedTools } from '../feed-case.ts'
import { type FeedServer, openFeedServer, RAW, WITHOUT_PAST } from '../feed-server.ts'
import { watchResident } from '../process-usage.ts'
import { type Replay, readReplay } from './resuming-reader.ts'

const LIVE_READERS = 1_000
const MISSED = 100_000
/** More than may replay at once. */
const MANY = 48
const AT_ONCE_MAX = 32
/** For a log that is long enough, and for live readers with about thirty events a second. */
const PACES = { filling: '60x', measuring: '0.17x' }
const FILL_MS_MAX = 90_000
const WARM_UP_MS = 4_000
const MEASURE_MS = 8_000
const REPLAYS_MS_MAX = 90_000

interface ReplayStep {
  readonly name: string
  readonly report: LoadReport
  readonly replays: readonly Replay[]
  readonly atOnce: number
  readonly residentMiB: number
  /** The most until the first replay was done, over the middle of the seconds before. */
  readonly firstMiB: number
  /** The most until all were. */
  readonly grownMiB: number
}

/** Reads what is missed, while the live readers are measured, which begins now. */
type ReadMissed = (replayOne: () => Promise<Replay>) => Promise<readonly Replay[]>

const STEPS: Readonly<Record<string, ReadMissed>> = {
  none: async () => [],
  async 'one after another'(replayOne) {
    const replays: Replay[] = []
    for (const endMs = performance.now() + MEASURE_MS; performance.now() < endMs; ) replays.push(await replayOne())
    return replays
  },
  'many at once': replayOne => Promise.all(Array.from({ length: MANY }, replayOne)),
}

export async function measureReplay(tools: FeedTools): Promise<CaseResult> {
  const server = await openFeedServer(LIVE_READERS + MANY, [...WITHOUT_PAST, '--pace', PACES.filling])
  try {
    await fill(server)
    const steps: ReplayStep[] = []
    for (let round = 0; round < tools.rounds; round++) {
      for (const [name, read] of Object.entries(STEPS)) steps.push(await measureStep(tools, server, name, read))
    }
    printSteps(steps)
    return { thresholds: thresholdsOf(steps), results: { live: LIVE_READERS, missed: MISSED, many: MANY, steps } }
  } finally {
    await server.stop()
  }
}

async function fill(server: FeedServer): Promise<void> {
  const startMs = performance.now()
  for (;;) {
    const head = await readHead(server.url)
    if (head > MISSED) break
    if (performance.now() - startMs > FILL_MS_MAX) throw new Error(`the market has made ${head} events only`)
    await sleep(500)
  }
  await server.setPace(PACES.measuring)
  console.log(`  ${MISSED} events after ${((performance.now() - startMs) / 1_000).toFixed(0)} s`)
}

async function measureStep(tools: FeedTools, server: FeedServer, name: string, read: ReadMissed): Promise<ReplayStep> {
  const target = { url: server.url + RAW, connections: LIVE_READERS, warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS }
  const load = await openLoad(tools.fanload, target)
  const resident = watchResident(server.pid)
  try {
    const measuring = load.measure()
    await sleep(WARM_UP_MS / 2)
    resident.read()
    await sleep(WARM_UP_MS / 2)
    const before = resident.read()
    const grown = (mostKiB: number) => (mostKiB - before.medianKiB) / 1_024
    let [active, atOnce, firstMiB] = [0, 0, 0]
    const epoch = await readEpoch(server.url)
    const replayOne = async () => {
      const upTo = await readHead(server.url)
      return readReplay({
        url: server.url + RAW,
        epoch,
        after: upTo - MISSED,
        upTo,
        onBegin() {
          atOnce = Math.max(atOnce, ++active)
        },
        onEnd() {
          active--
          if (firstMiB === 0) firstMiB = grown(resident.read().mostKiB)
        },
      })
    }
    const limit = AbortSignal.timeout(REPLAYS_MS_MAX)
    const limited = new Promise<never>((_, reject) => limit.addEventListener('abort', () => reject(limit.reason)))
    const replays = await Promise.race([read(replayOne), limited])
    const report = await measuring
    const grownMiB = Math.max(firstMiB, grown(resident.read().mostKiB))
    console.log(`  ${name}: p99 ${report.p99Ms.toFixed(1)} ms, ${grownMiB.toFixed(1)} MiB more`)
    return { name, report, replays, atOnce, residentMiB: before.medianKiB / 1_024, firstMiB, grownMiB }
  } finally {
    resident.stop()
    await load.close()
  }
}

async function readEpoch(url: string): Promise<string> {
  const { position } = (await (await fetch(`${url}/health`)).json()) as { position: string }
  return position.slice(0, position.lastIndexOf('-'))
}

function printSteps(steps: readonly ReplayStep[]): void {
  const head = [
    'replays',
    'done',
    'at once',
    'busy',
    'ms each',
    'MiB before',
    'first',
    'most',
    'p50 ms',
    'p99 ms',
    'lost',
  ]
  const rows = steps.map(({ name, replays, atOnce, residentMiB, firstMiB, grownMiB, report }) => [
    name,
    String(replays.filter(({ isWhole }) => isWhole).length),
    String(atOnce),
    String(replays.reduce((sum, { refusals }) => sum + refusals, 0)),
    replays.length === 0 ? '-' : medianOf(replays.map(({ ms }) => ms)).toFixed(0),
    residentMiB.toFixed(0),
    replays.length === 0 ? '-' : `+${firstMiB.toFixed(1)}`,
    `+${grownMiB.toFixed(1)}`,
    report.p50Ms.toFixed(1),
    report.p99Ms.toFixed(1),
    String(report.broken + report.outOfSequence),
  ])
  console.log(formatTable([head, ...rows]))
}

function thresholdsOf(steps: readonly ReplayStep[]) {
  const named = (name: keyof typeof STEPS) => steps.filter(step => step.name === name)
  const [none, one, many] = [named('none'), named('one after another'), named('many at once')]
  const p99 = (some: readonly ReplayStep[]) => medianOf(some.map(({ report }) => report.p99Ms))
  const first = medianOf(one.map(({ firstMiB }) => firstMiB))
  const byItself = medianOf(none.map(({ grownMiB }) => grownMiB))
  const all = steps.flatMap(({ replays }) => replays)
  return [
    {
      name: `MiB more for a replay of ${MISSED} events (${byItself.toFixed(1)} in ${MEASURE_MS / 1_000} s without)`,
      value: first,
      atMost: 5,
      decimals: 1,
    },
    {
      name: `ms to ${LIVE_READERS} live readers beside a replay, p99 (${p99(none).toFixed(1)} without)`,
      value: p99(one),
      atMost: 50,
      decimals: 1,
    },
    { name: `ms to ${LIVE_READERS} live readers beside many, p99`, value: p99(many), atMost: 50, decimals: 1 },
    {
      name: `of ${MANY} that come back together, at once`,
      value: Math.max(...many.map(({ atOnce }) => atOnce)),
      atMost: AT_ONCE_MAX,
      decimals: 0,
    },
    { name: 'replays with gaps', value: all.filter(({ isWhole }) => !isWhole).length, atMost: 0, decimals: 0 },
  ]
}
