// The parameters of the feed: symbols, events, maxHz, mode; what is refused, and with which words.

import { SNAPSHOT_NEWS_MAX } from '@papertape/protocol'
import { expectEqual, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, type Json, requireOffered } from '../../target/answer.ts'
import { isDurable } from '../../target/feed-stream.ts'
import type { Probe } from '../../target/probe.ts'
import { EVERYTHING_RAW } from './positions.ts'

const DEFAULT_EVENTS = ['quote', 'trade', 'status', 'news']

/** Over both transports. */
async function expectRefused(probe: Probe, query: string, code: string, named: string): Promise<void> {
  for (const path of ['/v1/stream', '/v1/poll']) {
    const { detail } = expectProblem(await probe.call(`GET ${path}?${query}`), 400, code)
    expectTrue(detail.includes(named), `a detail that names ${named}`, detail)
  }
}

async function someSymbols(probe: Probe): Promise<string[]> {
  return (await probe.get('/v1/instruments')).map(({ symbol }: Json) => symbol)
}

export const SUBSCRIPTIONS = chapter('Subscription', [
  requirement('feed-symbols', '`symbols` limits events and snapshot to these instruments.', async probe => {
    const { symbol } = await probe.tradableInstrument()
    const stream = await probe.stream(`${EVERYTHING_RAW}&symbols=${symbol}`)
    await stream.frames.count('events', 20, isDurable)
    const [hello, snapshot] = stream.frames.items
    expectEqual('the symbols of hello', hello!.data.symbols, [symbol])
    expectEqual(
      'the symbols of the snapshot',
      snapshot!.data.instruments.map((one: Json) => one.symbol),
      [symbol],
    )
    for (const { event, data } of stream.frames.durable) {
      const isOfMarket = event === 'news' || data.symbol === null
      expectTrue(isOfMarket || data.symbol === symbol, `events of ${symbol}`, data)
    }
  }),

  requirement('feed-all-symbols', 'Without `symbols` there are all instruments.', async probe => {
    const stream = await probe.stream()
    const snapshot = await stream.frames.first('snapshot')
    const symbols = await someSymbols(probe)
    const sent: string[] = snapshot.data.instruments.map((one: Json) => one.symbol)
    expectEqual('the symbols of the snapshot', [...sent].sort(), [...symbols].sort())
  }),

  requirement('feed-unknown-symbol', 'An unknown symbol is a 400 with the known ones.', async probe => {
    const [first] = await someSymbols(probe)
    await expectRefused(probe, 'symbols=NOSUCH', 'unknown-symbol', first!)
  }),

  requirement('feed-events', '`events` limits a stream to these kinds.', async probe => {
    // Trades, because a trade changes the quote: with one of the two alone, a target that sends both is always found.
    const stream = await probe.stream('events=trade&mode=raw')
    await stream.frames.count('trades', 5, ({ event }) => event === 'trade')
    expectEqual('the kinds of events', [...new Set(stream.frames.durable.map(({ event }) => event))], ['trade'])
  }),

  requirement('feed-default-events', 'Without `events` they are quote, trade, status and news.', async probe => {
    const stream = await probe.stream('mode=raw')
    await stream.frames.first('quote')
    await stream.frames.first('trade')
    for (const { event } of stream.frames.durable) {
      expectTrue(DEFAULT_EVENTS.includes(event), `events of ${DEFAULT_EVENTS}`, event)
    }
  }),

  requirement(
    'snapshot-news',
    'A snapshot has the last headlines, newest first, when `events` has news, and none otherwise.',
    async probe => {
      const stream = await probe.stream('events=news')
      const { data: streamed } = await stream.frames.first('snapshot')
      const { snapshot: polled } = await probe.get('/v1/poll?events=news')
      const { news: listed } = requireOffered(await probe.call('GET /v1/news?limit=1000')).body
      for (const [what, snapshot] of [
        ['the stream', streamed],
        ['the poll', polled],
      ]) {
        const head = Number(snapshot.id.split('-')[1])
        const last = listed.filter(({ seq }: Json) => seq <= head).slice(0, SNAPSHOT_NEWS_MAX)
        expectEqual(`the headlines in the snapshot of ${what}`, snapshot.news, last)
      }
      const { data: other } = await (await probe.stream('events=trade')).frames.first('snapshot')
      expectEqual('the headlines without news', other.news, undefined)
    },
  ),

  requirement('feed-unknown-event', 'An unknown event is a 400 with the known ones.', async probe => {
    await expectRefused(probe, 'events=prices', 'bad-parameter', 'quote')
  }),

  requirement('feed-rate-range', '`maxHz` is 0.1 to 60; anything else is a 400.', async probe => {
    for (const maxHz of ['0', '61', 'ten', '-1']) await expectRefused(probe, `maxHz=${maxHz}`, 'bad-parameter', '60')
    for (const maxHz of [0.1, 60]) {
      const stream = await probe.stream(`maxHz=${maxHz}&events=news`)
      expectEqual('maxHz of hello', (await stream.frames.first('hello')).data.maxHz, maxHz)
    }
  }),

  requirement('feed-raw-without-rate', 'mode=raw with maxHz is a 400; so is an unknown mode.', async probe => {
    await expectRefused(probe, 'mode=raw&maxHz=5', 'bad-parameter', 'maxHz')
    await expectRefused(probe, 'mode=rare', 'bad-parameter', 'raw')
  }),

  requirement(
    'feed-hello',
    'hello says mode, rate (10 unless asked for), symbols, heartbeat and limits.',
    async probe => {
      const { data: plain } = await (await probe.stream('events=news')).frames.first('hello')
      expectEqual('mode and rate', [plain.mode, plain.maxHz], ['conflated', 10])
      expectEqual('heartbeatMs', plain.heartbeatMs, 15_000)
      expectTrue(typeof plain.limits === 'object' && plain.limits !== null, 'limits in hello', plain)
      expectTrue(Number.isInteger(plain.head) && Number.isInteger(plain.oldest), 'head and oldest as numbers', plain)
      const { data: raw } = await (await probe.stream('events=news&mode=raw')).frames.first('hello')
      expectEqual('mode and rate of a raw reader', [raw.mode, raw.maxHz], ['raw', null])
    },
  ),

  requirement(
    'feed-unknown-parameter',
    'An unknown parameter is a 400 that names the nearest known one.',
    async probe => {
      await expectRefused(probe, 'symbol=X', 'bad-parameter', 'symbols')
      await expectRefused(probe, 'maxhertz=5', 'bad-parameter', 'maxHz')
    },
  ),
])
