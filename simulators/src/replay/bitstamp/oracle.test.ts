// The replay against Bitstamp's own books: five hours of 2015-05-01, a book every four seconds. The data is not part
// of the project: where it is absent, the test is skipped with a reason.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { createSimulation } from '../../simulation.ts'
import { BITSTAMP, type BitstampLevel, parseBitstamp } from './log.ts'
import { createBitstampReplay } from './replay.ts'

const FILE = fileURLToPath(new URL('../../../../../shared/data/bitstamp/2015-05-01.log.gz', import.meta.url))
const skip = existsSync(FILE) ? false : `no market data at ${FILE}`
const DEPTHS = [1, 5, 10, 20] as const

/** Levels of the log's books, best first, and how many of the replayed books have the same price and size. */
interface Agreement {
  levels: number
  equal: number
  /** Of the different ones: those beyond the levels of the first book. */
  unseen: number
}

test('five hours of BTCUSD: the books level by level, and the trades', { skip }, t => {
  const log = parseBitstamp(gunzipSync(readFileSync(FILE)).toString('latin1'))
  const source = createBitstampReplay(log)
  const { exchange, step, takeEvents } = createSimulation(source)
  const agreements = new Map(DEPTHS.map(depth => [depth, { levels: 0, equal: 0, unseen: 0 } as Agreement]))
  const made: [ticks: number, lots: number][] = []
  const [first] = [...log.books.values()]
  const lowest = first!.bids.at(-1)![0]
  const highest = first!.asks.at(-1)![0]

  function compare(side: 'bids' | 'asks', levels: readonly BitstampLevel[]): void {
    levels.forEach(([ticks, lots], place) => {
      const isOurs = side === 'bids' ? ticks <= exchange.bestBid(0) : ticks >= exchange.bestAsk(0)
      // Each order was rounded to a lot, and so was the sum.
      const equal =
        isOurs && Math.abs(exchange.levelLots(0, ticks) - lots) <= Math.max(1, exchange.levelOrders(0, ticks))
      for (const [depth, agreement] of agreements) {
        if (place >= depth) continue
        agreement.levels++
        if (equal) agreement.equal++
        else if (ticks < lowest || ticks > highest) agreement.unseen++
      }
    })
  }

  for (let row = 0; step(Number.POSITIVE_INFINITY); row++) {
    for (const { event, data } of takeEvents())
      if (event === 'trade') made.push([Math.round(data.price * 100), data.size])
    const book = log.books.get(row)
    if (book === undefined || book === first) continue
    compare('bids', book.bids)
    compare('asks', book.asks)
  }

  for (const [depth, { levels, equal, unseen }] of agreements) {
    const share = (count: number) => `${((100 * count) / levels).toFixed(2)} %`
    t.diagnostic(
      `to level ${depth}: ${share(equal)} of ${levels} levels equal, ${share(unseen)} outside the first book`,
    )
  }
  const logged = log.kinds.reduce((count, kind) => count + (kind === BITSTAMP.trade ? 1 : 0), 0)
  let common = 0
  for (let row = 0; row < log.count; row++) {
    if (log.kinds[row] !== BITSTAMP.trade) continue
    const found = made.findIndex(([ticks, lots]) => ticks === log.ticks[row] && Math.abs(lots - log.lots[row]!) <= 1)
    if (found < 0) continue
    made.splice(found, 1)
    common++
  }
  t.diagnostic(`${common} of ${logged} trades with the same price and size, ${made.length} others`)
  t.diagnostic(JSON.stringify(source.figures))

  assert.equal(log.books.size, 5011)
  const shareAt = (depth: (typeof DEPTHS)[number]) => agreements.get(depth)!.equal / agreements.get(depth)!.levels
  assert.ok(shareAt(1) >= 0.991, `best levels: ${shareAt(1)}`)
  assert.ok(shareAt(5) >= 0.989, `five levels: ${shareAt(5)}`)
  assert.ok(shareAt(10) >= 0.983, `ten levels: ${shareAt(10)}`)
  assert.ok(common / logged >= 0.9, `${common} of ${logged} trades`)
})
