// Market makers outside of continuous trading: they stay in a short halt, leave a long one, are back when orders are
// accepted again, and do not follow the orders of an auction.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command, Phase } from '@papertape/protocol'
import { createSimulation, type Simulation } from '../../simulation.ts'
import { DESK, slotRef } from '../desks.ts'
import { selectInstruments } from '../instruments.ts'
import { createSimulatedMarket } from '../market.ts'

const SEED = Number(process.env.TEST_SEED ?? 5)
const START = 1_767_623_400_000
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const instruments = selectInstruments(8)
/** Orders of both makers, four of the near and six of the deep one, in all symbols. */
const ALL_QUOTES = instruments.length * 10
const REPEAT = `TEST_SEED=${SEED} node --test simulators/src/market/agents/market-maker.test.ts`

function open(onCommand?: (time: number, command: Command) => void): Simulation {
  const market = createSimulatedMarket({ seed: SEED, instruments, startTime: START })
  const simulation = createSimulation(market, undefined, onCommand)
  runTo(simulation, START + 2 * MINUTE_MS)
  return simulation
}

function runTo(simulation: Simulation, time: number): void {
  while (simulation.step(time)) simulation.takeEvents()
}

function setPhase({ send }: Simulation, time: number, phase: Phase): void {
  send({ type: 'phase.set', symbol: null, phase, reason: null, until: null }, { ts: time * 1000, time })
}

/** Orders of the makers in the books. */
function quotes({ exchange }: Simulation): number {
  let count = 0
  for (const [index] of instruments.entries()) {
    for (let slot = 0; slot < 6; slot++) {
      for (const desk of [DESK.nearMaker, DESK.deepMaker]) {
        if (exchange.openLots(desk, slotRef(index, slot)) > 0) count++
      }
    }
  }
  return count
}

for (const back of ['paused', 'continuous'] as const) {
  test(`makers leave a long halt, and quote again when it is ${back} (TEST_SEED=${SEED})`, () => {
    const simulation = open()
    const usual = quotes(simulation)
    assert.ok(usual > 0.9 * ALL_QUOTES, `${usual} quotes in a usual market: ${REPEAT}`)
    const haltTime = START + 2 * MINUTE_MS
    setPhase(simulation, haltTime, 'halted')
    runTo(simulation, haltTime + 5 * SECOND_MS)
    const early = quotes(simulation)
    assert.ok(early > 0.6 * usual, `${early} of ${usual} quotes after five seconds: ${REPEAT}`)
    runTo(simulation, haltTime + 15 * MINUTE_MS)
    assert.equal(quotes(simulation), 0, REPEAT)
    // Others stay.
    for (const [index] of instruments.entries()) assert.ok(simulation.exchange.bestBid(index) > 0, REPEAT)
    setPhase(simulation, haltTime + 15 * MINUTE_MS, back)
    runTo(simulation, haltTime + 15 * MINUTE_MS + 30 * SECOND_MS)
    const again = quotes(simulation)
    assert.ok(again > 0.9 * ALL_QUOTES, `${again} quotes half a minute after it: ${REPEAT}`)
  })
}

test(`makers act as often as usual while the orders of an auction cross (TEST_SEED=${SEED})`, () => {
  let placed = 0
  const simulation = open((_, command) => {
    if (command.type === 'desk.place' && command.desk === DESK.nearMaker) placed++
  })
  const usual = placed
  setPhase(simulation, START + 2 * MINUTE_MS, 'paused')
  runTo(simulation, START + 4 * MINUTE_MS)
  const { exchange } = simulation
  for (const [index] of instruments.entries()) assert.ok(exchange.bestBid(index) > exchange.bestAsk(index), REPEAT)
  const inCall = placed - usual
  assert.ok(inCall > 0.1 * usual && inCall < 1.5 * usual, `${inCall} orders after ${usual} usual ones: ${REPEAT}`)
})
