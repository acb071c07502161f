// Public reads: instruments, books, trades, candles and quotes, each with the position that it is true at.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

describe('public reads', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
    await app.pass(150_000)
  })
  after(() => app.close())

  const here = () => `${app.epoch}-${app.feed.log.head}`
  const get = async (path: string) => {
    const { status, body } = await ask(app, `GET /v1/${path}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

  test('an instrument alone is the same as in the list', async () => {
    const instruments = await get('instruments')
    assert.deepEqual(
      instruments.map(({ symbol }: { symbol: string }) => symbol),
      ['VELTR', 'NIMBR'],
    )
    for (const instrument of instruments) assert.deepEqual(await get(`instruments/${instrument.symbol}`), instrument)
  })

  test('a book has its best levels first, at most as many as asked for, and says how many orders they hold', async () => {
    const book = await get('instruments/VELTR/book?depth=3')
    assert.equal(book.id, here())
    for (const [side, sign] of [
      [book.bids, -1],
      [book.asks, 1],
    ] as const) {
      assert.equal(side.length, 3)
      const prices = side.map(([price]: readonly [number]) => price)
      assert.deepEqual(
        prices,
        prices.toSorted((a: number, b: number) => sign * (a - b)),
      )
      for (const [, size, orders] of side) assert.ok(size > 0 && orders >= 1)
    }
    assert.ok(book.bids[0][0] < book.asks[0][0])
    assert.ok((await get('instruments/VELTR/book')).bids.length > 3)
  })

  describe('trades', () => {
    test('are the newest ones, newest first, and pages below a seq leave out none and repeat none', async () => {
      const { id, symbol, trades } = await get('instruments/VELTR/trades?limit=20')
      assert.deepEqual([id, symbol, trades.length], [here(), 'VELTR', 20])
      const seqs = trades.map(({ seq }: { seq: number }) => seq)
      const paged: number[] = []
      for (let before = app.feed.log.head + 1; paged.length < 20; before = paged.at(-1)!) {
        const page = (await get(`instruments/VELTR/trades?limit=4&before=${before}`)).trades
        assert.equal(page.length, 4)
        paged.push(...page.map(({ seq }: { seq: number }) => seq))
      }
      assert.deepEqual(paged, seqs)
      assert.deepEqual(
        seqs,
        seqs.toSorted((a: number, b: number) => b - a),
      )
    })
  })

  describe('candles', () => {
    test('are one a minute unless another interval is asked for, oldest first', async () => {
      const { interval, candles } = await get('instruments/VELTR/candles')
      assert.equal(interval, '1m')
      const times = candles.map(({ time }: { time: number }) => time)
      assert.ok(times.length >= 3)
      for (const [index, time] of times.entries()) assert.equal(time, times[0] + index * 60_000)
      for (const { open, high, low, close } of candles) {
        assert.ok(low <= Math.min(open, close) && high >= Math.max(open, close))
      }
      assert.equal((await get('instruments/VELTR/candles?interval=1h')).candles.length, 1)
    })

    test('of each interval are joined from the minutes, and open at its multiples: days at UTC midnight', async () => {
      const minutes = (await get('instruments/VELTR/candles')).candles
      const volume = (bars: { volume: number }[]) => bars.reduce((sum, bar) => sum + bar.volume, 0)
      for (const [interval, length] of [
        ['15m', 15],
        ['4h', 240],
        ['1d', 1_440],
      ] as const) {
        const { candles } = await get(`instruments/VELTR/candles?interval=${interval}`)
        for (const { time } of candles) assert.equal(time % (length * 60_000), 0)
        assert.deepEqual([candles[0].open, volume(candles)], [minutes[0].open, volume(minutes)])
      }
    })

    test('are those that open from `from` and before `to`, at most the newest `limit`', async () => {
      const all = (await get('instruments/VELTR/candles')).candles
      const [first, second, third] = all.map(({ time }: { time: number }) => time)
      assert.deepEqual((await get(`instruments/VELTR/candles?from=${second}&to=${third}`)).candles, [all[1]])
      assert.deepEqual((await get(`instruments/VELTR/candles?to=${third}`)).candles, all.slice(0, 2))
      assert.deepEqual((await get(`instruments/VELTR/candles?from=${first}&limit=2`)).candles, all.slice(-2))
    })
  })

  describe('candles of several instruments', () => {
    test('are those that each has alone, with the same parameters', async () => {
      for (const query of ['', 'interval=5m', 'limit=2', 'interval=1s&limit=5']) {
        const all = await get(`candles?${query}`)
        assert.equal(all.id, here())
        for (const symbol of ['VELTR', 'NIMBR']) {
          const { interval, candles } = await get(`instruments/${symbol}/candles?${query}`)
          assert.deepEqual([all.interval, all.candles[symbol]], [interval, candles], query)
        }
      }
      const { candles } = await get('candles?symbols=NIMBR')
      assert.deepEqual(Object.keys(candles), ['NIMBR'])
      const [, second, third] = candles.NIMBR.map(({ time }: { time: number }) => time)
      const { candles: some } = await get(`candles?symbols=NIMBR,VELTR&from=${second}&to=${third}`)
      assert.deepEqual(some.NIMBR, [candles.NIMBR[1]])
    })

    test('are refused when they would be too many, with a limit that is not', async () => {
      const many = await openTestApp({ symbols: 20 })
      const { status, body } = await ask(many, 'GET /v1/candles?limit=501')
      assert.deepEqual([status, body.code], [400, 'bad-parameter'])
      assert.match(body.detail, /20 instruments .* limit=500, or name fewer symbols/)
      assert.equal((await ask(many, 'GET /v1/candles?limit=500')).status, 200)
      await many.close()
    })

    test('of an unknown symbol are refused, with the known ones', async () => {
      const { status, body } = await ask(app, 'GET /v1/candles?symbols=VELTR,NOPE')
      assert.deepEqual([status, body.code], [400, 'unknown-symbol'])
      assert.match(body.detail, /no NOPE; the symbols are VELTR, NIMBR/)
    })
  })

  test('quotes are of all instruments, or of those asked for in the order of their names', async () => {
    const symbolsOf = ({ quotes }: { quotes: { symbol: string }[] }) => quotes.map(({ symbol }) => symbol)
    const all = await get('quotes')
    assert.deepEqual([all.id, symbolsOf(all)], [here(), ['VELTR', 'NIMBR']])
    assert.deepEqual(symbolsOf(await get('quotes?symbols=VELTR')), ['VELTR'])
    assert.deepEqual(symbolsOf(await get('quotes?symbols=VELTR,NIMBR')), ['NIMBR', 'VELTR'])
  })

  for (const path of ['NOPE', 'NOPE/book', 'NOPE/trades', 'NOPE/candles', 'veltr']) {
    test(`of ${path} there is a 404 that lists the symbols`, async () => {
      const { status, body } = await ask(app, `GET /v1/instruments/${path}`)
      assert.deepEqual([status, body.code], [404, 'not-found'])
      assert.match(body.detail, /VELTR, NIMBR/)
    })
  }

  for (const query of [
    'book?depth=0',
    'book?depth=1001',
    'trades?limit=0',
    'trades?before=0',
    'candles?interval=2m',
    'candles?limit=5001',
  ]) {
    test(`${query} is out of range`, async () => {
      assert.equal((await ask(app, `GET /v1/instruments/VELTR/${query}`)).status, 400)
    })
  }
})
