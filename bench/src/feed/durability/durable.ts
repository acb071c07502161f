// The case durable of feed.ts: how late events are for a few readers while the market makes twenty thousand a second
// and each is in the journal before it is sent; in turns with the same server without a journal.

import { medianOf } from '../../measure.ts'
import { formatTable } from '../../report.ts'
import { type LoadReport, openLoad } from '../fanload.ts'
import type { CaseResult, FeedTools } from '../feed-case.ts'
import { openFeedServer, RAW, WITHOUT_PAST } from '../feed-server.ts'
import { measureProcessor, type ProcessorTime } from '../process-usage.ts'
import { scrape, since } from './exposition.ts'
import { keepRate, raisePace } from './market-rate.ts'

const WANTED_PER_SECOND = 20_000
const FIRST_PACE = 110
const READERS = 4
const WARM_UP_MS = 5_000
const MEASURE_MS = 15_000

/** Of one server in one round. */
interface DurableRound {
  /** At its end. */
  readonly pace: number
  readonly report: LoadReport
  readonly processor: ProcessorTime
  readonly eventsPerSecond: number
  readonly flushesPerSecond: number
  /** Of a flush's record, until it is durable. */
  readonly appendMs: number
}

export async function measureDurable(tools: FeedTools): Promise<CaseResult> {
  let pace = await findPace()
  const [durable, inMemory]: [DurableRound[], DurableRound[]] = [[], []]
  for (let round = 0; round < tools.rounds; round++) {
    const measured = await measureRound(tools.fanload, pace, { isDurable: true })
    durable.push(measured)
    pace = measured.pace
    inMemory.push(await measureRound(tools.fanload, pace, { isDurable: false }))
  }
  const rounds = { durable, 'in memory': inMemory }
  printRounds(pace, rounds)
  const lost = durable.reduce((sum, { report }) => sum + report.broken + report.outOfSequence, 0)
  return {
    thresholds: [
      {
        name: 'events/s that were durable',
        value: medianOf(durable.map(({ eventsPerSecond }) => eventsPerSecond)),
        atLeast: WANTED_PER_SECOND,
        decimals: 0,
      },
      {
        name: 'ms from ts to a reader meanwhile, p99',
        value: medianOf(durable.map(({ report }) => report.p99Ms)),
        atMost: 15,
        decimals: 1,
      },
      { name: 'durable events lost', value: lost, atMost: 0, decimals: 0 },
    ],
    results: { pace, readers: READERS, rounds },
  }
}

async function findPace(): Promise<number> {
  const server = await openFeedServer(READERS, WITHOUT_PAST, { core: 'all' })
  try {
    return (await raisePace(server, FIRST_PACE, WANTED_PER_SECOND)).pace
  } finally {
    await server.stop()
  }
}

async function measureRound(
  fanload: string,
  startPace: number,
  { isDurable }: { readonly isDurable: boolean },
): Promise<DurableRound> {
  const flags = [...WITHOUT_PAST, '--pace', `${startPace}x`, ...(isDurable ? [] : ['--memory'])]
  // Venue and gateway have a core each, as users have it: few readers leave the generator idle.
  const server = await openFeedServer(READERS, flags, { core: 'all' })
  try {
    const target = { url: server.url + RAW, connections: READERS, warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS }
    const load = await openLoad(fanload, target)
    try {
      const before = (await scrape(server.url)).histogram('papertape_journal_append_duration_seconds')
      const [report, processor, pace] = await Promise.all([
        load.measure(),
        measureProcessor(server.pid, WARM_UP_MS, MEASURE_MS),
        // Without a folder there is no operator: the peer goes at the pace that the other one came to.
        isDurable ? keepRate(server, startPace, WANTED_PER_SECOND, WARM_UP_MS + MEASURE_MS) : startPace,
      ])
      const after = (await scrape(server.url)).histogram('papertape_journal_append_duration_seconds')
      const appends = since(before, after)
      return {
        pace,
        report,
        processor,
        eventsPerSecond: report.events / READERS / report.seconds,
        flushesPerSecond: (appends.count / (WARM_UP_MS + MEASURE_MS)) * 1_000,
        appendMs: (appends.sum / appends.count) * 1_000,
      }
    } finally {
      await load.close()
    }
  } finally {
    await server.stop()
  }
}

function printRounds(pace: number, rounds: Readonly<Record<string, readonly DurableRound[]>>): void {
  const head = [`at ${pace}x`, 'events/s', 'flushes/s', 'append ms', 'p50 ms', 'p99 ms', 'lost', 'venue %', 'gateway %']
  const rows = Object.entries(rounds).map(([name, all]) => {
    const median = (read: (round: DurableRound) => number, decimals: number) =>
      medianOf(all.map(read)).toFixed(decimals)
    return [
      name,
      median(({ eventsPerSecond }) => eventsPerSecond, 0),
      median(({ flushesPerSecond }) => flushesPerSecond, 0),
      median(({ appendMs }) => appendMs, 2),
      median(({ report }) => report.p50Ms, 1),
      median(({ report }) => report.p99Ms, 1),
      String(all.reduce((sum, { report }) => sum + report.broken + report.outOfSequence, 0)),
      median(({ processor }) => processor.otherThreadPercent, 0),
      median(({ processor }) => processor.mainThreadPercent, 0),
    ]
  })
  console.log(formatTable([head, ...rows]))
}
