// Agents of a configuration: one that is left out never acts, one at another rate acts as much more often.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExchange } from '@papertape/engine'
import type { DeskAnswer, DeskCommand } from '@papertape/protocol'
import { AGENT_NAMES, type AgentName } from './agent-settings.ts'
import { DESK } from './desks.ts'
import { selectInstruments } from './instruments.ts'
import { createSimulatedMarket } from './market.ts'
import type { MarketSettings } from './settings/market-schema.ts'

const START = 1_767_623_400_000
const instruments = selectInstruments(1)
const DESKS: Readonly<Record<AgentName, number>> = {
  'near-maker': DESK.nearMaker,
  'deep-maker': DESK.deepMaker,
  'liquidity-provider': DESK.liquidityProvider,
  'noise-trader': DESK.noiseTrader,
  institutions: DESK.institution,
  fundamentalist: DESK.fundamentalist,
  'momentum-trader': DESK.momentumTrader,
  'auction-trader': DESK.auctionTrader,
  backstop: DESK.backstop,
}

/** How many orders each desk places in twenty minutes, in the last of which orders for an auction are collected. */
function ordersOf(agents: NonNullable<MarketSettings['agents']>): ReadonlyMap<number, number> {
  const source = createSimulatedMarket({ seed: 5, instruments, startTime: START, settings: { agents } })
  const exchange = createExchange({ instruments, muted: true })
  const counts = new Map<number, number>()
  let time = START
  const port = {
    book: exchange,
    announce: () => assert.fail('unexpected announcement'),
    submit(command: DeskCommand) {
      if (command.type === 'desk.place') counts.set(command.desk, (counts.get(command.desk) ?? 0) + 1)
      return exchange.apply(command, { ts: Math.round(time * 1000), time: Math.floor(time) }) as DeskAnswer
    },
  }
  const { symbol } = instruments[0]!
  let isPaused = false
  for (time = source.nextTime!; time < START + 1_200_000; time = source.nextTime!) {
    if (!isPaused && time >= START + 1_140_000) {
      isPaused = true
      const pause = { type: 'phase.set', symbol, phase: 'paused', reason: null, until: null } as const
      exchange.apply(pause, { ts: Math.round(time * 1000), time: Math.floor(time) })
    }
    source.step(port)
  }
  return counts
}

test('each agent can be left out', () => {
  const usual = ordersOf({})
  for (const name of AGENT_NAMES) {
    const desk = DESKS[name]
    assert.ok((usual.get(desk) ?? 0) > 0, `${name} acts`)
    assert.equal(ordersOf({ [name]: { enabled: false } }).get(desk), undefined, name)
  }
})

test('a rate multiplies how often an agent acts', () => {
  for (const name of ['noise-trader', 'liquidity-provider'] as const) {
    const [usual, busy] = [ordersOf({}), ordersOf({ [name]: { rate: 3 } })].map(counts => counts.get(DESKS[name])!)
    assert.ok(busy! > 1.8 * usual!, `${name}: ${busy} orders at three times the rate, ${usual} at the usual`)
  }
})
