// Public market data and the routes around it, by plain requests.

import {
  BookAnswer,
  CandlesAnswer,
  CandlesBySymbolAnswer,
  InstrumentsAnswer,
  MarketAnswer,
  NewsAnswer,
  QuotesAnswer,
  TradesAnswer,
} from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json, requireOffered } from '../../target/answer.ts'
import type { Probe } from '../../target/probe.ts'

/** Bars open at whole multiples of these, those of a day at UTC midnight. */
const INTERVALS_MS = {
  '1s': 1_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
}

/** A symbol with as many trades. */
async function symbolWithTrades(probe: Probe, wanted: number): Promise<string> {
  const stream = await probe.stream('events=trade&mode=raw')
  for (;;) {
    const from = stream.frames.items.length
    const { data } = await stream.frames.first('trade', { from })
    const { trades } = await probe.get(`/v1/instruments/${data.symbol}/trades?limit=${wanted}`)
    if (trades.length >= wanted) return data.symbol
  }
}

/** A symbol with a closed bar of one second, and when its newest bar opens. */
async function symbolWithBars(probe: Probe): Promise<{ symbol: string; newestMs: number }> {
  for (;;) {
    const symbol = await symbolWithTrades(probe, 1)
    const { candles } = await probe.get(`/v1/instruments/${symbol}/candles?interval=1s`)
    if (candles.length > 1) return { symbol, newestMs: candles.at(-1).time }
  }
}

