// How fast the market's clock has to go for a wanted rate of public events: the pace is raised on a running server
// until the rate is there, or rises no more.

import { setTimeout as sleep } from 'node:timers/promises'
import type { FeedServer } from '../feed-server.ts'
import { scrape } from './exposition.ts'

const SETTLE_MS = 3_000
const COUNT_MS = 8_000
const TRIES_MAX = 6
/** A pace that gives fewer events than this more than the one before is at the end of what the market does. */
const RISE_LEAST = 1.03
/** The market is not equally busy at all times. */
const RESERVE = 1.15

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
  let [pace, before] = [first, 0]
  for (let tries = 1; ; tries++) {
    await server.setPace(`${pace}x`)
    await sleep(SETTLE_MS)
    const eventsPerSecond = await countEvents(server.url, COUNT_MS)
    console.log(`  at ${pace}x: ${eventsPerSecond.toFixed(0)} events/s`)
    const isThere = eventsPerSecond >= wantedPerSecond * ((1 + RESERVE) / 2)
    if (isThere || tries === TRIES_MAX || eventsPerSecond < before * RISE_LEAST) return { pace, eventsPerSecond }
    before = eventsPerSecond
    pace = nextPace(pace, eventsPerSecond, wantedPerSecond)
  }
}

/** Whole above 10x, so that it can be repeated by hand. */
export function nextPace(pace: number, eventsPerSecond: number, wantedPerSecond: number): number {
  const next = (pace * wantedPerSecond * RESERVE) / Math.max(eventsPerSecond, 1)
  return Math.ceil(Math.min(next, 4 * pace))
}

async function countEvents(url: string, forMs: number): Promise<number> {
  const startMs = performance.now()
  const before = (await scrape(url)).value('papertape_feed_events_total')
  await sleep(forMs)
  const after = (await scrape(url)).value('papertape_feed_events_total')
  return ((after - before) / (performance.now() - startMs)) * 1_000
}
