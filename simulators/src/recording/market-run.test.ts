// A run with users' orders: they are applied at their times, and a restored run continues unchanged.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type MarketRun, openSeededRun, type RunState, type TimedCommand } from './market-run.ts'
import type { RunResult } from './run-results.ts'
import type { TapeHeader } from './tape.ts'

const START = 1_767_623_400_000
const END = START + 30_000
const header: TapeHeader = {
  format: 'papertape',
  version: 3,
  lines: 'tape',
  seed: 11,
  preset: 'mixed',
  scenarios: [],
  symbols: ['VELTR', 'NIMBR'],
  startTime: START,
  midnightTime: START - 34_200_000,
  durationMs: END - START,
  orders: null,
}

const place = (time: number, clientOrderId: string, side: 'buy' | 'sell', size: number): TimedCommand => ({
  time,
  command: {
    type: 'order.place',
    accountId: 'ann',
    clientOrderId,
    symbol: 'VELTR',
    side,
    orderType: 'market',
    size,
    timeInForce: 'IOC',
    postOnly: false,
  },
})
const ORDERS: readonly TimedCommand[] = [
  { time: START + 2000, command: { type: 'account.open', accountId: 'ann', tokenHash: 'ann', cash: 100_000 } },
  place(START + 5000, 'a', 'buy', 100),
  // More than it holds: rejected.
  place(START + 5000, 'b', 'sell', 101),
  place(START + 20_000, 'c', 'sell', 100),
]

/** The events of the given number of steps, as text. */
function play(run: MarketRun, steps = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = []
  for (let i = 0; i < steps && run.step(END); i++)
    for (const event of run.takeEvents()) lines.push(JSON.stringify(event))
  return lines
}

test('orders are applied at their time, before the market, and change the market', () => {
  const bare = openSeededRun(header, [])
  const busy = START + 20_000
  while (bare.nextTime! < busy) bare.step(END)
  const moment = bare.nextTime!
  const orders = [ORDERS[0]!, place(moment, 'a', 'buy', 100), place(moment, 'b', 'sell', 101)]
  const run = openSeededRun(header, orders)
  while (run.nextTime! < moment) run.step(END)
  run.takeEvents()
  assert.equal(run.nextTime, moment)
  run.step(END)
  // The second one is more than it holds.
  assert.deepEqual([run.orders.done, run.orders.refused], [2, 0])
  run.step(END)
  assert.deepEqual([run.orders.done, run.orders.refused], [3, 1])
  const trades = run.takeEvents().filter(event => event.event === 'trade')
  assert.deepEqual([trades[0]!.data.symbol, trades[0]!.data.aggressor], ['VELTR', 'buy'])
  assert.ok(run.simulation.exchange.account('ann')!.balance.cash < 100_000)
  assert.notDeepEqual(play(run), play(bare))
})

test('a run restored after any step continues with the same events and results', () => {
  const results: RunResult[] = []
  const onResult = (result: RunResult) => results.push(result)
  const whole = play(openSeededRun(header, ORDERS, { onResult }))
  const wholeResults = results.splice(0)
  assert.ok(wholeResults.length > 8)
  let count = 0
  for (const counted = openSeededRun(header, ORDERS); counted.step(END); counted.takeEvents()) count++
  for (let cut = 0; cut < count; cut += 97) {
    const first = openSeededRun(header, ORDERS, { onResult })
    const before = play(first, cut)
    const state = JSON.parse(JSON.stringify(first.save())) as RunState
    assert.equal(state.orders.results, results.length)
    const after = play(openSeededRun(header, ORDERS, { state, onResult }))
    assert.deepEqual([...before, ...after], whole, `cut after ${cut} steps`)
    assert.deepEqual(results.splice(0), wholeResults, `cut after ${cut} steps`)
  }
})

test('accounts pay the fees of the header, and none without them', () => {
  const cashAfter = (configuration: TapeHeader['configuration']) => {
    const run = openSeededRun(configuration === undefined ? header : { ...header, configuration }, ORDERS)
    play(run)
    return run.simulation.exchange.account('ann')!.balance.cash
  }
  const free = cashAfter(undefined)
  assert.equal(cashAfter({ impact: 22 }), free)
  // Two fills of some 18,400: 10 basis points of each.
  const paid = free - cashAfter({ fees: { takerBp: 10 } })
  assert.ok(paid > 36 && paid < 38, `${paid}`)
})
