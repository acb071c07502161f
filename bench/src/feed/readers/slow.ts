// The case slow of feed.ts: how old events are for a conflated reader that is held to a quarter of what it is sent,
// over a stream and over a socket.

import { once } from 'node:events'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { RawChannel } from '../../raw-channel.ts'
import { formatTable } from '../../report.ts'
import type { CaseResult, FeedTools } from '../feed-case.ts'
import { openFeedServer, WITHOUT_PAST } from '../feed-server.ts'
import { type AgeSummary, EventAges } from './event-ages.ts'
import { openThrottledLink, type ThrottledLink } from './throttled-link.ts'

/** Two busy instruments: their quotes and books at 10 Hz are most of what is sent. */
const MARKET = [...WITHOUT_PAST, '--symbols', '2', '--pace', '8x']
const EVENTS = ['quote', 'trade', 'book']
const MAX_HZ = 10
const SHARE = 1 / 4
const WARM_UP_MS = 3_000
const FREE_MS = 10_000
const AGE_MS_MAX = 1_000

interface SlowReader {
  readonly link: ThrottledLink
  readonly ages: EventAges
  readonly close: () => void
}

interface SlowAges {
  readonly freeBytesPerSecond: number
  readonly heldBytesPerSecond: number
  readonly free: AgeSummary | undefined
  readonly held: AgeSummary | undefined
  /** Of the last quarter of the time: it shows what grows. */
  readonly last: AgeSummary | undefined
}

type OpenReader = (port: number, ages: EventAges) => Promise<() => void>

const READERS: Readonly<Record<string, OpenReader>> = { SSE: openStream, WebSocket: openSocket }

export async function measureSlow({ minutes = 1 }: FeedTools): Promise<CaseResult> {
  const heldMs = minutes * 60_000
  const server = await openFeedServer(Object.keys(READERS).length, MARKET)
  const readers: Record<string, SlowReader> = {}
  try {
    for (const [name, open] of Object.entries(READERS)) {
      readers[name] = await openReader(Number(new URL(server.url).port), open)
    }
    await sleep(WARM_UP_MS)
    const measured = await Promise.all(Object.values(readers).map(reader => measureReader(reader, heldMs)))
    const results = Object.fromEntries(Object.keys(readers).map((name, index) => [name, measured[index]!]))
    print(results, minutes)
    const thresholds = Object.entries(results).map(([name, { held }]) => ({
      name: `ms of age at a quarter of the rate, p99, ${name}`,
      value: held?.p99Ms ?? Number.POSITIVE_INFINITY,
      atMost: AGE_MS_MAX,
      decimals: 0,
    }))
    return { thresholds, results: { minutes, maxHz: MAX_HZ, ...results } }
  } finally {
    for (const { close } of Object.values(readers)) close()
    await server.stop()
  }
}

async function openReader(serverPort: number, open: OpenReader): Promise<SlowReader> {
  const link = await openThrottledLink(serverPort)
  const ages = new EventAges()
  try {
    const closeReader = await open(link.port, ages)
    return {
      link,
      ages,
      close() {
        closeReader()
        link.close()
      },
    }
  } catch (error) {
    link.close()
    throw error
  }
}

async function openStream(port: number, ages: EventAges): Promise<() => void> {
  const query = `events=${EVENTS}&maxHz=${MAX_HZ}&snapshot=false`
  const request = http.get({ port, host: '127.0.0.1', path: `/v1/stream?${query}`, agent: false })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.setEncoding('utf8')
  response.on('data', (text: string) => ages.push(text, nowMs()))
  response.on('error', () => {})
  return () => request.destroy()
}

async function openSocket(port: number, ages: EventAges): Promise<() => void> {
  const channel = await RawChannel.open(port, payload => ages.pushWhole(payload.toString(), nowMs()))
  const parameters = { events: EVENTS, maxHz: MAX_HZ, snapshot: false }
  channel.send({ type: 'subscribe', requestId: 1, subscription: 'bench', ...parameters })
  return () => channel.close()
}

async function measureReader({ link, ages }: SlowReader, heldMs: number): Promise<SlowAges> {
  const [startMs, before] = [nowMs(), link.bytes]
  await sleep(FREE_MS)
  const [holdMs, atHold] = [nowMs(), link.bytes]
  const freeBytesPerSecond = ((atHold - before) / (holdMs - startMs)) * 1_000
  link.hold(freeBytesPerSecond * SHARE)
  await sleep(heldMs)
  const [endMs, after] = [nowMs(), link.bytes]
  return {
    freeBytesPerSecond,
    heldBytesPerSecond: ((after - atHold) / (endMs - holdMs)) * 1_000,
    free: ages.summary(startMs, holdMs),
    held: ages.summary(holdMs, endMs),
    last: ages.summary(endMs - heldMs / 4, endMs),
  }
}

/** With fractions of a millisecond. */
const nowMs = () => performance.timeOrigin + performance.now()

function print(results: Readonly<Record<string, SlowAges>>, minutes: number): void {
  const ms = (summary: AgeSummary | undefined, key: 'p50Ms' | 'p99Ms') => summary?.[key].toFixed(0) ?? '-'
  const head = [
    `held for ${minutes} min`,
    'B/s free',
    'B/s held',
    'free p50 ms',
    'p99',
    'held p50 ms',
    'p99',
    'last quarter p50 ms',
    'p99',
  ]
  const rows = Object.entries(results).map(([name, { freeBytesPerSecond, heldBytesPerSecond, free, held, last }]) => [
    name,
    freeBytesPerSecond.toFixed(0),
    heldBytesPerSecond.toFixed(0),
    ...[free, held, last].flatMap(summary => [ms(summary, 'p50Ms'), ms(summary, 'p99Ms')]),
  ])
  console.log(formatTable([head, ...rows]))
}
