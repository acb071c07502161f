// The replay on tapes of a few lines: the effect of each message, alone and with a user's order in the book.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEvent } from '@papertape/protocol'
import type { SourceState } from '../../market-source.ts'
import { createSimulation, type Simulation } from '../../simulation.ts'
import { parseLobster } from './messages.ts'
import { createLobsterReplay, type LobsterReplay } from './replay.ts'

const START = 1_340_285_400_000
const USER = 99
const CENTS = 100

function start(rows: readonly string[], state?: SourceState, exchange?: Simulation['exchange']): Simulation {
  const options = { symbol: 'TEST', name: 'Test', messages: parseLobster(rows.join('\n')), startTime: START }
  return createSimulation(createLobsterReplay(options, state), exchange)
}

/** Replays this many messages, after the initial orders. */
function play(simulation: Simulation, steps = Number.POSITIVE_INFINITY): Simulation {
  for (let i = 0; i < steps && simulation.step(Number.POSITIVE_INFINITY); i++);
  return simulation
}

function trades(simulation: Simulation): string[] {
  return simulation
    .takeEvents()
    .filter((event): event is FeedEvent & { event: 'trade' } => event.event === 'trade')
    .map(({ data }) => `${data.aggressor} ${data.size} at ${data.price}${data.hidden === true ? ' hidden' : ''}`)
}

function placeForUser({ exchange }: Simulation, side: 'buy' | 'sell', cents: number, sizeLots: number): void {
  const order = { desk: USER, ref: 1, symbol: 'TEST', side, priceTicks: cents, sizeLots } as const
  const { time } = exchange
  exchange.apply({ type: 'desk.place', ...order, instruction: 'rest' }, { ts: time * 1000, time })
}

const row = (type: number, id: number, size: number, cents: number, direction: 1 | -1) =>
  `34200,${type},${id},${size},${cents * CENTS},${direction}`
const at = (seconds: number, text: string) => text.replace(/^[\d.]+/, String(seconds))

test('adds, partial cancels, deletes and executions; orders never added rested before', () => {
  const simulation = play(
    start([
      at(34200, row(1, 50, 100, 1001, -1)),
      at(34200, row(1, 51, 100, 1000, 1)),
      at(34201, row(2, 50, 30, 1001, -1)),
      at(34202, row(4, 50, 20, 1001, -1)),
      at(34203, row(4, 7, 5, 1002, -1)),
      at(34204, row(3, 51, 100, 1000, 1)),
    ]),
  )
  // Order 7 is older than the tape; at 10.02 it is best only after 50 has left, which the file does not show.
  assert.deepEqual(trades(simulation), ['buy 20 at 10.01', 'buy 5 at 10.02'])
  const { exchange } = simulation
  assert.deepEqual([exchange.bestBid(0), exchange.bestAsk(0)], [0, 0])
  assert.equal(simulation.source.nextTime, undefined)
})

test('the first message is at the start time, the others as much later as in the file', () => {
  const simulation = start([at(34200.25, row(1, 1, 1, 1000, 1)), at(34201.5, row(1, 2, 1, 1000, 1))])
  const times: (number | undefined)[] = []
  do times.push(simulation.source.nextTime)
  while (simulation.step(Number.POSITIVE_INFINITY))
  assert.deepEqual(times, [START, START, START + 1250, undefined])
})

test("a resting add removes tape orders that it would cross, and trades with users' orders", () => {
  const rows = [row(1, 1, 100, 1001, -1), row(1, 2, 100, 1003, 1)]
  const alone = play(start(rows))
  assert.deepEqual(trades(alone), [])
  assert.equal(alone.exchange.levelLots(0, 1003), 100)

  const shared = play(start(rows), 2)
  placeForUser(shared, 'sell', 1002, 40)
  play(shared)
  assert.deepEqual(trades(shared), ['buy 40 at 10.02'])
  assert.equal(shared.exchange.levelLots(0, 1003), 60)
})

test("an execution fills a user's order with priority, and the tape's order leaves as in the file", () => {
  const rows = [row(1, 1, 100, 1001, -1), row(4, 1, 100, 1001, -1)]
  const shared = play(start(rows), 2)
  placeForUser(shared, 'sell', 1000, 30)
  play(shared)
  assert.deepEqual(trades(shared), ['buy 30 at 10', 'buy 70 at 10.01'])
  assert.equal(shared.exchange.bestAsk(0), 0)
})

test('an execution of an order that a user has taken does not fill another tape order', () => {
  const rows = [row(1, 1, 100, 1001, -1), row(1, 2, 100, 1001, -1), row(4, 1, 100, 1001, -1)]
  const shared = play(start(rows), 3)
  placeForUser(shared, 'buy', 1001, 100)
  play(shared)
  assert.deepEqual(trades(shared), ['buy 100 at 10.01'])
  assert.equal(shared.exchange.levelLots(0, 1001), 100)
})

