// A simulated market exported as LOBSTER files: parsed and replayed, they give the same books.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExchange } from '@papertape/engine'
import { selectInstruments } from '../market/instruments.ts'
import { createSimulatedMarket } from '../market/market.ts'
import { recordFlow } from '../order-flow/flow-recorder.ts'
import { parseLobster } from '../replay/lobster/messages.ts'
import { createLobsterReplay } from '../replay/lobster/replay.ts'
import { createSimulation } from '../simulation.ts'
import { createLobsterRows, type MessageChoice } from './lobster-rows.ts'

const START = 1_767_623_400_000
const MIDNIGHT = START - 34_200_000
const LEVELS = 5

/** Ten minutes of a market, in pieces as an export takes them. */
function exported(levels: number, choice: MessageChoice) {
  const instruments = selectInstruments(1)
  const recorder = recordFlow(1)
  const exchange = createExchange({ instruments, muted: true, flow: recorder })
  recorder.watch(exchange)
  const { source, step } = createSimulation(createSimulatedMarket({ seed: 5, instruments, startTime: START }), exchange)
  const rows = createLobsterRows(instruments[0]!, levels, choice)
  const flow = recorder.flows[0]!
  let messages = ''
  let orderbook = ''
  for (let goesOn = true; goesOn; ) {
    for (let i = 0; goesOn && i < 500; i++) {
      recorder.startCommand(source.nextTime! - MIDNIGHT)
      goesOn = step(START + 600_000)
    }
    const text = rows.take(flow)
    messages += text.messages
    orderbook += text.orderbook
    flow.count = 0
  }
  return { messages, orderbook }
}

test('an export replays through the exchange to the same books, message by message', () => {
  const { messages, orderbook } = exported(LEVELS, 'all')
  const parsed = parseLobster(messages)
  const books = orderbook.trimEnd().split('\n')
  assert.equal(books.length, parsed.count)
  assert.ok(parsed.count > 1000, `${parsed.count} messages`)
  const source = createLobsterReplay({ symbol: 'VELTR', name: 'VELTR', messages: parsed, startTime: START })
  const { exchange, step, takeEvents } = createSimulation(source)
  const cents = 100 / source.instruments[0]!.tickUnits
  step(Number.POSITIVE_INFINITY)
  for (let row = 0; step(Number.POSITIVE_INFINITY); row++) {
    takeEvents()
    const fields: (number | string)[] = []
    let [ask, bid] = [exchange.bestAsk(0), exchange.bestBid(0)]
    for (let level = 0; level < LEVELS; level++) {
      fields.push(ask === 0 ? 9999999999 : (ask * 100) / cents, ask === 0 ? 0 : exchange.levelLots(0, ask))
      fields.push(bid === 0 ? -9999999999 : (bid * 100) / cents, bid === 0 ? 0 : exchange.levelLots(0, bid))
      ask = ask === 0 ? 0 : exchange.nextAskAbove(0, ask)
      bid = bid === 0 ? 0 : exchange.nextBidBelow(0, bid)
    }
    assert.equal(books[row], fields.join(','), `row ${row + 1}`)
  }
  const { executions, atHead, ghosts, missing } = source.figures
  assert.ok(executions > 50)
  assert.deepEqual({ atHead, ghosts, missing }, { atHead: executions, ghosts: 0, missing: 0 })
})

test('without all messages those are listed that change one of the levels, as in LOBSTER files', () => {
  for (const levels of [1, LEVELS]) {
    const [all, some] = (['all', 'levels'] as const).map(choice => {
      const { messages, orderbook } = exported(levels, choice)
      return { messages: messages.trimEnd().split('\n'), books: orderbook.trimEnd().split('\n') }
    })
    // Executions of hidden orders are listed, too, which change nothing.
    const changes = all!.messages.flatMap((message, i) =>
      all!.books[i] === all!.books[i - 1] && message.split(',')[1] !== '5' ? [] : [[message, all!.books[i]]],
    )
    assert.deepEqual(
      some!.messages.map((message, i) => [message, some!.books[i]]),
      changes,
    )
    assert.ok(changes.length > 100 && changes.length < all!.messages.length, `${changes.length} messages`)
  }
})
