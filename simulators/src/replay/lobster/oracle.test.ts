// The replay against NASDAQ's own quotes: AAPL, 2012-06-21, 09:30 to 10:30. The data is not part of the project: where
// it is absent, the tests are skipped with a reason.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { createSimulation, type Simulation } from '../../simulation.ts'
import { parseLobsterFileName } from './file-name.ts'
import { type LobsterMessages, MESSAGE, parseLobster } from './messages.ts'
import { createLobsterReplay } from './replay.ts'
import { alignRows } from './testing/row-alignment.ts'

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/lobster/', import.meta.url))
const HOUR_FILE = 'AAPL_2012-06-21_34200000_37800000_message_50.csv.gz'
const skip = existsSync(FOLDER) ? false : `no market data in ${FOLDER}`

function read(file: string): string {
  return gunzipSync(readFileSync(FOLDER + file)).toString('latin1')
}

type After = (row: number, simulation: Simulation, messages: LobsterMessages) => void

/** Replays a file without users; calls `after` after each message. */
function replay(file: string, after: After) {
  const { symbol, midnightTime } = parseLobsterFileName(file)
  const messages = parseLobster(read(file))
  const startTime = midnightTime + Math.floor(messages.timesMs[0]!)
  const source = createLobsterReplay({ symbol, name: symbol, messages, startTime })
  const simulation = createSimulation(source)
  simulation.step(Number.POSITIVE_INFINITY)
  for (let row = 0; simulation.step(Number.POSITIVE_INFINITY); row++) after(row, simulation, messages)
  return { messages, source }
}

test('an hour of AAPL: best quotes, executions and the head of the queue', { skip }, t => {
  const FIRST_HOUR_ROWS = 25_636
  const rows: string[] = []
  const trades: string[] = []
  let last = ''
  const { messages, source } = replay(HOUR_FILE, (row, { exchange, takeEvents }, { types }) => {
    const bid = exchange.bestBid(0)
    const ask = exchange.bestAsk(0)
    const quote = `${ask * 100},${exchange.levelLots(0, ask)},${bid * 100},${exchange.levelLots(0, bid)}`
    // The file has a row after each change of the best price or size, and after each hidden execution.
    if (quote !== last || types[row] === MESSAGE.executeHidden) rows.push(quote)
    last = quote
    for (const { event, data } of takeEvents()) {
      if (event === 'trade') trades.push(`${row} ${Math.round(data.price * 10_000)} ${data.size} ${data.aggressor}`)
    }
  })

  const file = read('AAPL_2012-06-21_34200000_57600000_orderbook_1.csv.gz').split('\n').slice(0, FIRST_HOUR_ROWS)
  const { equal, missed, extra } = alignRows(file, rows)
  const { executions, atHead, missing, ghosts } = source.figures
  t.diagnostic(`${equal} of ${FIRST_HOUR_ROWS} rows equal (${((100 * equal) / FIRST_HOUR_ROWS).toFixed(2)} %)`)
  t.diagnostic(`${missed} missed, ${extra} extra; ${ghosts} ghosts`)
  t.diagnostic(`${atHead} of ${executions} executions at the head (${((100 * atHead) / executions).toFixed(2)} %)`)
  assert.ok(equal / FIRST_HOUR_ROWS >= 0.997, `${equal} rows equal`)
  assert.ok(atHead / executions >= 0.992, `${atHead} of ${executions} at the head`)
  assert.equal(missing, 0)

  // Without users the trades are the file's: equal prices, sizes and sides, message by message.
  const expected: string[] = []
  for (let i = 0; i < messages.count; i++) {
    if (messages.types[i] !== MESSAGE.execute && messages.types[i] !== MESSAGE.executeHidden) continue
    const aggressor = messages.directions[i] === 1 ? 'sell' : 'buy'
    expected.push(`${i} ${messages.prices[i]} ${messages.sizes[i]} ${aggressor}`)
  }
  assert.deepEqual(trades, expected)
})

test('the first 999 messages within ten levels: the book to its tenth level', { skip }, t => {
  // The short file does not show the first book, so the hour's messages make the market, and the rows of the short
  // file are looked up among them.
  const wanted = read('AAPL_2012-06-21_first999rows_message_10.csv.gz').trimEnd().split('\n')
  const books = read('AAPL_2012-06-21_first999rows_orderbook_10.csv.gz').trimEnd().split('\n')
  const lines = read(HOUR_FILE).split('\n')
  const rightTo = new Array<number>(11).fill(0)
  let next = 0
  replay(HOUR_FILE, (row, { exchange }) => {
    if (next >= wanted.length || lines[row]!.trim() !== wanted[next]!.trim()) return
    const book = books[next++]!.split(',').map(Number)
    let ask = exchange.bestAsk(0)
    let bid = exchange.bestBid(0)
    for (let level = 0; level < 10; level++) {
      const own = [ask * 100, exchange.levelLots(0, ask), bid * 100, exchange.levelLots(0, bid)]
      if (own.some((value, i) => value !== book[level * 4 + i])) return
      rightTo[level + 1]!++
      ask = exchange.nextAskAbove(0, ask)
      bid = exchange.nextBidBelow(0, bid)
    }
  })
  t.diagnostic(
    `rows found ${next} of ${wanted.length}; equal to level 1, 5, 10: ${rightTo[1]}, ${rightTo[5]}, ${rightTo[10]}`,
  )
  assert.equal(next, wanted.length)
  for (let level = 1; level <= 10; level++)
    assert.ok(rightTo[level]! >= 0.997 * next, `level ${level}: ${rightTo[level]}`)
})
