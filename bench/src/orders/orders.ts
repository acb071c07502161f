// `npm run bench -- orders`: how long durable acknowledgements take at 5,000 commands a second, how many a second are
// sustained, and what the flood of one account costs another. Loads alternate with the same server without a disk, and
// with a peer that only echoes. Server, peer, readers and sessions are separate processes.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { medianOf, percentile } from '../measure.ts'
import { openOrderProbe } from '../order-probe.ts'
import { formatTable, writeResults } from '../report.ts'
import { killProcess, spawnNode, spawnServer } from '../server-process.ts'
import { isMet, type Threshold, thresholdTable } from '../thresholds.ts'

const SESSIONS = 200
const READERS = 100
/** As the dashboard reads: quotes and trades of all instruments, the book of one. */
const READ = 'events=quote,trade,book&books=VELTR'
const PER_SECOND = 5_000
/** Twice as many sessions, each at the same rate: what one connection may send is limited. */
const SUSTAINED = { sessions: 400, perSecond: 10_000 }
const BESIDE_FLOOD = { sessions: 20, perSecond: 400 }
const ROUNDS = 3
const ROUND_MS = 8_000
/** V8 compiles the path of an order for most of it. */
const WARM_UP_MS = 10_000
const SETTLE_MS = 3_000
const PING_PONGS = 500

interface OrderLoad {
  readonly sent: number
  readonly answered: number
  readonly refused: number
  readonly answeredPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

interface Sessions {
  /** For as long as a round when `ms` is absent. */
  run(perSecond: number, ms?: number): Promise<OrderLoad>
  close(): Promise<void>
}

interface BenchMarket {
  readonly port: string
  readonly url: string
  close(): Promise<void>
}

export async function benchOrders(): Promise<boolean> {
  console.log(`${SESSIONS} sessions, ${READERS} readers of the feed; ${ROUNDS} rounds of ${ROUND_MS / 1_000} s.\n`)
  const rates = await measureRate()
  const { pingPongMs, sustained } = await measureLimits()
  const flood = await measureFlood()
  const thresholds: Threshold[] = [
    { name: 'ms to an acknowledgement at 5,000/s, p99', value: p99(rates.durable), atMost: 10, decimals: 1 },
    { name: 'ms of one session that waits for each, p50', value: pingPongMs, atMost: 2, decimals: 2 },
    {
      name: 'share of 10,000/s that was acknowledged',
      value: sustained.answered / sustained.sent,
      atLeast: 1,
      decimals: 3,
    },
    { name: "p99 beside another account's flood, relative to none", value: flood, atMost: 1.25, decimals: 2 },
  ]
  const table: Readonly<Record<string, readonly OrderLoad[]>> = { ...rates, '10,000/s': [sustained] }
  const rows = Object.entries(table).map(([name, loads]) => [
    name,
    medianOf(loads.map(({ answeredPerSecond }) => answeredPerSecond)).toFixed(0),
    medianOf(loads.map(({ p50Ms }) => p50Ms)).toFixed(1),
    p99(loads).toFixed(1),
    String(loads.reduce((sum, { refused }) => sum + refused, 0)),
    String(loads.reduce((sum, { sent, answered, refused }) => sum + sent - answered - refused, 0)),
  ])
  console.log(formatTable([['load', 'acks/s', 'p50 ms', 'p99 ms', 'refused', 'lost'], ...rows]))
  const p50 = (loads: readonly OrderLoad[]) => medianOf(loads.map(({ p50Ms }) => p50Ms))
  const flushShare = 1 - p50(rates.memory) / p50(rates.durable)
  console.log(`\nShare of the journal's disk in p50: ${(flushShare * 100).toFixed(0)} %`)
  console.log(`p50 over that of the echo: ${(p50(rates.durable) / p50(rates.echo)).toFixed(1)}`)
  console.log(`\n${thresholdTable(thresholds)}`)
  const settings = { sessions: SESSIONS, readers: READERS, perSecond: PER_SECOND }
  const results = { rates, pingPongMs, sustained, flood, flushShare }
  console.log(`\nResults: ${writeResults('orders', { thresholds, settings, results })}`)
  return thresholds.every(isMet)
}

const p99 = (loads: readonly OrderLoad[]) => medianOf(loads.map(({ p99Ms }) => p99Ms))

async function measureRate(): Promise<Record<'durable' | 'memory' | 'echo', readonly OrderLoad[]>> {
  const rates = { durable: [] as OrderLoad[], memory: [] as OrderLoad[], echo: [] as OrderLoad[] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, open] of Object.entries({
      durable: openMarket,
      memory: () => openMarket(true),
      echo: openEcho,
    })) {
      const market = await open()
      const sessions = await openSessions(market, SESSIONS)
      // The first load is of a process that has compiled nothing.
      await sessions.run(PER_SECOND, WARM_UP_MS)
      rates[name as keyof typeof rates].push(await sessions.run(PER_SECOND))
      await sessions.close()
      await market.close()
    }
  }
  return rates
}

