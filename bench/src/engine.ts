// `npm run bench -- engine`: the matching engine against nodejs-order-book on the same operations, and against itself
// with all order types, alternating within one run; latency of single operations; garbage of ten million. All books
// are warmed up first.

import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuNs, medianOf, percentile } from './measure.ts'
import { ALL_ORDER_TYPES, generateOperations, type Operations, PROFILES, type Profile } from './operations.ts'
import { AllOrderTypesPlayer, NodejsOrderBookPlayer, PapertapePlayer } from './players.ts'
import { formatTable, writeResults } from './report.ts'
import { isMet, type Threshold, thresholdTable } from './thresholds.ts'

const SEED = 20_261_121
const ROUNDS = 7

// A round of ours is a whole stream, because some kernels count CPU time in steps of four milliseconds. A round of the
// peer is as many operations of the same stream as it completes in its time.
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
  /** Operations that the peer completed, with the warm-up. */
  readonly peerAt: number
  readonly tradesCompared: number
  readonly sameTrades: boolean
}

export async function benchEngine(): Promise<boolean> {
  console.log(`Order flow of seed ${SEED}; ${ROUNDS} rounds; CPU time of one thread.\n`)
  const garbage = await measureGarbage()
  const profiles = PROFILES.map(measureProfile)
  const allOrderTypes = measureAllOrderTypes()
  const latency = measureLatency()
  printProfiles(profiles)
  const [realistic, cancelHeavy, still] = ['realistic', 'cancel-heavy', 'static'].map(
    wanted => profiles.find(({ name }) => name === wanted)!,
  )
  const staticSpeed = realistic!.oursNsPerOperation / still!.oursNsPerOperation
  const thresholds: Threshold[] = [
    { name: 'ratio on realistic', value: realistic!.ratio, atLeast: 150, decimals: 0 },
    { name: 'ratio on cancel-heavy', value: cancelHeavy!.ratio, atLeast: 1000, decimals: 0 },
    { name: 'speed on static, relative to realistic', value: staticSpeed, atLeast: 0.8, decimals: 2 },
    {
      name: 'cost with all order types, relative to limit orders only',
      value: allOrderTypes.ratio,
      atMost: 1.5,
      decimals: 2,
    },
    { name: 'p99.9 of an operation, us, clock included', value: latency.p999Ns / 1000, atMost: 5, decimals: 2 },
    { name: 'garbage collections in ten million operations', value: garbage.collections, atMost: 0, decimals: 0 },
    {
      name: 'profiles with different trades',
      value: profiles.filter(each => !each.sameTrades).length,
      atMost: 0,
      decimals: 0,
    },
  ]
  console.log(`\n${thresholdTable(thresholds)}`)
  console.log(
    `\nAn operation: p50 ${latency.p50Ns} ns, p99 ${latency.p99Ns} ns; reading the clock: ${latency.clockNs} ns`,
  )
  console.log(`Ten million operations: the heap grew by ${garbage.heapGrowthBytes} bytes`)
  const settings = { seed: SEED, rounds: ROUNDS, peer: 'nodejs-order-book 10.1.1' }
  const file = writeResults('engine', { thresholds, settings, profiles, allOrderTypes, latency, garbage })
  console.log(`Results: ${file}`)
  return thresholds.every(isMet)
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
  const [oursNsPerOperation, peerNsPerOperation] = [medianOf(oursNs), medianOf(peerNs)]
  const { name, summary } = profile
  const trades = compareTrades(operations, peer, peerAt)
  return { name, summary, ratio: medianOf(ratios), ratios, oursNsPerOperation, peerNsPerOperation, peerAt, ...trades }
}

/** Whether our engine makes the same trades as the peer, in the same order. */
function compareTrades(operations: Operations, peer: NodejsOrderBookPlayer, operationsCount: number) {
  const ours = new PapertapePlayer(operations, 1)
  ours.run(0, operationsCount)
  return { tradesCompared: peer.trades, sameTrades: ours.trades === peer.trades && ours.digest === peer.digest }
}

/** Runs the peer for about this CPU time, a hundred operations at a time. Returns the next operation. */
function runFor(cpuMs: number, peer: NodejsOrderBookPlayer, from: number): number {
  const start = process.threadCpuUsage()
  let at = from
  while (at + 100 <= PEER_OPERATIONS_MAX && process.threadCpuUsage(start).user < cpuMs * 1000) {
    peer.run(at, at + 100)
    at += 100
  }
  return at
}

/** The cost of an operation with all order types and with plain limit orders, alternating. */
function measureAllOrderTypes() {
  const [bare, rich] = [PROFILES[0]!, ALL_ORDER_TYPES].map(profile =>
    generateOperations(profile, STREAM_OPERATIONS, SEED),
  )
  const { restingOrders } = ALL_ORDER_TYPES
  const players = [new PapertapePlayer(bare!, restingOrders), new AllOrderTypesPlayer(rich!, restingOrders)]
  for (const player of players) player.run(0, STREAM_OPERATIONS)
  const rounds = Array.from({ length: ROUNDS }, () =>
    players.map(player => cpuNs(() => player.run(0, STREAM_OPERATIONS)) / STREAM_OPERATIONS),
  )
  const [bareNsPerOperation, nsPerOperation] = [0, 1].map(at => medianOf(rounds.map(round => round[at]!)))
  return { bareNsPerOperation, nsPerOperation, ratio: medianOf(rounds.map(([bareNs, richNs]) => richNs! / bareNs!)) }
}

/** The wall time of each operation of a stream, which includes interruptions by other processes. */
function measureLatency() {
  const operations = generateOperations(PROFILES[0]!, STREAM_OPERATIONS, SEED)
  const player = new PapertapePlayer(operations, PROFILES[0]!.restingOrders)
  player.run(0, operations.count)
  const ns = new Float64Array(operations.count)
  const clock = new Float64Array(operations.count)
  for (let stream = 0; stream < 2; stream++) {
    for (let at = 0; at < operations.count; at++) {
      const startMs = performance.now()
      player.run(at, at + 1)
      ns[at] = (performance.now() - startMs) * 1e6
      const readMs = performance.now()
      clock[at] = (performance.now() - readMs) * 1e6
    }
  }
  const [p50Ns, p99Ns, p999Ns] = [0.5, 0.99, 0.999].map(share => Math.round(percentile(ns, share)))
  return { p50Ns: p50Ns!, p99Ns: p99Ns!, p999Ns: p999Ns!, clockNs: Math.round(percentile(clock, 0.5)) }
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
  await sleep(100) // entries arrive later
  observer.disconnect()
  const collections = collectedMs.filter(ms => ms >= startedMs && ms <= endedMs).length
  return { operations: operations.count * GARBAGE_STREAMS, collections, heapGrowthBytes }
}

function printProfiles(profiles: readonly ProfileResult[]): void {
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
  console.log(formatTable([head, ...rows]))
}
