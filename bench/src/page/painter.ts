// What a frame of the candle chart costs, against lightweight-charts: the same candles with volume in the same size, in
// one page, in alternating rounds. The charts themselves are in painter-page.ts.

import type { Browser, Page } from 'playwright-core'
import { medianOf } from '../measure.ts'
import { createPageMeter, type PageMeter } from './chromium.ts'
import { serveModules } from './module-server.ts'

const ROUNDS = 9
const FRAMES = 180
const START_MAX_MS = 60_000

export interface PainterCost {
  /** Processor time of the main thread for a frame, without that of a frame in which nothing is painted. */
  readonly oursMs: number
  readonly theirsMs: number
  readonly emptyMs: number
  /** Ours over theirs in each round. */
  readonly ratios: readonly number[]
  readonly ratio: number
}

export async function measurePainter(browser: Browser): Promise<PainterCost> {
  const server = await serveModules('bench/src/page/painter-page.ts')
  const context = await browser.newContext({ viewport: { width: 900, height: 1000 } })
  try {
    const page = await context.newPage()
    await page.goto(server.url)
    await page.waitForFunction(() => 'paintFrames' in globalThis, undefined, { timeout: START_MAX_MS })
    const meter = await createPageMeter(page)
    const costOf = (painter: Parameters<typeof paintFrames>[0]) => measureFrames(page, meter, painter)
    const [ours, theirs, empty]: [number[], number[], number[]] = [[], [], []]
    // The first round lets V8 compile both.
    for (let round = -1; round < ROUNDS; round++) {
      const emptyMs = await costOf('none')
      const oursMs = (await costOf('papertape')) - emptyMs
      const theirsMs = (await costOf('lightweight-charts')) - emptyMs
      if (round < 0) continue
      ours.push(oursMs)
      theirs.push(theirsMs)
      empty.push(emptyMs)
    }
    const ratios = ours.map((ms, round) => ms / theirs[round]!)
    return {
      oursMs: medianOf(ours),
      theirsMs: medianOf(theirs),
      emptyMs: medianOf(empty),
      ratios,
      ratio: medianOf(ratios),
    }
  } finally {
    await context.close()
    server.close()
  }
}

async function measureFrames(
  page: Page,
  meter: PageMeter,
  painter: Parameters<typeof paintFrames>[0],
): Promise<number> {
  const before = await meter.read()
  await page.evaluate(([name, frames]) => globalThis.paintFrames(name, frames), [painter, FRAMES] as const)
  return ((await meter.read()).cpuMs - before.cpuMs) / FRAMES
}