async function measureLimits(): Promise<{ pingPongMs: number; sustained: OrderLoad }> {
  const market = await openMarket()
  try {
    const probe = await openOrderProbe(market.url)
    const taken = new Float64Array(PING_PONGS)
    // Below the rate that a connection may send at.
    for (let n = 0; n < PING_PONGS; n++) {
      taken[n] = await probe.measure()
      await sleep(40)
    }
    probe.close()
    const sessions = await openSessions(market, SUSTAINED.sessions)
    await sessions.run(PER_SECOND, WARM_UP_MS)
    const sustained = await sessions.run(SUSTAINED.perSecond)
    await sessions.close()
    return { pingPongMs: percentile(taken, 0.5), sustained }
  } finally {
    await market.close()
  }
}

/** The ratio of p99 beside a flood to p99 without. */
async function measureFlood(): Promise<number> {
  const market = await openMarket()
  try {
    const sessions = await openSessions(market, BESIDE_FLOOD.sessions)
    await sessions.run(BESIDE_FLOOD.perSecond, WARM_UP_MS)
    const ratios: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const quiet = await sessions.run(BESIDE_FLOOD.perSecond)
      const flood = spawnNode(new URL('./flood.ts', import.meta.url), [market.port])
      await once(flood.stdout!, 'data')
      const flooded = await sessions.run(BESIDE_FLOOD.perSecond)
      await killProcess(flood)
      ratios.push(flooded.p99Ms / quiet.p99Ms)
    }
    await sessions.close()
    return medianOf(ratios)
  } finally {
    await market.close()
  }
}

/** With the readers of its feed. */
async function openMarket(inMemory = false): Promise<BenchMarket> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-bench-'))
  const storage = inMemory ? ['--memory'] : ['--data', folder]
  const server = await spawnServer([...storage, '--past-minutes', '0', '--past-days', '0', '--account-burst', '0'])
  const { port } = new URL(server.url)
  const readers = spawnNode('./starvation-readers.ts', [port, String(READERS), READ])
  await once(createInterface({ input: readers.stdout! }), 'line')
  await sleep(SETTLE_MS)
  return {
    port,
    url: server.url,
    async close() {
      await killProcess(readers)
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openEcho(): Promise<BenchMarket> {
  const echo = spawnNode(new URL('./echo-server.ts', import.meta.url), [])
  const [port] = (await once(createInterface({ input: echo.stdout! }), 'line')) as [string]
  return { port, url: `http://127.0.0.1:${port}`, close: () => killProcess(echo) }
}

async function openSessions({ port }: BenchMarket, count: number): Promise<Sessions> {
  const child: ChildProcess = spawnNode(new URL('./order-sessions.ts', import.meta.url), [port, String(count)])
  const lines: Interface = createInterface({ input: child.stdout! })
  await once(lines, 'line')
  return {
    async run(perSecond, ms = ROUND_MS) {
      child.stdin!.write(`${JSON.stringify({ perSecond, ms })}\n`)
      const [line] = (await once(lines, 'line')) as [string]
      return JSON.parse(line) as OrderLoad
    },
    close: () => killProcess(child),
  }
}
