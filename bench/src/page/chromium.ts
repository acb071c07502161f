// The browser of the page benchmark, and what its DevTools protocol says of a page's main thread.

import { cpus, loadavg } from 'node:os'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../../../tools/browser.mjs'

export const WINDOW = { width: 1440, height: 900 }

export async function launchChromium(): Promise<Browser> {
  const { browser, refused } = findBrowser()
  if (browser === undefined) throw new Error(refused ?? 'No Chromium found. Set CHROMIUM_PATH to one.')
  return chromium.launch({
    executablePath: browser.path,
    env: { ...process.env, ...browser.env },
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  })
}

export interface ThreadTimes {
  readonly atMs: number
  /** Time in which the main thread had a task, as long as the machine let it wait in one too. */
  readonly taskMs: number
  /** Processor time of the main thread. */
  readonly cpuMs: number
  readonly heapBytes: number
}

export interface PageMeter {
  readonly devTools: CDPSession
  read(): Promise<ThreadTimes>
  /** The heap after a garbage collection. */
  readHeap(): Promise<number>
}

export async function createPageMeter(page: Page): Promise<PageMeter> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Performance.enable', { timeDomain: 'timeTicks' })
  async function read(): Promise<ThreadTimes> {
    const { metrics } = await devTools.send('Performance.getMetrics')
    const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)!.value
    return {
      atMs: metric('Timestamp') * 1_000,
      taskMs: metric('TaskDuration') * 1_000,
      cpuMs: metric('ThreadTime') * 1_000,
      heapBytes: metric('JSHeapUsedSize'),
    }
  }
  return {
    devTools,
    read,
    async readHeap() {
      await devTools.send('HeapProfiler.collectGarbage')
      return (await read()).heapBytes
    },
  }
}

/** How busy the whole machine is. Returns a function that gives percent of all cores since this call, and the load. */
export function watchMachine(): () => { readonly busyPercent: number; readonly load: number } {
  const before = readCores()
  return () => {
    const { busy, all } = readCores()
    return { busyPercent: ((busy - before.busy) / Math.max(1, all - before.all)) * 100, load: loadavg()[0]! }
  }
}

function readCores(): { readonly busy: number; readonly all: number } {
  let [busy, all] = [0, 0]
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.irq + times.idle
    all += total
    busy += total - times.idle
  }
  return { busy, all }
}
