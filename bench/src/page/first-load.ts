// The first load of Trade in a new browser profile: what the page requests, how it is served, and when it is usable, on
// loopback and on a slow network. Until it is usable is: until a price is live and the ticket can send. Sockets are not
// counted as requests; the stream of the feed is.

import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Browser, Page, Request } from 'playwright-core'
import { medianOf } from '../measure.ts'
import { spawnServer } from '../server-process.ts'
import { WINDOW } from './chromium.ts'
import { type UsableTimes, watchFrames } from './watch-page.ts'

const LOADS = 5
const SLOW_LOADS = 3
/** Kilobytes are 1,000 bytes. */
const SLOW = { offline: false, latency: 40, downloadThroughput: 50_000, uploadThroughput: 50_000 }
const USABLE_MAX_MS = 60_000
/** Without a new request for this time nothing more comes of itself. */
const QUIET_MS = 3_000
const QUIET_MAX_MS = 30_000
/** Smaller answers fit into a packet, compressed or not. */
const COMPRESSED_FROM_BYTES = 1_400

export interface LoadedAnswer {
  readonly path: string
  readonly type: string
  /** Of the body, as sent. */
  readonly bytes: number
  /** Of a script: gzipped, also if it was sent with Brotli. */
  readonly gzipBytes: number
  readonly encoding: string
  readonly cacheControl: string
  readonly isBeforeUsable: boolean
}

/** Since the navigation. */
export interface LoadTimes {
  /** A price is live. */
  readonly priceMs: number
  /** The ticket can send, too. */
  readonly usableMs: number
}

interface Load extends LoadTimes {
  readonly answers: readonly LoadedAnswer[]
}

export interface FirstLoad {
  readonly loopback: LoadTimes
  readonly slow: LoadTimes
  /** Of the load with most requests before the page was usable: what is loaded later varies with the machine. */
  readonly answers: readonly LoadedAnswer[]
}

export async function measureFirstLoad(browser: Browser): Promise<FirstLoad> {
  const server = await spawnServer(['--memory'])
  try {
    const loads: Load[] = []
    // The first load also compresses the files for all others.
    for (let load = -1; load < LOADS; load++) {
      const measured = await loadOnce(browser, server.url, false)
      if (load >= 0) loads.push(measured)
    }
    const slowLoads: Load[] = []
    for (let load = 0; load < SLOW_LOADS; load++) slowLoads.push(await loadOnce(browser, server.url, true))
    const [heaviest] = loads.toSorted((a, b) => requestsBeforeUsable(b.answers) - requestsBeforeUsable(a.answers))
    return {
      loopback: medianTimes(loads),
      slow: medianTimes(slowLoads),
      answers: heaviest!.answers,
    }
  } finally {
    await server.stop()
  }
}

async function loadOnce(browser: Browser, url: string, isSlow: boolean): Promise<Load> {
  const context = await browser.newContext({ viewport: WINDOW })
  try {
    const page = await context.newPage()
    await page.addInitScript(watchFrames)
    const requests: Request[] = []
    page.on('request', request => requests.push(request))
    const devTools = await context.newCDPSession(page)
    if (isSlow) {
      await devTools.send('Network.enable')
      await devTools.send('Network.emulateNetworkConditions', SLOW)
    }
    await page.goto(url, { waitUntil: 'commit' })
    const { priceMs, ticketMs } = await untilUsable(page)
    if (!isSlow) await untilQuiet(requests)
    const startMs = await page.evaluate(() => performance.timeOrigin)
    const answers = isSlow ? [] : await readAnswers(requests, startMs + ticketMs!)
    return { priceMs: priceMs!, usableMs: ticketMs!, answers }
  } finally {
    await context.close()
  }
}

async function untilUsable(page: Page): Promise<UsableTimes> {
  await page.waitForFunction(() => globalThis.pageWatch.usable.ticketMs !== undefined, undefined, {
    timeout: USABLE_MAX_MS,
  })
  return page.evaluate(() => globalThis.pageWatch.usable)
}

async function untilQuiet(requests: readonly Request[]): Promise<void> {
  const endMs = performance.now() + QUIET_MAX_MS
  for (let before = -1; requests.length !== before && performance.now() < endMs; ) {
    before = requests.length
    await sleep(QUIET_MS)
  }
}

async function readAnswers(requests: readonly Request[], usableAtMs: number): Promise<LoadedAnswer[]> {
  const answers: LoadedAnswer[] = []
  for (const request of requests) {
    const response = await request.response()
    // The page may have canceled it: a request it is.
    const headers = (await response?.allHeaders()) ?? {}
    const isScript = request.resourceType() === 'script'
    const isStream = headers['content-type']?.startsWith('text/event-stream') ?? false
    answers.push({
      path: new URL(request.url()).pathname,
      type: isStream ? 'stream' : request.resourceType(),
      bytes: isStream || response === null ? 0 : (await request.sizes()).responseBodySize,
      gzipBytes: isScript && response !== null ? gzipSync(await response.body(), { level: 9 }).length : 0,
      encoding: headers['content-encoding'] ?? '',
      cacheControl: headers['cache-control'] ?? '',
      isBeforeUsable: request.timing().startTime <= usableAtMs,
    })
  }
  return answers
}

function medianTimes(loads: readonly Load[]): LoadTimes {
  return {
    priceMs: medianOf(loads.map(({ priceMs }) => priceMs)),
    usableMs: medianOf(loads.map(({ usableMs }) => usableMs)),
  }
}

export function gzippedScript(answers: readonly LoadedAnswer[]): number {
  return answers.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0)
}

function requestsBeforeUsable(answers: readonly LoadedAnswer[]): number {
  return answers.filter(({ isBeforeUsable }) => isBeforeUsable).length
}

/** Answers that a slow network would be quicker without. */
export function uncompressed(answers: readonly LoadedAnswer[]): LoadedAnswer[] {
  return answers.filter(({ encoding, bytes }) => bytes > COMPRESSED_FROM_BYTES && encoding === '')
}

/** Files named by their content that a browser would request again. */
export function withoutImmutable(answers: readonly LoadedAnswer[]): LoadedAnswer[] {
  return answers.filter(({ path, cacheControl }) => path.includes('/_next/static/') && !/immutable/.test(cacheControl))
}
