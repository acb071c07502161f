// Liquidity providers reduce some of the orders that they take back; the others they cancel.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSimulation } from '../../simulation.ts'
import { DESK } from '../desks.ts'
import { selectInstruments } from '../instruments.ts'
import { createSimulatedMarket } from '../market.ts'
import { PRESETS } from '../preset.ts'

const SEED = Number(process.env.TEST_SEED ?? 5)
const START = 1_767_623_400_000
const REPEAT = `TEST_SEED=${SEED} node --test simulators/src/market/agents/liquidity-provider.test.ts`

for (const preset of PRESETS) {
  test(`${preset}: some cancels are partial, and leave a rest (TEST_SEED=${SEED})`, () => {
    const instruments = selectInstruments(1, preset)
    let cancels = 0
    let reductions = 0
    const market = createSimulatedMarket({ seed: SEED, instruments, preset, startTime: START })
    const { exchange, step, takeEvents } = createSimulation(market, undefined, (_, command) => {
      if (!('desk' in command) || command.desk !== DESK.liquidityProvider) return
      if (command.type === 'desk.cancel') cancels++
      if (command.type !== 'desk.reduce') return
      const restLots = exchange.openLots(command.desk, command.ref) - command.byLots
      assert.ok(command.byLots >= 1 && restLots >= 1, `${command.byLots} lots off, ${restLots} left: ${REPEAT}`)
      reductions++
    })
    while (step(START + 30 * 60_000)) takeEvents()
    const share = reductions / (reductions + cancels)
    assert.ok(share > 0.003 && share < 0.03, `${reductions} partial cancels and ${cancels} whole ones: ${REPEAT}`)
  })
}
