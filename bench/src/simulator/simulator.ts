// `npm run bench -- simulator`: CPU time of simulated sessions of 6.5 hours. A symbol-day with its recorded flow,
// alternating with a peer that only matches the day's orders; a hundred symbols for a day; a hundred symbols at real
// time with encoded events.

import { createExchange } from '@papertape/engine'
import {
  createSimulatedMarket,
  createSimulation,
  encodeLine,
  type MarketDay,
  PRESETS,
  type Preset,
  SESSION_MS,
  selectInstruments,
  simulateDay,
} from '@papertape/simulators'
import { flowOperations } from '../flow-operations.ts'
import { cpuNs, medianOf } from '../measure.ts'
import { NodejsOrderBookPlayer } from '../players.ts'
import { formatTable, writeResults } from '../report.ts'
import { isMet, type Threshold, thresholdTable } from '../thresholds.ts'

const SEED = 20_261_121
const ROUNDS = 5
const SYMBOLS = 100
const OPEN_MS = 34_200_000
const LIVE_MS = 900_000
/** The peer gets the first part of the day: the whole day takes it too long. */
const PEER_OPERATIONS_MAX = 100_000

interface DayResult {
  readonly preset: Preset
  readonly bookEvents: number
  readonly seconds: number
  /** CPU time of an order in the peer, over CPU time of a simulated book event. */
  readonly ratio: number
  readonly peerNsPerOrder: number
  readonly nsPerEvent: number
}

export async function benchSimulator(): Promise<boolean> {
  console.log(`Seed ${SEED}; ${ROUNDS} rounds; CPU time of one thread.\n`)
  const days = PRESETS.map(measureDay)
  printDays(days)
  const hundred = measureHundred()
  const live = measureLive()
  const thresholds: Threshold[] = [
    ...days.flatMap(({ preset, bookEvents, seconds, ratio }): Threshold[] => [
      { name: `book events of a ${preset} day`, value: bookEvents, atLeast: 200_000, decimals: 0 },
      { name: `seconds for a ${preset} day`, value: seconds, atMost: 2, decimals: 2 },
      { name: `peer, orders only, relative to a ${preset} day`, value: ratio, atLeast: 1, decimals: 1 },
    ]),
    { name: `seconds for ${SYMBOLS} symbols and a day`, value: hundred.seconds, atMost: 25, decimals: 1 },
    { name: `% of a core for ${SYMBOLS} symbols, live`, value: live.corePercent, atMost: 10, decimals: 2 },
  ]
  console.log(`\n${thresholdTable(thresholds)}`)
  console.log(
    `\n${SYMBOLS} symbols, a day: ${hundred.commands} commands, ${Math.round(hundred.timesRealTime)} x real time`,
  )
  const settings = { seed: SEED, rounds: ROUNDS, symbols: SYMBOLS, peer: 'nodejs-order-book 10.1.1' }
  console.log(`Results: ${writeResults('simulator', { thresholds, settings, days, hundred, live })}`)
  return thresholds.every(isMet)
}

function measureDay(preset: Preset): DayResult {
  // Warms up, and makes the peer's orders.
  const operations = flowOperations(simulateDay({ preset, seed: SEED }).flow)
  const peerOperations = Math.min(operations.count, PEER_OPERATIONS_MAX)
  let bookEvents = 0
  const ours: number[] = []
  const peers: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    let day: MarketDay | undefined
    ours.push(
      cpuNs(() => {
        day = simulateDay({ preset, seed: SEED })
      }),
    )
    bookEvents = day!.flow.count
    const peer = new NodejsOrderBookPlayer(operations, peerOperations)
    peers.push(cpuNs(() => peer.run(0, peerOperations)) / peerOperations)
  }
  const ratios = peers.map((peerNs, round) => peerNs / (ours[round]! / bookEvents))
  const nsPerEvent = medianOf(ours) / bookEvents
  const seconds = medianOf(ours) / 1e9
  return { preset, bookEvents, seconds, ratio: medianOf(ratios), peerNsPerOrder: medianOf(peers), nsPerEvent }
}

/** All listed symbols, from the busiest to the quietest; nothing is recorded. */
function measureHundred() {
  const instruments = selectInstruments(SYMBOLS)
  const exchange = createExchange({ instruments, muted: true })
  const simulation = createSimulation(createSimulatedMarket({ seed: SEED, instruments, startTime: OPEN_MS }), exchange)
  const seconds =
    cpuNs(() => {
      while (simulation.step(OPEN_MS + SESSION_MS));
    }) / 1e9
  return { seconds, commands: simulation.commands, timesRealTime: SESSION_MS / 1000 / seconds }
}

/** The load of the venue's thread at real time, with filled books, without the journal. */
function measureLive() {
  const instruments = selectInstruments(SYMBOLS)
  const simulation = createSimulation(createSimulatedMarket({ seed: SEED, instruments, startTime: OPEN_MS }))
  while (simulation.step(OPEN_MS + LIVE_MS)) simulation.takeEvents()
  let events = 0
  let bytes = 0
  const seconds =
    cpuNs(() => {
      while (simulation.step(OPEN_MS + 2 * LIVE_MS)) {
        for (const event of simulation.takeEvents()) {
          bytes += encodeLine(event, 'tape').length
          events++
        }
      }
    }) / 1e9
  return { seconds, events, bytes, corePercent: (seconds / (LIVE_MS / 1000)) * 100 }
}

function printDays(days: readonly DayResult[]): void {
  const head = ['day', 'book events', 'seconds', 'per event', 'per order in nodejs-order-book', 'ratio']
  const rows = days.map(day => [
    day.preset,
    String(day.bookEvents),
    day.seconds.toFixed(2),
    `${day.nsPerEvent.toFixed(0)} ns`,
    `${day.peerNsPerOrder.toFixed(0)} ns`,
    day.ratio.toFixed(1),
  ])
  console.log(formatTable([head, ...rows]))
}
