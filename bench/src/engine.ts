// `npm run bench -- engine`: the matching engine against nodejs-order-book on the same operations, in turns within one
// run, and the garbage of ten million operations. Both books are warmed up first and then measured in a steady state.

import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuNs, median } from './measure.ts'
import { generateOperations, type Operations, PROFILES, type Profile } from './operations.ts'
import { NodejsOrderBookPlayer, PapertapePlayer } from './players.ts'
import { table, writeResults } from './report.ts'

const SEED = 20_261_121
const ROUNDS = 7
const THRESHOLDS = { realisticRatioMin: 100, collectionsMax: 0 } as const

// A round of ours is a whole stream, because the CPU clock of some kernels counts in steps of four milliseconds. A
// round of the peer is as many operations of the same stream as it gets through in its time.
const STREAM_OPERATIONS = 2_000_000
const OURS_WARM_UP_STREAMS = 1
const PEER_OPERATIONS_MAX = 300_000
const PEER_WARM_UP_FILLINGS = 4 // of its book
const PEER_ROUND_CPU_MS = 300

const GARBAGE_STREAMS = 5 // ten million operations

interface ProfileResult {
  readonly name: string
  readonly summary: string
  readonly ratio: number
  readonly ratios: readonly number[]
  readonly oursNsPerOperation: number
  readonly peerNsPerOperation: number
  /** How many operations the peer got through, warm-up included. */
  readonly peerAt: number
  readonly tradesCompared: number
  readonly sameTrades: boolean
}

export async function benchEngine(): Promise<boolean> {
  console.log(`Order flow of seed ${SEED}; ${ROUNDS} rounds; CPU time of one thread.\n`)
  const garbage = await measureGarbage()
  const profiles = PROFILES.map(measureProfile)
  print(profiles, garbage)
  const realistic = profiles.find(({ name }) => name === 'realistic')!
  const bars = {
    realisticRatio: realistic.ratio >= THRESHOLDS.realisticRatioMin,
    collections: garbage.collections <= THRESHOLDS.collectionsMax,
    sameTrades: profiles.every(({ sameTrades }) => sameTrades),
  }
  const settings = { seed: SEED, rounds: ROUNDS, peer: 'nodejs-order-book 10.1.1' }
  const file = writeResults('engine', { thresholds: THRESHOLDS, bars, settings, profiles, garbage })
  console.log(
    `\nBars: ${Object.entries(bars)
      .map(([bar, reached]) => `${bar} ${reached ? 'reached' : 'MISSED'}`)
      .join(', ')}`,
  )
  console.log(`Results: ${file}`)
  return Object.values(bars).every(reached => reached)
}

function measureProfile(profile: Profile): ProfileResult {
  const operations = generateOperations(profile, STREAM_OPERATIONS, SEED)
  const ours = new PapertapePlayer(operations, profile.restingOrders)
  const peer = new NodejsOrderBookPlayer(operations, PEER_OPERATIONS_MAX)
  for (let stream = 0; stream < OURS_WARM_UP_STREAMS; stream++) ours.run(0, operations.count)
  let peerAt = profile.restingOrders * PEER_WARM_UP_FILLINGS
  peer.run(0, peerAt)

  const oursNs: number[] = []
  const peerNs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    oursNs.push(cpuNs(() => ours.run(0, operations.count)) / operations.count)
    const from = peerAt
    const peerRoundNs = cpuNs(() => {
      peerAt = runFor(PEER_ROUND_CPU_MS, peer, from)
    })
    peerNs.push(peerRoundNs / (peerAt - from))
  }

  const ratios = peerNs.map((ns, round) => ns / oursNs[round]!)
  const [oursNsPerOperation, peerNsPerOperation] = [median(oursNs), median(peerNs)]
  const { name, summary } = profile
  const trades = compareTrades(operations, peer, peerAt)
  return { name, summary, ratio: median(ratios), ratios, oursNsPerOperation, peerNsPerOperation, peerAt, ...trades }
}

/** Whether our engine, given what the peer was given, made the same trades in the same order. */
function compareTrades(operations: Operations, peer: NodejsOrderBookPlayer, operationsCount: number) {
  const ours = new PapertapePlayer(operations, 1)
  ours.run(0, operationsCount)
  return { tradesCompared: peer.trades, sameTrades: ours.trades === peer.trades && ours.digest === peer.digest }
}

/** Runs the peer for about so much CPU time, a hundred operations at a time. Answers where it stopped. */
function runFor(cpuMs: number, peer: NodejsOrderBookPlayer, from: number): number {
  const start = process.threadCpuUsage()
  let at = from
  while (at + 100 <= PEER_OPERATIONS_MAX && process.threadCpuUsage(start).user < cpuMs * 1000) {
    peer.run(at, at + 100)
    at += 100
  }
  return at
}

/** Counts the garbage collections of ten million operations in a warm engine. */
async function measureGarbage(): Promise<{ operations: number; collections: number; heapGrowthBytes: number }> {
  const operations = generateOperations(PROFILES[0]!, STREAM_OPERATIONS, SEED)
  const player = new PapertapePlayer(operations, PROFILES[0]!.restingOrders)
  for (let stream = 0; stream < OURS_WARM_UP_STREAMS; stream++) player.run(0, operations.count)
  const collectedMs: number[] = []
  const observer = new PerformanceObserver(list => {
    for (const { startTime } of list.getEntries()) collectedMs.push(startTime)
  })
  observer.observe({ entryTypes: ['gc'] })
  await sleep(100)
  const heapBytes = process.memoryUsage().heapUsed
  const startedMs = performance.now()
  for (let stream = 0; stream < GARBAGE_STREAMS; stream++) player.run(0, operations.count)
  const endedMs = performance.now()
  const heapGrowthBytes = process.memoryUsage().heapUsed - heapBytes
  await sleep(100) // entries arrive after the fact
  observer.disconnect()
  const collections = collectedMs.filter(ms => ms >= startedMs && ms <= endedMs).length
  return { operations: operations.count * GARBAGE_STREAMS, collections, heapGrowthBytes }
}

function print(profiles: readonly ProfileResult[], garbage: Awaited<ReturnType<typeof measureGarbage>>): void {
  const head = ['profile', 'papertape', 'nodejs-order-book', 'ratio', 'lowest', 'highest', 'trades compared']
  const rows = profiles.map(result => [
    result.name,
    `${result.oursNsPerOperation.toFixed(0)} ns`,
    `${result.peerNsPerOperation.toFixed(0)} ns`,
    result.ratio.toFixed(0),
    Math.min(...result.ratios).toFixed(0),
    Math.max(...result.ratios).toFixed(0),
    `${result.tradesCompared} ${result.sameTrades ? 'same' : 'DIFFERENT'}`,
  ])
  console.log(table([head, ...rows]))
  const { operations, collections, heapGrowthBytes } = garbage
  const millions = operations / 1_000_000
  console.log(
    `\n${millions} million operations: ${collections} garbage collections, heap ${heapGrowthBytes} bytes larger`,
  )
}