test('an execution out of queue order is printed, and one of a hidden order as hidden', () => {
  const hidden = at(34201, row(5, 0, 8, 1001, 1)).replace('100100', '100150')
  const rows = [row(1, 1, 100, 1001, -1), row(1, 2, 100, 1001, -1), row(4, 2, 60, 1001, -1), hidden]
  const simulation = play(start(rows))
  assert.deepEqual(trades(simulation), ['buy 60 at 10.01', 'sell 8 at 10.015 hidden'])
  assert.equal(simulation.exchange.levelLots(0, 1001), 140)
})

test('a restored replay continues unchanged, wherever it is cut', () => {
  const rows: string[] = []
  // Adds on both sides, some of which are ghosts.
  for (let id = 1; id <= 60; id++) {
    const direction = id % 2 === 0 ? 1 : -1
    rows.push(at(34200 + id, row(1, id + 100, 10 + id, 1000 - direction * ((id * 7) % 5), direction)))
    if (id % 3 === 0) rows.push(at(34200 + id, row(id % 4 === 0 ? 3 : 4, id + 99, 5, 1000, direction === 1 ? -1 : 1)))
    if (id % 10 === 0) rows.push(at(34200 + id, row(4, id, 3, 1004, -1)))
  }
  const whole = play(start(rows))
  const expected = JSON.stringify(whole.takeEvents())
  for (let cut = 0; cut <= rows.length; cut++) {
    const first = play(start(rows), cut)
    const state = JSON.parse(JSON.stringify(first.source.save())) as SourceState
    const second = play(start(rows, state, first.exchange))
    assert.equal(JSON.stringify(second.takeEvents()), expected, `cut after ${cut}`)
    assert.deepEqual(second.source.save(), whole.source.save())
  }
})

const halted = (seconds: number, price: -1 | 0 | 1) => `${seconds},7,0,0,${price},-1`
const HALT_ROWS = [
  at(34200, row(1, 1001, 100, 10000, 1)),
  at(34200, row(1, 1002, 200, 10010, -1)),
  halted(34206, -1),
  at(34210, row(1, 1003, 5, 10020, 1)),
  halted(34230, 0),
  at(34232, row(1, 1004, 300, 10050, 1)),
  at(34234, row(1, 1005, 250, 10020, -1)),
  at(34240, row(6, -1, 300, 10030, -1)),
  halted(34241, 1),
  at(34242, row(1, 1006, 10, 9990, 1)),
]

test('a halt of the tape: phases, no trade for a user, no order deleted, and the cross is printed', () => {
  const simulation = start(HALT_ROWS)
  const phases: string[] = []
  const printed: string[] = []
  const take = () => {
    for (const { event, data } of simulation.takeEvents()) {
      if (event === 'status' && data.auction === undefined) phases.push(data.phase)
      if (event === 'trade') printed.push(`${data.size} at ${data.price}${data.auction === true ? ' auction' : ''}`)
    }
  }
  play(simulation, 4)
  take()
  assert.deepEqual(phases, ['halted'])
  const { exchange } = simulation
  const stamp = { ts: exchange.time * 1000, time: exchange.time }
  exchange.apply({ type: 'account.open', accountId: 'a', tokenHash: 'a', cash: 100_000 }, stamp)
  const order = { accountId: 'a', symbol: 'TEST', side: 'buy', size: 10, postOnly: false } as const
  const market = { ...order, orderType: 'market', timeInForce: 'IOC' } as const
  const answer = exchange.apply({ type: 'order.place', clientOrderId: 'm', ...market }, stamp)
  assert.deepEqual([answer.type, 'execType' in answer && answer.execType], ['execution', 'rejected'])
  play(simulation, 4)
  // Crossing orders, collected in the halt and in the quoting phase.
  assert.deepEqual([exchange.levelLots(0, 10020), exchange.levelLots(0, 10050)], [5, 300])
  play(simulation)
  take()
  assert.deepEqual(phases, ['halted', 'paused', 'continuous'])
  assert.deepEqual(printed, ['300 at 100.3 auction'])
  const { ghosts, crosses, halts } = (simulation.source as LobsterReplay).figures
  // 1005 has 150 left at 100.20, and 1003 bids that price: its end is not in the file.
  assert.deepEqual({ ghosts, crosses, halts }, { ghosts: 1, crosses: 1, halts: 1 })
  assert.deepEqual([exchange.bestBid(0), exchange.bestAsk(0)], [10000, 10020])
  assert.equal(exchange.levelLots(0, 10020), 150)
})

test('crossing orders without a cross in the file trade at the reopening', () => {
  const simulation = play(start(HALT_ROWS.filter(text => !text.includes(',6,'))))
  assert.deepEqual(trades(simulation), ['sell 305 at 100.2'])
})

test('a cross during continuous trading is printed and leaves the book unchanged', () => {
  const simulation = play(start([at(34200, row(1, 1, 100, 1000, 1)), at(34201, row(6, -1, 500, 1001, 1))]))
  assert.deepEqual(trades(simulation), ['sell 500 at 10.01'])
  assert.equal(simulation.exchange.levelLots(0, 1000), 100)
})

