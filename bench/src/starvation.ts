// `npm run bench -- starvation`: latency of other requests while a thousand raw readers take all events, at one to
// eight times the market's pace. Server, readers and measurement are separate processes; the server is started as
// users start it.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from './measure.ts'
import { openOrderProbe } from './order-probe.ts'
import { formatTable, writeResults } from './report.ts'
import { killProcess, readHead, spawnNode, spawnServer } from './server-process.ts'
import { isMet, type Threshold, thresholdTable } from './thresholds.ts'

const READERS = 1_000
const PACES = [1, 2, 4, 8] as const
const SETTLE_MS = 3_000
const MEASURE_MS = 20_000
const PROBE_EVERY_MS = 100
/** A slower request is aborted and counts as this. */
const TIMEOUT_MS = 20_000
/** The pace of the thresholds. */
const THRESHOLD_PACE = 8

/** Commit 1f6f478 on 2026-11-28, two cores: a batch was acknowledged in the handler that received it. */
const BEFORE: Readonly<Record<number, Partial<Record<'newReader' | 'health' | 'ack', string>>>> = {
  1: { ack: '465' },
  2: { newReader: '1,100', ack: '1,400' },
  4: { newReader: 'none in 20 s', health: 'timed out' },
}

interface Result {
  readonly pace: number
  readonly eventsPerSecond: number
  /** The worst, in milliseconds, from opening the connection to the first byte of the stream. */
  readonly newReaderMs: number
  readonly healthMs: number
  readonly ackP50Ms: number
  readonly ackP99Ms: number
}

export async function benchStarvation(): Promise<boolean> {
  console.log(`${READERS} raw readers of all events; ${MEASURE_MS / 1_000} s at each pace, ten probes a second.\n`)
  const results: Result[] = []
  for (const pace of PACES) results.push(await measurePace(pace))
  printResults(results)
  const { newReaderMs, healthMs, ackP99Ms } = results.find(({ pace }) => pace === THRESHOLD_PACE)!
  const thresholds: Threshold[] = [
    {
      name: `ms to the first byte of a new reader, worst, at ${THRESHOLD_PACE}x`,
      value: newReaderMs,
      atMost: 100,
      decimals: 1,
    },
    { name: `ms of /health, worst, at ${THRESHOLD_PACE}x`, value: healthMs, atMost: 100, decimals: 1 },
    { name: `ms to an order acknowledgement, p99, at ${THRESHOLD_PACE}x`, value: ackP99Ms, atMost: 60, decimals: 1 },
  ]
  console.log(`\n${thresholdTable(thresholds)}`)
  console.log(`\nResults: ${writeResults('starvation', { thresholds, settings: { readers: READERS }, results })}`)
  return thresholds.every(isMet)
}

async function measurePace(pace: number): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-bench-'))
  const server = await spawnServer(['--data', folder, '--past-minutes', '0', '--pace', `${pace}x`])
  const readers = spawnNode('./starvation-readers.ts', [new URL(server.url).port, String(READERS)])
  try {
    await once(createInterface({ input: readers.stdout! }), 'line')
    await sleep(SETTLE_MS)
    const { url } = server
    const orders = await openOrderProbe(url)
    const before = await readHead(url)
    const startMs = performance.now()
    const [newReaders, healths, acks] = await Promise.all([
      probe(MEASURE_MS, () => timeFirstByte(`${url}/v1/stream?mode=raw`)),
      probe(MEASURE_MS, () => timeFirstByte(`${url}/health`)),
      probe(MEASURE_MS, () => orders.measure()),
    ])
    orders.close()
    const events = (await readHead(url)) - before
    return {
      pace,
      eventsPerSecond: (events / (performance.now() - startMs)) * 1_000,
      newReaderMs: Math.max(...newReaders),
      healthMs: Math.max(...healths),
      ackP50Ms: percentile(Float64Array.from(acks), 0.5),
      ackP99Ms: percentile(Float64Array.from(acks), 0.99),
    }
  } finally {
    await killProcess(readers)
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Repeats a measurement ten times a second, one at a time. */
export async function probe(forMs: number, measure: () => Promise<number>): Promise<number[]> {
  const taken: number[] = []
  for (const endMs = performance.now() + forMs; performance.now() < endMs; await sleep(PROBE_EVERY_MS)) {
    taken.push(await measure())
  }
  return taken
}

/** Milliseconds from opening a connection to the first byte of the body. */
export function timeFirstByte(url: string): Promise<number> {
  const startMs = performance.now()
  return new Promise(resolve => {
    const request = http.get(url, { agent: false, timeout: TIMEOUT_MS })
    const done = () => {
      resolve(performance.now() - startMs)
      request.destroy()
    }
    request.once('response', response => response.once('data', done))
    request.once('timeout', done)
    request.once('error', done)
  })
}

function printResults(results: readonly Result[]): void {
  const head = ['pace', 'events/s', 'new reader ms', 'before', '/health ms', 'before', 'ack p50', 'p99 ms', 'before']
  const rows = results.map(({ pace, eventsPerSecond, newReaderMs, healthMs, ackP50Ms, ackP99Ms }) => [
    `${pace}x`,
    eventsPerSecond.toFixed(0),
    newReaderMs.toFixed(0),
    BEFORE[pace]?.newReader ?? '-',
    healthMs.toFixed(0),
    BEFORE[pace]?.health ?? '-',
    ackP50Ms.toFixed(1),
    ackP99Ms.toFixed(1),
    BEFORE[pace]?.ack ?? '-',
  ])
  console.log(formatTable([head, ...rows]))
}
