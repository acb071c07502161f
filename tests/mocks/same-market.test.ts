// One seed gives one market: the server and the mocks have the same events, and the same books at the same time.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createMarket, handlers, type MockMarket } from '@papertape/mocks'
import type { BookAnswer, CandlesAnswer, MarketAnswer, PollAnswer, QuotesAnswer } from '@papertape/protocol/schemas'
import { setupServer } from 'msw/node'
import { operate } from '../support/market.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const SEED = 7
const SYMBOLS = 20
const MOCKED = 'http://papertape.test'
const COMPARED = 3_000
const PAGES_MAX = 1_000
/** Times of the market have fractions. */
const ROUNDING_MS = 0.001

async function read<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url)
  assert.equal(response.status, 200, url)
  return (await response.json()) as Answer
}

const readMarket = (origin: string) => read<MarketAnswer>(`${origin}/v1/market`)

/** Events of a market without what its wall clock says. */
async function eventsFrom(origin: string, from: number, count: number): Promise<object[]> {
  const { epoch } = await readMarket(origin)
  const events: object[] = []
  let last = `${epoch}-${from - 1}`
  for (let pages = 0; events.length < count; pages++) {
    assert.ok(pages < PAGES_MAX, `${origin} has ${count} events`)
    const url = `${origin}/v1/poll?mode=raw&wait=1&events=trade,quote,book,candle,status,news&last=${last}`
    const page = await read<PollAnswer>(url)
    for (const { event, data } of page.events) {
      const { ts: _, ...rest } = data
      events.push({ event, ...rest })
    }
    last = page.last
  }
  return events.slice(0, count)
}

describe('the market of a seed', () => {
  let server: RunningServer
  let market: MockMarket
  before(async () => {
    server = await startServer({
      flags: ['--seed', String(SEED), '--symbols', String(SYMBOLS), '--past-minutes', '3', '--past-days', '5'],
    })
    const [first] = (await eventsFrom(server.url, 1, 1)) as { time: number }[]
    // Begins in the minute in which the server's began.
    const startMs = Math.floor(first!.time / 60_000) * 60_000 + 60_000
    market = await createMarket({ seed: SEED, symbols: SYMBOLS, startMs, past: '1m', rules: 'standard' })
  })
  after(async () => {
    await market?.close()
    await server?.dispose()
  })

  /** What is asked of the mocks: MSW intercepts sockets of the whole process, so only while they are asked. */
  async function ofMocks<Read>(ask: (origin: string) => Promise<Read>): Promise<Read> {
    const mocked = setupServer(...handlers(market))
    mocked.listen()
    try {
      return await ask(MOCKED)
    } finally {
      mocked.close()
    }
  }

  test('has the same events in the mocks as on the server', async () => {
    const ofServer = await eventsFrom(server.url, 1, COMPARED)
    assert.deepEqual(await ofMocks(origin => eventsFrom(origin, 1, COMPARED)), ofServer)
  })

  test('has the same books, quotes and candles, also of its past, at the same time', async () => {
    const { time } = await operate(server, { pace: '0' })
    await market.advance(time - market.nowMs + ROUNDING_MS)
    assert.deepEqual(await ofMocks(stateOf), await stateOf(server.url))
  })
})

/** All that REST shows of a market, without its epoch and what its wall clock says. */
async function stateOf(origin: string): Promise<object> {
  const instruments = await read<{ symbol: string }[]>(`${origin}/v1/instruments`)
  const { quotes } = await read<QuotesAnswer>(`${origin}/v1/quotes`)
  const bySymbol = instruments.map(async ({ symbol }) => {
    const { bids, asks, checksum } = await read<BookAnswer>(`${origin}/v1/instruments/${symbol}/book?depth=1000`)
    const { candles } = await read<CandlesAnswer>(`${origin}/v1/instruments/${symbol}/candles`)
    return { symbol, bids, asks, checksum, candles }
  })
  return { instruments, quotes: quotes.map(({ ts: _, ...rest }) => rest), bySymbol: await Promise.all(bySymbol) }
}
