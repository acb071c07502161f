// Trade while fifty instruments make a thousand public events a second, with two hundred candles of a minute in view:
// frames, how busy the main thread is, how soon prices are painted, and the heap over minutes.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { medianOf } from '../measure.ts'
import { readHead, type ServerProcess, spawnServer } from '../server-process.ts'
import { createPageMeter, type PageMeter, WINDOW, watchMachine } from './chromium.ts'
import { type HeapRun, measureHeap } from './heap.ts'
import { measurePaintedPrices, type PaintedPlace } from './painted-prices.ts'
import { watchFrames, watchPrices } from './watch-page.ts'

const SYMBOLS = 50
/** At which they make the events: about 400 a second at 1x. */
const PACE = '2.75x'
const CANDLES = 200
const SETTLE_MS = 10_000
const ROUNDS = 3
const ROUND_MS = 20_000
const ZOOM_STEPS_MAX = 100
const ZOOM_STEP_PX = 20
const ZOOM_PAUSE_MS = 200
/** Room for the price axis with its button at the right of the chart, and for the splitter at its left. */
const PRICE_AXIS_PX = 120
const EDGE_PX = 12
const DAY_MINUTES = 1_440

export interface FrameRound {
  readonly eventsPerSecond: number
  readonly framesPerSecond: number
  readonly busyPercent: number
  /** The same in processor time, without the time in which the machine ran something else. */
  readonly cpuPercent: number
  readonly machineBusyPercent: number
  readonly machineLoad: number
}

export interface BusyMarket {
  readonly candles: number
  readonly rounds: readonly FrameRound[]
  readonly framesPerSecond: number
  readonly busyPercent: number
  readonly eventsPerSecond: number
  /** What the page reads: quotes reach it conflated. */
  readonly pageEventsPerSecond: number
  readonly painted: readonly PaintedPlace[]
  readonly heap: HeapRun
}

export async function measureBusyMarket(browser: Browser, heapMinutes: number): Promise<BusyMarket> {
  const server = await spawnServer(['--memory', '--symbols', String(SYMBOLS), '--pace', PACE])
  const context = await browser.newContext({ viewport: WINDOW })
  try {
    const page = await context.newPage()
    await page.addInitScript(watchFrames)
    await page.addInitScript(watchPrices)
    await page.goto(server.url)
    await page.waitForFunction(() => globalThis.pageWatch.usable.ticketMs !== undefined)
    const candles = await showCandles(page, CANDLES)
    await sleep(SETTLE_MS)
    const meter = await createPageMeter(page)
    const rounds: FrameRound[] = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound(page, meter, server))
    const prices = await measurePaintedPrices(page)
    const median = (key: keyof FrameRound) => medianOf(rounds.map(round => round[key]))
    return {
      candles,
      rounds,
      framesPerSecond: median('framesPerSecond'),
      busyPercent: median('busyPercent'),
      eventsPerSecond: median('eventsPerSecond'),
      pageEventsPerSecond: prices.eventsPerSecond,
      painted: prices.places,
      heap: await measureHeap(meter, heapMinutes),
    }
  } finally {
    await context.close()
    await server.stop()
  }
}

/**
 * Zooms out until so many candles of a minute are in view, as the crosshair says near both edges. The market has no
 * pause, so minutes are candles.
 */
async function showCandles(page: Page, wanted: number): Promise<number> {
  const { x, y, width, height } = (await page.getByTestId('candles').boundingBox())!
  const minuteAt = async (at: number): Promise<number> => {
    await page.mouse.move(at, y + height / 2)
    await sleep(ZOOM_PAUSE_MS)
    const time = /(\d\d):(\d\d)/.exec((await page.getByTestId('crosshair-time').textContent()) ?? '')
    return time === null ? Number.NaN : Number(time[1]) * 60 + Number(time[2])
  }
  for (let step = 0; step < ZOOM_STEPS_MAX; step++) {
    const newest = await minuteAt(x + width - PRICE_AXIS_PX)
    const candles = (newest - (await minuteAt(x + EDGE_PX)) + DAY_MINUTES) % DAY_MINUTES
    if (candles >= wanted) {
      await page.mouse.move(0, 0)
      return candles
    }
    // NaN: there are no candles yet.
    if (!Number.isNaN(candles)) await page.mouse.wheel(0, ZOOM_STEP_PX)
  }
  throw new Error(`the chart does not show ${wanted} candles`)
}

async function measureRound(page: Page, meter: PageMeter, server: ServerProcess): Promise<FrameRound> {
  const machineSince = watchMachine()
  const [headBefore, framesBefore, before] = [await readHead(server.url), await readFrames(page), await meter.read()]
  await sleep(ROUND_MS)
  const [head, frames, after] = [await readHead(server.url), await readFrames(page), await meter.read()]
  const machine = machineSince()
  const elapsedMs = after.atMs - before.atMs
  return {
    eventsPerSecond: ((head - headBefore) / elapsedMs) * 1_000,
    framesPerSecond: ((frames - framesBefore) / elapsedMs) * 1_000,
    busyPercent: ((after.taskMs - before.taskMs) / elapsedMs) * 100,
    cpuPercent: ((after.cpuMs - before.cpuMs) / elapsedMs) * 100,
    machineBusyPercent: machine.busyPercent,
    machineLoad: machine.load,
  }
}

function readFrames(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.pageWatch.frames)
}
