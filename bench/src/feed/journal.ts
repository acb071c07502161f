// The case journal of feed.ts: the bytes that a server writes to its disk. A flush of some events while one reader
// listens, and an hour while nobody does. The market runs as `npm start` opens it. Of a flush the middle of many short
// times is its own: the tables are written to now and then, which the mean has as well.

import { setTimeout as sleep } from 'node:timers/promises'
import { medianOf } from '../measure.ts'
import { formatTable } from '../report.ts'
import { scrape } from './durability/exposition.ts'
import type { CaseResult } from './feed-case.ts'
import { type FeedServer, openFeedServer } from './feed-server.ts'
import { readWrittenBytes } from './process-usage.ts'

/** The past that a new market has traded is written by then. */
const SETTLE_MS = 15_000
const READ_MS = 60_000
const READ_AT_ONCE_MS = 1_000
/** The server takes ten seconds to see that nobody listens. */
const LEFT_MS = 12_000
/** At least one checkpoint of the exchange, and one of SQLite. */
const IDLE_MS = 300_000
const HOUR_MS = 3_600_000

export async function measureJournal(): Promise<CaseResult> {
  const server = await openFeedServer(0, [])
  try {
    await sleep(SETTLE_MS)
    const reader = new AbortController()
    const { body } = await fetch(`${server.url}/v1/stream?mode=raw`, { signal: reader.signal })
    const reading = body!.pipeTo(new WritableStream()).catch(() => {})
    const reads: WrittenBytes[] = []
    for (let ms = 0; ms < READ_MS; ms += READ_AT_ONCE_MS) reads.push(await measure(server, READ_AT_ONCE_MS))
    const read = together(reads)
    reader.abort()
    await reading
    await sleep(LEFT_MS)
    const idle = await measure(server, IDLE_MS)
    const isOnDisk = read.bytes > 0
    if (!isOnDisk) console.log('The temporary folder is not on a disk: nothing to measure. TMPDIR names another.')
    const kibPerFlush = isOnDisk ? medianOf(reads.map(kibOfFlush)) : undefined
    const mbPerHour = isOnDisk ? ((idle.bytes / 1e6) * HOUR_MS) / idle.elapsedMs : undefined
    const row = ({ flushes, events, bytes, elapsedMs }: WrittenBytes) => [
      String(flushes),
      (events / flushes).toFixed(1),
      (bytes / flushes / 1_024).toFixed(2),
      (((bytes / 1e6) * HOUR_MS) / elapsedMs).toFixed(0),
    ]
    const head = ['', 'flushes', 'events each', 'KiB each', 'MB an hour']
    console.log(formatTable([head, ['one reader', ...row(read)], ['nobody', ...row(idle)]]))
    return {
      thresholds: [
        {
          name: `KiB on the disk a flush of ${(read.events / read.flushes).toFixed(1)} events`,
          value: kibPerFlush,
          atMost: 4,
          decimals: 2,
        },
        { name: 'MB on the disk an hour, idle', value: mbPerHour, atMost: 50, decimals: 0 },
      ],
      results: { reads, idle },
    }
  } finally {
    await server.stop()
  }
}

interface WrittenBytes {
  readonly elapsedMs: number
  readonly bytes: number
  readonly flushes: number
  readonly events: number
}

const kibOfFlush = ({ bytes, flushes }: WrittenBytes) => bytes / flushes / 1_024

function together(all: readonly WrittenBytes[]): WrittenBytes {
  const sum = (key: keyof WrittenBytes) => all.reduce((total, one) => total + one[key], 0)
  return { elapsedMs: sum('elapsedMs'), bytes: sum('bytes'), flushes: sum('flushes'), events: sum('events') }
}

async function measure(server: FeedServer, ms: number): Promise<WrittenBytes> {
  const startMs = performance.now()
  const [bytesBefore, flushesBefore, headBefore] = await readAll(server)
  await sleep(ms)
  const [bytes, flushes, head] = await readAll(server)
  return {
    elapsedMs: performance.now() - startMs,
    bytes: bytes - bytesBefore,
    flushes: flushes - flushesBefore,
    events: head - headBefore,
  }
}

/** By /metrics alone: whoever asks for anything else counts as somebody who listens. */
async function readAll({ url, pid }: FeedServer) {
  const { value } = await scrape(url)
  const flushes = value('papertape_journal_append_duration_seconds_count')
  return [readWrittenBytes(pid), flushes, value('papertape_feed_events_total')] as const
}
