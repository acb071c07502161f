// The case maintenance of feed.ts: what holds up the venue's thread beside the market itself: rows that come to the
// journal's tables and old ones that are deleted, flushes with a checkpoint, garbage collections. At the market's own
// pace and at twenty thousand events a second.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { formatTable } from '../../report.ts'
import type { Threshold } from '../../thresholds.ts'
import { openLoad } from '../fanload.ts'
import type { CaseResult, FeedTools } from '../feed-case.ts'
import { type FeedServer, openFeedServer, RAW, WITHOUT_PAST } from '../feed-server.ts'
import { countAbove, largestBound, type ScrapedHistogram, scrape, since, together } from './exposition.ts'
import { keepRate, raisePace } from './market-rate.ts'

const FAST_PER_SECOND = 20_000
const FAST_FIRST_PACE = 110
const FAST_MS = 40_000
/**
 * At its own pace the market has a checkpoint in five minutes: it is brought close to each of some by a faster one,
 * which is not measured.
 */
const OWN_TIMES = 3
const OWN_MS = 25_000
const APPROACH = { pace: '40x', commands: 24_000, lookEveryMs: 50, msMax: 60_000 }
/** The flush that is the last at the faster pace. */
const SETTLE_MS = 1_000
const LOOK_EVERY_MS = 200
const READERS = 1
/** Few, so that old events are deleted at each checkpoint. */
const EVENTS_KEPT = 100_000
const LIMIT_S = 0.01

const WATCH = fileURLToPath(new URL('./garbage-watch.ts', import.meta.url))
const MAINTENANCE = 'papertape_journal_maintenance_duration_seconds'
const FLUSHES = 'papertape_flush_duration_seconds'

interface Blocked {
  readonly pace: number
  readonly eventsPerSecond: number
  /** How often it was measured. */
  readonly times: number
  readonly maintenance: ScrapedHistogram
  readonly checkpoints: number
  readonly flushes: ScrapedHistogram
  /** Flushes above the limit between two looks of which the second found a further checkpoint. */
  readonly longAtCheckpoints: number
  readonly garbageMs: readonly number[]
}

export async function measureMaintenance(tools: FeedTools): Promise<CaseResult> {
  const own = await withServer(tools, 'own', measureOwn)
  const fast = await withServer(tools, 'fast', async (server, garbageFile) => {
    const { pace } = await raisePace(server, FAST_FIRST_PACE, FAST_PER_SECOND)
    console.log(`  ${pace}x, ${FAST_MS / 1_000} s`)
    const keeping = keepRate(server, pace, FAST_PER_SECOND, FAST_MS)
    const [blocked] = await Promise.all([watch(server, FAST_MS, garbageFile), keeping])
    return { pace, ...blocked }
  })
  print([own, fast])
  return { thresholds: [...thresholdsOf(own), ...thresholdsOf(fast)], results: { own, fast } }
}

async function withServer(
  { fanload, folder }: FeedTools,
  name: string,
  measure: (server: FeedServer, garbageFile: string) => Promise<Blocked>,
): Promise<Blocked> {
  const garbageFile = join(folder, `garbage-${name}`)
  const watched = { nodeFlags: ['--import', WATCH], environment: { BENCH_GARBAGE_FILE: garbageFile } }
  const flags = [...WITHOUT_PAST, '--events-kept', String(EVENTS_KEPT)]
  const server = await openFeedServer(READERS, flags, { core: 'all', ...watched })
  try {
    // Somebody who listens: otherwise the market publishes every ten seconds.
    const load = await openLoad(fanload, { url: server.url + RAW, connections: READERS, warmUpMs: 0, measureMs: 0 })
    try {
      return await measure(server, garbageFile)
    } finally {
      await load.close()
    }
  } finally {
    await server.stop()
  }
}

async function measureOwn(server: FeedServer, garbageFile: string): Promise<Blocked> {
  let all: Blocked | undefined
  for (let time = 1; time <= OWN_TIMES; time++) {
    await approachCheckpoint(server)
    await server.setPace('1x')
    await sleep(SETTLE_MS)
    console.log(`  1x, ${OWN_MS / 1_000} s, ${time} of ${OWN_TIMES}`)
    const one = { pace: 1, ...(await watch(server, OWN_MS, garbageFile)) }
    all = all === undefined ? one : bothOf(all, one)
  }
  return all!
}