test('a replay restored during a halt continues unchanged, wherever it is cut', () => {
  const whole = play(start(HALT_ROWS))
  const expected = JSON.stringify(whole.takeEvents())
  for (let cut = 0; cut <= HALT_ROWS.length; cut++) {
    const first = play(start(HALT_ROWS), cut)
    const state = JSON.parse(JSON.stringify(first.source.save())) as SourceState
    const second = play(start(HALT_ROWS, state, first.exchange))
    assert.equal(JSON.stringify(second.takeEvents()), expected, `cut after ${cut}`)
  }
})

const REOPENING_ROWS = [
  at(34200, row(1, 1001, 100, 10000, 1)),
  halted(34206, -1),
  halted(34230, 0),
  at(34232, row(1, 1004, 300, 10050, 1)),
  at(34240, row(6, -1, 300, 10030, -1)),
  halted(34241, 1),
  at(34242, row(1, 1006, 10, 10040, -1)),
]

/** Places limit orders of an account in the quoting phase and plays on; returns its executions. */
function crossFor(rows: readonly string[], ...limits: readonly [side: 'buy' | 'sell', price: number, size: number][]) {
  const simulation = play(start(rows), 1 + rows.findIndex(text => text.includes(',6,')))
  const { exchange, send } = simulation
  const stamp = { ts: exchange.time * 1000, time: exchange.time }
  send({ type: 'account.open', accountId: 'a', tokenHash: 'a', cash: 1_000_000, margin: true }, stamp)
  for (const [i, [side, price, size]] of limits.entries()) {
    const order = { accountId: 'a', clientOrderId: String(i), symbol: 'TEST', side, price, size } as const
    const terms = { orderType: 'limit', timeInForce: 'GTC', postOnly: false } as const
    send({ type: 'order.place', ...order, ...terms }, stamp)
  }
  play(simulation)
  return simulation
    .takePrivateEvents()
    .flatMap(({ event }) =>
      event.type === 'execution'
        ? [`${event.clientOrderId} ${event.execType} ${event.lastSize} at ${event.lastPrice}`]
        : [],
    )
}

test("users' orders better than the price of a cross fill at it, whether the file has others against them or not", () => {
  const sellers = at(34234, row(1, 1005, 400, 10020, -1))
  const withSellers = [...REOPENING_ROWS.slice(0, 4), sellers, ...REOPENING_ROWS.slice(4)]
  for (const rows of [REOPENING_ROWS, withSellers]) {
    assert.deepEqual(crossFor(rows, ['buy', 101, 70], ['buy', 100.1, 70]), ['0 fill 70 at 100.3'])
  }
  assert.deepEqual(crossFor(REOPENING_ROWS, ['sell', 100.2, 70], ['sell', 100.9, 70]), ['0 fill 70 at 100.3'])
  // At the price of the cross itself it depends on who was there before.
  assert.deepEqual(crossFor(REOPENING_ROWS, ['buy', 100.3, 10]), [])
})

test('what a user cancels between the cross and the reopening leaves nothing in the book', () => {
  const rows = [...REOPENING_ROWS.filter(text => !text.includes(',1004,')), at(34300, row(1, 1007, 1, 9000, 1))]
  const crossed = rows.findIndex(text => text.includes(',6,'))
  const simulation = play(start(rows), 1 + crossed)
  const { exchange } = simulation
  placeForUser(simulation, 'buy', 10100, 50)
  play(simulation, 1)
  assert.equal(exchange.levelLots(0, 10030), 50)
  exchange.apply({ type: 'desk.cancel', desk: USER, ref: 1 }, { ts: exchange.time * 1000, time: exchange.time })
  play(simulation)
  assert.deepEqual([exchange.bestBid(0), exchange.bestAsk(0), exchange.levelLots(0, 10030)], [10000, 10040, 0])
})

test('the ladder reaches the highest price of the file; one beyond the longest ladder is refused by its line', () => {
  const far = at(34201, row(1, 2, 7, 131_073, -1))
  const { exchange, source } = play(start([row(1, 1, 100, 1000, 1), far]))
  assert.equal(exchange.levelLots(0, 131_073), 7)
  assert.equal(source.instruments[0]!.priceTicksMax, 2 ** 18)
  const most = 2 ** 24
  assert.equal(play(start([row(1, 1, 100, most, -1)])).exchange.bestAsk(0), most)
  const rows = [row(1, 1, 100, 1000, 1), row(1, 2, 7, most + 1, -1), row(3, 2, 7, most + 1, -1)]
  assert.throws(
    () => start(rows),
    /^LobsterError: line 2: a price of 167772.17 is beyond .* end at 167772.16 with a tick of 0.01/,
  )
  // With a tick of a ten-thousandth it ends at a hundredth of that. A hidden execution has no level.
  const fine = row(1, 3, 1, 1000, 1).replace('100000,', '100001,')
  assert.throws(() => start([fine, row(1, 4, 1, 167_773, -1)]), /line 2: a price of 1677.73 .* end at 1677.7216 with/)
  assert.deepEqual(trades(play(start([rows[0]!, row(5, 0, 3, most + 1, -1)]))), ['buy 3 at 167772.17 hidden'])
})
