// How soon the page paints the price of a trade that arrives on its stream: the last price of the selected instrument,
// which is drawn once a frame, and those in the watchlist, whose rows are drawn ten times a second.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { percentile } from '../measure.ts'
import type { PaintedPrice } from './watch-page.ts'

/** Long enough for many changes of one price. */
const PAINTED_MS = 60_000

export interface PaintedPlace {
  readonly place: PaintedPrice['place']
  readonly changes: number
  /** Of the changes: the next frame showed them. */
  readonly nextFramePercent: number
  readonly framesMax: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export interface PaintedPrices {
  readonly eventsPerSecond: number
  readonly places: readonly PaintedPlace[]
}

/** While it measures, the page reads each event twice. */
export async function measurePaintedPrices(page: Page): Promise<PaintedPrices> {
  await page.evaluate(() => {
    globalThis.pageWatch.isReading = true
  })
  await sleep(PAINTED_MS)
  const { events, painted } = await page.evaluate(() => {
    globalThis.pageWatch.isReading = false
    return globalThis.pageWatch
  })
  return {
    eventsPerSecond: (events * 1_000) / PAINTED_MS,
    places: [describePlace('selected', painted), describePlace('row', painted)],
  }
}

function describePlace(place: PaintedPrice['place'], painted: readonly PaintedPrice[]): PaintedPlace {
  const here = painted.filter(one => one.place === place)
  if (here.length === 0) throw new Error(`no price changed: ${place}`)
  const ms = Float64Array.from(here, one => one.ms)
  return {
    place,
    changes: here.length,
    nextFramePercent: (here.filter(({ frames }) => frames <= 1).length / here.length) * 100,
    framesMax: Math.max(...here.map(({ frames }) => frames)),
    p50Ms: percentile(ms, 0.5),
    p99Ms: percentile(ms, 0.99),
  }
}
