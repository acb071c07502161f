// The truth behind a run against what is known from elsewhere: completed parent orders, values, desks and users' fills.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Trade, toPrice } from '@papertape/protocol'
import type { ParentOrder } from '../market/agents/institutions.ts'
import { DESK } from '../market/desks.ts'
import { instrumentsOfRun, openSeededRun, type TimedCommand } from './market-run.ts'
import type { RunResult } from './run-results.ts'
import { encodeLine, type TapeHeader } from './tape.ts'
import { observeTruth, type RowTruth } from './truth-observer.ts'

const SEED = Number(process.env.TEST_SEED ?? 11)
const REPEAT = `TEST_SEED=${SEED} node --test simulators/src/recording/truth.test.ts`
const START = 1_767_623_400_000
const END = START + 1_200_000
const header: TapeHeader = {
  format: 'papertape',
  version: 3,
  lines: 'ndjson',
  seed: SEED,
  preset: 'large-tick',
  scenarios: [],
  symbols: ['VELTR', 'NIMBR'],
  startTime: START,
  midnightTime: START - 34_200_000,
  durationMs: END - START,
  orders: null,
}

test(`the executions of a parent order add up to it; agents and values are those of the market (${REPEAT})`, () => {
  const parents: ParentOrder[] = []
  const values: number[][] = [[], []]
  const executed = new Map<number, { symbol: number; side: number; lots: number }>()
  const agents = new Set<string>()
  let taker = 0
  let last: { symbol: number; side: number; lots: number } | undefined
  const instruments = instrumentsOfRun(header)
  const onRow = (symbol: number, { agent, aggressor, metaorder, valueTicks }: RowTruth) => {
    agents.add(agent)
    assert.equal(valueTicks, values[symbol]!.at(-1) ?? instruments[symbol]!.previousCloseTicks)
    assert.equal(metaorder === null, aggressor !== 'institution')
    if (aggressor !== null) assert.equal(DESK[aggressor as keyof typeof DESK], taker)
    if (metaorder === null) return
    const { side, lots } = last!
    const before = executed.get(metaorder) ?? { symbol, side, lots: 0 }
    assert.deepEqual([symbol, side], [before.symbol, before.side])
    executed.set(metaorder, { ...before, lots: before.lots + lots })
  }
  const inner = {
    watch() {},
    onCommand(_time: number, command: object) {
      taker = 'desk' in command ? (command.desk as number) : -1
    },
    flow: {
      added() {},
      canceled() {},
      printed() {},
      executed(symbol: number, _id: number, side: number, _ticks: number, lots: number) {
        // The side of the aggressor.
        last = { symbol, side: side ^ 1, lots }
      },
    },
  }
  const truth = observeTruth(instruments, onRow, inner)
  const observer = {
    ...truth,
    onParentDone: (parent: ParentOrder) => parents.push(parent),
    onValue(symbol: number, time: number, valueTicks: number) {
      values[symbol]!.push(valueTicks)
      truth.onValue!(symbol, time, valueTicks)
    },
  }
  const run = openSeededRun(header, [], { observer, muted: true })
  while (run.step(END)) run.takeEvents()

  assert.ok(parents.length > 5, REPEAT)
  const numbers = [...executed.keys()]
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => i + 1),
  )
  const open = [...executed.values()]
  for (const { symbol, side, lots } of parents) {
    const found = open.findIndex(each => each.symbol === symbol && each.side === side && each.lots === lots)
    assert.ok(found >= 0, `a parent order of ${lots} lots: ${REPEAT}`)
    open.splice(found, 1)
  }
  // At most three brokers a symbol have one that is not complete.
  assert.ok(open.length <= 6, REPEAT)
  const quoting = ['backstop', 'nearMaker', 'deepMaker', 'liquidityProvider']
  for (const agent of quoting) assert.ok(agents.has(agent), agent)
  // They only take.
  for (const agent of ['noiseTrader', 'institution']) assert.equal(agents.has(agent), false)
})

const limit = (
  time: number,
  clientOrderId: string,
  side: 'buy' | 'sell',
  price: number,
  size: number,
): TimedCommand => ({
  time,
  command: {
    ...{ type: 'order.place', accountId: 'ann', clientOrderId, symbol: 'VELTR', orderType: 'limit' },
    ...{ side, size, price, timeInForce: 'GTC', postOnly: false },
  },
})

test('events: a trade has both sides, books and quotes who changed them; users are accounts', () => {
  const seeded = { ...header, seed: 11 }
  const instruments = instrumentsOfRun(seeded)
  const listed = toPrice(instruments[0]!, instruments[0]!.previousCloseTicks)
  const orders: TimedCommand[] = [
    { time: START + 2000, command: { type: 'account.open', accountId: 'ann', tokenHash: 'ann', cash: 1_000_000 } },
    limit(START + 5000, 'takes', 'buy', Math.round(listed * 103) / 100, 100),
    ...[0, 1, 2, 3, 4].map(i => limit(START + 6000, `rests-${i}`, 'sell', listed + i / 100, 20)),
  ]
  const results: RunResult[] = []
  const run = openSeededRun({ ...seeded, truth: true }, orders, { onResult: result => results.push(result) })
  const bare = openSeededRun(seeded, orders)
  const sides = new Map<number, { maker: string | null; taker: string | null }>()
  let changes = 0
  while (run.step(START + 300_000)) {
    bare.step(START + 300_000)
    const bareLines = bare.takeEvents().map(event => encodeLine(event, 'ndjson'))
    for (const [i, event] of run.takeEvents().entries()) {
      const truth = run.truthOf!(event)
      const line = encodeLine(event, 'ndjson', truth)
      // The events are those of a run without truth.
      const { truth: written, ...rest } = JSON.parse(line)
      assert.deepEqual(rest, JSON.parse(bareLines[i]!))
      assert.deepEqual(written, truth)
      if (event.event === 'trade') sides.set((event.data as Trade).tradeId, truth as never)
      else if (event.event === 'book' || event.event === 'quote') {
        assert.ok(truth !== undefined && 'agent' in truth && truth.agent !== null)
        const spec = instruments.find(({ symbol }) => symbol === event.data.symbol)!
        assert.ok(
          Math.abs(truth.value / toPrice(spec, spec.previousCloseTicks) - 1) < 0.01,
          `a value of ${truth.value}`,
        )
        if (truth.agent === 'account') changes++
      } else assert.equal(truth, undefined)
    }
  }
  assert.ok(changes >= 2)
  const fills = results.flatMap(result => (result.type === 'execution' && result.lastSize > 0 ? [result] : []))
  assert.deepEqual(new Set(fills.map(({ liquidity }) => liquidity)), new Set(['maker', 'taker']))
  for (const [tradeId, { maker, taker }] of sides) {
    const fill = fills.find(each => each.tradeId === tradeId)
    assert.equal(maker === 'account', fill?.liquidity === 'maker')
    assert.equal(taker === 'account', fill?.liquidity === 'taker')
  }
})
