// The rows that a recorder keeps, and that they add up to the books of a market.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExchange, SIDE } from '@papertape/engine'
import type { DeskCommand } from '@papertape/protocol'
import { selectInstruments } from '../market/instruments.ts'
import { createSimulatedMarket } from '../market/market.ts'
import type { MarketSource } from '../market-source.ts'
import { DEPTH_LEVELS } from './depth-profile.ts'
import { recordFlow } from './flow-recorder.ts'
import { FLOW, type OrderFlow } from './order-flow.ts'

const SEED = Number(process.env.TEST_SEED ?? 11)
const instruments = selectInstruments(2)
const symbol = instruments[1]!.symbol

function open() {
  const recorder = recordFlow(instruments.length)
  const exchange = createExchange({ instruments, muted: true, flow: recorder })
  recorder.watch(exchange)
  function submit(command: DeskCommand, timeMs: number) {
    recorder.startCommand(timeMs)
    return exchange.apply(command, { ts: timeMs * 1000, time: timeMs })
  }
  return { recorder, exchange, submit }
}

function row(flow: OrderFlow, i: number): string {
  const kind = Object.keys(FLOW)[flow.kinds[i]!]
  const side = flow.sides[i] === SIDE.buy ? 'buy' : 'sell'
  const quote = `${flow.bidsLots[i]} at ${flow.bidsTicks[i]}, ${flow.asksLots[i]} at ${flow.asksTicks[i]}`
  return `${flow.timesMs[i]} ${kind} ${flow.lots[i]} ${side} at ${flow.pricesTicks[i]}: ${quote}`
}

test('adds, fills of one aggressive order and its remainder, reductions and deletes, each with the quote after it', () => {
  const { recorder, submit } = open()
  const rest = { type: 'desk.place', desk: 0, symbol, instruction: 'rest' } as const
  submit({ ...rest, ref: 1, side: 'sell', priceTicks: 101, sizeLots: 30 }, 10)
  submit({ ...rest, ref: 2, side: 'sell', priceTicks: 102, sizeLots: 20 }, 20)
  submit({ ...rest, ref: 3, side: 'buy', priceTicks: 102, sizeLots: 60 }, 30)
  submit({ type: 'desk.reduce', desk: 0, ref: 3, byLots: 4 }, 40)
  submit({ type: 'desk.cancel', desk: 0, ref: 3 }, 50)
  const flow = recorder.flows[1]!
  assert.equal(recorder.flows[0]!.count, 0)
  assert.deepEqual(
    Array.from({ length: flow.count }, (_, i) => row(flow, i)),
    [
      '10 add 30 sell at 101: 0 at 0, 30 at 101',
      '20 add 20 sell at 102: 0 at 0, 30 at 101',
      '30 execute 30 sell at 101: 10 at 102, 0 at 0',
      '30 execute 20 sell at 102: 10 at 102, 0 at 0',
      '30 add 10 buy at 102: 10 at 102, 0 at 0',
      '40 reduce 4 buy at 102: 6 at 102, 0 at 0',
      '50 remove 6 buy at 102: 0 at 0, 0 at 0',
    ],
  )
})

/** The lots of each level, computed from the rows. */
function levelsOf(flow: OrderFlow): Map<string, number> {
  const levels = new Map<string, number>()
  for (let i = 0; i < flow.count; i++) {
    if (flow.kinds[i] === FLOW.executeHidden) continue
    const level = `${flow.sides[i]} ${flow.pricesTicks[i]}`
    const lots = (levels.get(level) ?? 0) + (flow.kinds[i] === FLOW.add ? 1 : -1) * flow.lots[i]!
    if (lots === 0) levels.delete(level)
    else levels.set(level, lots)
  }
  return levels
}

test(`the rows of a market add up to its books (TEST_SEED=${SEED})`, () => {
  const repeat = `TEST_SEED=${SEED} node --test simulators/src/flow/flow-recorder.test.ts`
  const { recorder, exchange, submit } = open()
  const source: MarketSource = createSimulatedMarket({ seed: SEED, instruments, startTime: 0 })
  const announce = () => assert.fail('unexpected announcement')
  const port = {
    book: exchange,
    submit: (command: DeskCommand) => submit(command, source.nextTime!) as never,
    announce,
  }
  while (source.nextTime! < 120_000) source.step(port)
  for (const [index, flow] of recorder.flows.entries()) {
    assert.ok(flow.count > 100, repeat)
    const levels = levelsOf(flow)
    for (const [level, lots] of levels) {
      assert.equal(lots, exchange.levelLots(index, Number(level.split(' ')[1])), `${level}: ${repeat}`)
    }
    let ticks = exchange.bestBid(index)
    let count = 0
    for (; ticks !== 0; ticks = exchange.nextBidBelow(index, ticks)) count++
    assert.equal([...levels.keys()].filter(level => level.startsWith(String(SIDE.buy))).length, count, repeat)
    assert.equal(flow.bidsTicks[flow.count - 1], exchange.bestBid(index), repeat)
    const depth = recorder.depths[index]!.meanLots()!
    assert.equal(depth.length, DEPTH_LEVELS)
    assert.ok(
      depth.every(lots => lots > 0),
      repeat,
    )
  }
})
