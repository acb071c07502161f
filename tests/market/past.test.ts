// The bars of a market over real HTTP: pages back to the beginning of its past without a hole or an overlap, the same
// after a restart; what the market shows of the day agrees with them.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Bar } from '@papertape/protocol'
import type { CandlesAnswer, PollAnswer } from '@papertape/protocol/schemas'
import { untilTrading } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const DAY_MS = 86_400_000
const LENGTHS_MS = { '1m': 60_000, '15m': 900_000, '1d': DAY_MS }
const SYMBOL = 'VELTR'
const FLAGS = ['--seed', '11', '--symbols', '2', '--past-minutes', '3', '--past-days', '2']

describe('the bars of a market', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: FLAGS })
  })
  after(() => server?.dispose())

  async function read(query: string): Promise<CandlesAnswer> {
    const { status, body } = await call(server.url, `GET /v1/instruments/${SYMBOL}/candles?${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

  /** All bars that open before a time, paged back to the beginning. */
  async function pageBack(interval: keyof typeof LENGTHS_MS, before: number, limit: number): Promise<Bar[]> {
    const bars: Bar[] = []
    for (let to = before; ; to = bars[0]!.time) {
      const { candles, beginning } = await read(`interval=${interval}&to=${to}&limit=${limit}`)
      bars.unshift(...candles)
      if (beginning !== undefined && bars[0]!.time <= beginning) return bars
      assert.ok(candles.length > 0, `${interval} has bars before ${to}`)
    }
  }

  test('go back to midnight two days before it began, in every interval, also after a restart', async () => {
    const now = (await read('interval=1m&limit=1')).candles[0]!.time
    const minutes = await pageBack('1m', now, 700)
    const [first] = minutes
    assert.equal(first!.time % DAY_MS, 0)
    assert.equal(minutes.length, (now - first!.time) / LENGTHS_MS['1m'])
    for (const [i, { time }] of minutes.entries()) assert.equal(time, first!.time + i * LENGTHS_MS['1m'])
    const pages = new Map<string, Bar[]>()
    for (const interval of ['15m', '1d'] as const) {
      const bars = await pageBack(interval, now - (now % LENGTHS_MS[interval]), 50)
      for (const [i, { time }] of bars.entries()) assert.equal(time, first!.time + i * LENGTHS_MS[interval])
      pages.set(interval, bars)
    }
    await server.kill('SIGTERM')
    await server.restart()
    assert.deepEqual(await pageBack('1m', now, 5_000), minutes)
    for (const [interval, bars] of pages) {
      assert.deepEqual(await pageBack(interval as '15m', now - (now % LENGTHS_MS[interval as '15m']), 7), bars)
    }
    assert.deepEqual((await read(`interval=1m&to=${first!.time}`)).candles, [])
  })

  test('begin with the market where they are of a second', async () => {
    const { candles: days } = await read('interval=1d')
    // The restart has left those of the minute that was open; the next trade brings one.
    await untilTrading(server.url, SYMBOL)
    const { candles, beginning } = await read('interval=1s&limit=1&to=1')
    assert.deepEqual(candles, [])
    assert.ok(beginning! > days[0]!.time + 2 * DAY_MS, `${beginning}, after ${days[0]!.time}`)
  })

  test("agree with the day's figures: the close of the day before, open and volume since midnight", async () => {
    const { body } = await call(server.url, 'GET /v1/poll?wait=1&events=trade')
    const { snapshot } = body as PollAnswer
    const { day, lastTrade } = snapshot!.instruments.find(({ symbol }) => symbol === SYMBOL)!
    const midnight = lastTrade!.time - (lastTrade!.time % DAY_MS)
    const [yesterday, today] = (await read(`interval=1d&from=${midnight - DAY_MS}`)).candles
    assert.deepEqual([day.previousClose, day.open], [yesterday!.close, today!.open])
    assert.ok(day.volume > 0 && day.volume <= today!.volume)
  })
})
