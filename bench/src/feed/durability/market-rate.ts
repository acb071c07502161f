// How fast the market's clock has to go for a wanted rate of public events: the pace is raised on a running server
// until the rate is there, or the market does not keep up with its clock, and changed again as its day becomes quieter
// or busier.

import { setTimeout as sleep } from 'node:timers/promises'
import type { FeedServer } from '../feed-server.ts'
import { scrape } from './exposition.ts'

const SETTLE_MS = 3_000
const COUNT_MS = 8_000
const TRIES_MAX = 6
const KEEP_MS = 2_500
const KEPT = { least: 1.04, most: 1.25 }
/** A market that is further behind its clock, in real time, makes as many events as it can. */
const BEHIND_S_MAX = 1
/** The market is not equally busy at all times. */
const RESERVE = 1.1

export interface MarketRate {
  /** Times as fast as real time. */
  readonly pace: number
  readonly eventsPerSecond: number
}

/**
 * Leaves the market at the pace that it returns, the fastest that was tried. Prints what it tries.
 * @param first the pace that it tries first
 */
export async function raisePace(server: FeedServer, first: number, wantedPerSecond: number): Promise<MarketRate> {
  let pace = first
  for (let tries = 1; ; tries++) {
    await server.setPace(`${pace}x`)
    await sleep(SETTLE_MS)
    const eventsPerSecond = await countEvents(server.url, COUNT_MS)
    console.log(`  at ${pace}x: ${eventsPerSecond.toFixed(0)} events/s`)
    const isThere = eventsPerSecond >= wantedPerSecond * ((1 + RESERVE) / 2)
    const behindS = (await scrape(server.url)).value('papertape_market_behind_seconds') / pace
    if (behindS > BEHIND_S_MAX) console.log(`  the market is ${behindS.toFixed(1)} s behind: it makes no more`)
    if (isThere || tries === TRIES_MAX || behindS > BEHIND_S_MAX) return { pace, eventsPerSecond }
    pace = nextPace(pace, eventsPerSecond, wantedPerSecond)
  }
}

/** A whole number, so that it can be repeated by hand, and at most four times as fast. */
export function nextPace(pace: number, eventsPerSecond: number, wantedPerSecond: number): number {
  const next = (pace * wantedPerSecond * RESERVE) / Math.max(eventsPerSecond, 1)
  return Math.ceil(Math.min(next, 4 * pace))
}

/**
 * Changes the pace whenever the market makes too few events or many more than wanted, until the time is over.
 * @param from the pace that it has
 * @returns the pace at the end
 */
export async function keepRate(
  server: FeedServer,
  from: number,
  wantedPerSecond: number,
  forMs: number,
): Promise<number> {
  let pace = from
  for (const endMs = performance.now() + forMs; performance.now() + KEEP_MS < endMs; ) {
    const eventsPerSecond = await countEvents(server.url, KEEP_MS)
    if (eventsPerSecond >= wantedPerSecond * KEPT.least && eventsPerSecond <= wantedPerSecond * KEPT.most) continue
    pace = nextPace(pace, eventsPerSecond, wantedPerSecond)
    await server.setPace(`${pace}x`)
  }
  return pace
}

async function countEvents(url: string, forMs: number): Promise<number> {
  const startMs = performance.now()
  const before = (await scrape(url)).value('papertape_feed_events_total')
  await sleep(forMs)
  const after = (await scrape(url)).value('papertape_feed_events_total')
  return ((after - before) / (performance.now() - startMs)) * 1_000
}