export const MARKET_DATA = chapter('REST', [
  requirement('rest-instruments', 'GET /v1/instruments lists the instruments.', async probe => {
    const instruments = await probe.get('/v1/instruments')
    expectSchema('the instruments', InstrumentsAnswer, instruments)
    expectTrue(instruments.length > 0, 'an instrument')
  }),

  requirement(
    'rest-instrument',
    'GET /v1/instruments/:symbol is one of them; an unknown one is a 404.',
    async probe => {
      const [listed] = await probe.get('/v1/instruments')
      const one = await probe.get(`/v1/instruments/${listed.symbol}`)
      const lasting = ({ symbol, name, tickSize, lotSize, priceDecimals }: Json) => [
        symbol,
        name,
        tickSize,
        lotSize,
        priceDecimals,
      ]
      expectEqual('the instrument', lasting(one), lasting(listed))
      expectProblem(await probe.call('GET /v1/instruments/NOSUCH'), 404)
    },
  ),

  requirement(
    'rest-book',
    'GET …/book has the position it is true at, and levels of price, size, orders.',
    async probe => {
      const { symbol } = await probe.tradableInstrument()
      const book = await probe.get(`/v1/instruments/${symbol}/book`)
      expectSchema('the book', BookAnswer, book)
      expectEqual('the symbol of the book', book.symbol, symbol)
      for (const [price, size, orders] of [...book.bids, ...book.asks]) {
        expectTrue(price > 0 && size > 0 && orders > 0, 'price, size and orders above 0', [price, size, orders])
      }
    },
  ),

  requirement('rest-trades', 'GET …/trades has at most `limit` trades, newest first.', async probe => {
    const symbol = await symbolWithTrades(probe, 3)
    const answer = await probe.get(`/v1/instruments/${symbol}/trades?limit=3`)
    expectSchema('the trades', TradesAnswer, answer)
    const seqs = answer.trades.map(({ seq }: Json) => seq)
    expectEqual('the number of trades', seqs.length, 3)
    expectEqual(
      'the order',
      seqs,
      [...seqs].sort((a, b) => b - a),
    )
    expectTrue(
      answer.trades.every((trade: Json) => trade.symbol === symbol),
      `trades of ${symbol}`,
    )
  }),

  requirement('rest-trades-before', '`before` gives the page of trades below a seq.', async probe => {
    const symbol = await symbolWithTrades(probe, 4)
    const { trades } = await probe.get(`/v1/instruments/${symbol}/trades?limit=4`)
    const page = await probe.get(`/v1/instruments/${symbol}/trades?limit=2&before=${trades[1].seq}`)
    expectEqual('the trades before the second', page.trades, trades.slice(2))
  }),

  requirement('rest-candles', 'GET …/candles has bars of each interval, of a price range that holds.', async probe => {
    const symbol = await symbolWithTrades(probe, 1)
    for (const [interval, lengthMs] of Object.entries(INTERVALS_MS)) {
      const answer = await probe.get(`/v1/instruments/${symbol}/candles?interval=${interval}`)
      expectSchema(`the bars of ${interval}`, CandlesAnswer, answer)
      expectEqual('the interval', answer.interval, interval)
      expectTrue(answer.candles.length > 0, `a bar of ${interval} of a symbol that has traded`)
      for (const bar of answer.candles) {
        expectEqual(`the time of a bar of ${interval}, from its start`, bar.time % lengthMs, 0)
        const prices = [bar.open, bar.close, bar.vwap]
        const isWithin = prices.every(price => price >= bar.low - 1e-6 && price <= bar.high + 1e-6)
        expectTrue(isWithin, 'open, close and vwap between low and high', bar)
      }
    }
    const refused = expectProblem(await probe.call(`GET /v1/instruments/${symbol}/candles?interval=2m`), 400)
    expectTrue(refused.detail.includes('5m'), 'a detail that names the intervals', refused.detail)
  }),

  requirement('rest-candles-range', '`from` and `to` limit the bars.', async probe => {
    const symbol = await symbolWithTrades(probe, 1)
    const path = `/v1/instruments/${symbol}/candles?interval=1s`
    const { candles } = await probe.get(path)
    const [bar] = candles
    const { candles: one } = await probe.get(`${path}&from=${bar.time}&to=${bar.time + 1_000}`)
    expectEqual(
      'the times of the bars',
      one.map(({ time }: Json) => time),
      [bar.time],
    )
  }),

  requirement(
    'rest-candles-by-symbol',
    'GET /v1/candles has the bars of several instruments, as each has them alone.',
    async probe => {
      const { symbol, newestMs } = await symbolWithBars(probe)
      const query = `interval=1s&to=${newestMs}&limit=20`
      const all = expectStatus(requireOffered(await probe.call(`GET /v1/candles?${query}`)), 200).body
      expectSchema('the bars', CandlesBySymbolAnswer, all)
      const { candles } = await probe.get(`/v1/candles?symbols=${symbol}&${query}`)
      expectEqual('the symbols', Object.keys(candles), [symbol])
      const alone = (await probe.get(`/v1/instruments/${symbol}/candles?${query}`)).candles
      expectEqual('the closed bars', candles[symbol], alone)
      expectEqual('the closed bars among all', all.candles[symbol], alone)
      expectProblem(await probe.call('GET /v1/candles?symbols=NOSUCH'), 400, 'unknown-symbol')
    },
  ),

  requirement(
    'rest-candles-pages',
    '`to` alone gives the newest bars before it: the page before; before `beginning` there is none.',
    async probe => {
      const symbol = await symbolWithTrades(probe, 1)
      const path = `/v1/instruments/${symbol}/candles?interval=1m`
      const timesOf = ({ candles }: Json) => candles.map(({ time }: Json) => time)
      const { candles } = await probe.get(`${path}&limit=1`)
      const page = await probe.get(`${path}&to=${candles[0].time}&limit=3`)
      const times = timesOf(page)
      const inOrder = [...times].sort((a, b) => a - b).filter(time => time < candles[0].time)
      expectEqual('the times of the page before, oldest first', times, inOrder)
      expectTrue(times.length <= 3, 'at most as many bars as asked for', times)
      const { beginning } = await probe.get(`${path}&to=1`)
      if (beginning === undefined) return
      expectEqual('the bars before the beginning', timesOf(await probe.get(`${path}&to=${beginning}`)), [])
      const first = await probe.get(`${path}&to=${beginning + 60_000}&limit=1`)
      expectEqual('the first bar', timesOf(first), [beginning])
    },
  ),

  requirement('rest-quotes', 'GET /v1/quotes has the latest quotes, or those of `symbols`.', async probe => {
    const { symbol } = await probe.tradableInstrument()
    const all = await probe.get('/v1/quotes')
    expectSchema('the quotes', QuotesAnswer, all)
    const one = await probe.get(`/v1/quotes?symbols=${symbol}`)
    expectEqual(
      'the symbols',
      one.quotes.map((quote: Json) => quote.symbol),
      [symbol],
    )
    expectProblem(await probe.call('GET /v1/quotes?symbols=NOSUCH'), 400, 'unknown-symbol')
  }),

  requirement(
    'rest-news',
    'GET /v1/news has headlines, newest first; `before` gives those below a seq.',
    async probe => {
      const answer = expectStatus(requireOffered(await probe.call('GET /v1/news?limit=3')), 200).body
      expectSchema('the news', NewsAnswer, answer)
      const seqs = answer.news.map(({ seq }: Json) => seq)
      expectEqual(
        'the order',
        seqs,
        [...seqs].sort((a, b) => b - a),
      )
      const [newest] = seqs
      if (newest === undefined) return
      const page = await probe.get(`/v1/news?limit=2&before=${newest}`)
      expectEqual('the news before the newest', page.news, answer.news.slice(1))
    },
  ),

  requirement('rest-transport', 'GET /v1/transport is the decision tree, and its answer for a need.', async probe => {
    for (const [query, transport] of [
      ['realtime=false', 'rest'],
      ['realtime=true&bidirectional=false', 'sse'],
      ['realtime=true&bidirectional=true', 'websocket'],
    ]) {
      const answer = await probe.get(`/v1/transport?${query}`)
      expectEqual(`the transport for ${query}`, answer.transport, transport)
      expectTrue(answer.reasons?.length > 0, 'reasons', answer)
    }
    const tree = await probe.get('/v1/transport')
    expectTrue(typeof tree === 'object' && tree.transport === undefined, 'the tree without a query', tree)
  }),

  requirement('rest-market', 'GET /v1/market says what runs.', async probe => {
    expectSchema('the market', MarketAnswer, await probe.get('/v1/market'))
  }),

  ...['/health', '/metrics', '/docs'].map(path =>
    requirement(`rest-${path.slice(1)}`, `GET ${path} is at the root.`, async probe => {
      expectStatus(requireOffered(await probe.call(`GET ${path}`)), 200)
    }),
  ),
])