/** Lets the market run until its next checkpoint is due after some hundred commands. */
async function approachCheckpoint({ url, setPace }: FeedServer): Promise<void> {
  await setPace(APPROACH.pace)
  const endMs = performance.now() + APPROACH.msMax
  const { checkpoints } = await look(url)
  let lastCheckpoint: number | undefined
  while (performance.now() < endMs) {
    const now = await look(url)
    if (now.checkpoints > checkpoints) lastCheckpoint ??= now.commands
    if (lastCheckpoint !== undefined && now.commands >= lastCheckpoint + APPROACH.commands) return
    await sleep(APPROACH.lookEveryMs)
  }
}

function bothOf(one: Blocked, other: Blocked): Blocked {
  return {
    pace: one.pace,
    eventsPerSecond: (one.eventsPerSecond * one.times + other.eventsPerSecond) / (one.times + 1),
    times: one.times + 1,
    maintenance: together(one.maintenance, other.maintenance),
    checkpoints: one.checkpoints + other.checkpoints,
    flushes: together(one.flushes, other.flushes),
    longAtCheckpoints: one.longAtCheckpoints + other.longAtCheckpoints,
    garbageMs: [...one.garbageMs, ...other.garbageMs],
  }
}

async function watch({ url }: FeedServer, forMs: number, garbageFile: string): Promise<Omit<Blocked, 'pace'>> {
  const startWallMs = Date.now()
  const [startMs, first] = [performance.now(), await look(url)]
  let before = first
  let longAtCheckpoints = 0
  while (performance.now() < startMs + forMs) {
    await sleep(LOOK_EVERY_MS)
    const now = await look(url)
    if (now.checkpoints > before.checkpoints)
      longAtCheckpoints += countAbove(since(before.flushes, now.flushes), LIMIT_S)
    before = now
  }
  const seconds = (performance.now() - startMs) / 1_000
  return {
    eventsPerSecond: (before.events - first.events) / seconds,
    times: 1,
    maintenance: since(first.maintenance, before.maintenance),
    checkpoints: before.checkpoints - first.checkpoints,
    flushes: since(first.flushes, before.flushes),
    longAtCheckpoints,
    garbageMs: readGarbage(garbageFile, startWallMs),
  }
}

async function look(url: string) {
  const scraped = await scrape(url)
  return {
    events: scraped.value('papertape_feed_events_total'),
    commands: scraped.value('papertape_commands_total'),
    checkpoints: scraped.value('papertape_checkpoints_total'),
    maintenance: scraped.histogram(MAINTENANCE),
    flushes: scraped.histogram(FLUSHES),
  }
}

function readGarbage(file: string, sinceMs: number): number[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const collections = text.split('\n').filter(line => line !== '')
  const rows = collections.map(line => line.split(' ').map(Number) as [atMs: number, ms: number])
  return rows.filter(([atMs]) => atMs >= sinceMs).map(([, ms]) => ms)
}

function print(all: readonly Blocked[]): void {
  const head = ['', 'times', 'mean ms', 'longest ms', 'above 10 ms']
  for (const { pace, eventsPerSecond, maintenance, flushes, checkpoints, longAtCheckpoints, garbageMs } of all) {
    console.log(`\n${pace}x, ${eventsPerSecond.toFixed(0)} events/s`)
    const ofHistogram = (histogram: ScrapedHistogram) => [
      String(histogram.count),
      histogram.count === 0 ? '-' : ((histogram.sum / histogram.count) * 1_000).toFixed(2),
      `up to ${largestBound(histogram) * 1_000}`,
      String(countAbove(histogram, LIMIT_S)),
    ]
    const rows = [
      ['maintenance', ...ofHistogram(maintenance)],
      ['flushes', ...ofHistogram(flushes)],
      ['checkpoints, and long flushes then', String(checkpoints), '-', '-', String(longAtCheckpoints)],
      [
        'garbage collections of the venue',
        String(garbageMs.length),
        garbageMs.length === 0 ? '-' : (sum(garbageMs) / garbageMs.length).toFixed(2),
        Math.max(0, ...garbageMs).toFixed(1),
        String(garbageMs.filter(ms => ms > LIMIT_S * 1_000).length),
      ],
    ]
    console.log(formatTable([head, ...rows]))
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function thresholdsOf({ pace, maintenance, checkpoints, longAtCheckpoints }: Blocked): Threshold[] {
  return [
    {
      name: `above 10 ms of ${maintenance.count} times of maintenance at ${pace}x`,
      value: countAbove(maintenance, LIMIT_S),
      atMost: 0,
      decimals: 0,
    },
    {
      name: `flushes above 10 ms beside ${checkpoints} checkpoints at ${pace}x`,
      value: checkpoints === 0 ? undefined : longAtCheckpoints,
      atMost: 0,
      decimals: 0,
    },
  ]
}
