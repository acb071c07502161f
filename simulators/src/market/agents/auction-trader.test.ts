// Call auctions of a simulated market with a schedule: both have an indicative price, and trade.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExchange } from '@papertape/engine'
import type { FeedEvent } from '@papertape/protocol'
import { createSimulation } from '../../simulation.ts'
import { DESK, slotRef } from '../desks.ts'
import { selectInstruments } from '../instruments.ts'
import { parametersOf } from '../liquidity.ts'
import { createSimulatedMarket } from '../market.ts'
import { PRESETS } from '../preset.ts'

const SEED = Number(process.env.TEST_SEED ?? 5)
const MINUTE_MS = 60_000
const OPEN_MS = 570 * MINUTE_MS
const SCHEDULE = {
  preOpenMs: OPEN_MS - 2 * MINUTE_MS,
  openingAuctionMs: OPEN_MS - MINUTE_MS,
  continuousMs: OPEN_MS,
  closingAuctionMs: OPEN_MS + 20 * MINUTE_MS,
  closedMs: OPEN_MS + 22 * MINUTE_MS,
}
const REPEAT = `TEST_SEED=${SEED} node --test simulators/src/market/agents/auction-trader.test.ts`

for (const preset of PRESETS) {
  test(`${preset}: the opening and the closing auction have a price, and trade a share of the day (TEST_SEED=${SEED})`, () => {
    const instruments = selectInstruments(1, preset)
    const startTime = SCHEDULE.preOpenMs
    const exchange = createExchange({ instruments, rules: { schedule: SCHEDULE } })
    const market = createSimulatedMarket({ seed: SEED, instruments, preset, startTime })
    const { step, takeEvents } = createSimulation(market, exchange)
    const events: FeedEvent[] = []
    while (step(SCHEDULE.closedMs + MINUTE_MS)) events.push(...takeEvents())
    const indicated = new Set<string>()
    const crossed = new Map<number, number>()
    for (const { event, data } of events) {
      if (event === 'status' && (data.auction?.price ?? null) !== null) indicated.add(data.phase)
      if (event === 'trade' && data.auction === true) crossed.set(data.time, (crossed.get(data.time) ?? 0) + data.size)
    }
    assert.ok(indicated.has('openingAuction') && indicated.has('closingAuction'), `${[...indicated]}: ${REPEAT}`)
    const { dailyLots } = parametersOf(instruments[0]!, preset)
    const [opening, closing] = [...crossed.values()].map(size => size / dailyLots)
    assert.equal(crossed.size, 2, REPEAT)
    assert.ok(opening! > 0.005 && opening! < 0.05, `${opening} of the day at the open: ${REPEAT}`)
    assert.ok(closing! > 0.03 && closing! < 0.12, `${closing} of the day at the close: ${REPEAT}`)
    for (let order = 0; order < 100; order++) {
      assert.equal(exchange.openLots(DESK.auctionTrader, slotRef(0, order)), 0, 'nothing is left of its orders')
    }
  })
}
