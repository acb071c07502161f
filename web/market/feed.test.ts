// The feed: joins REST and the stream, against a server made of promises.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SharedFeedOptions, SharedFeedSession, SharedFeedState } from '@papertape/client'
import { createPageConnection } from '../connections/connection.ts'
import { sharingText } from '../connections/connection-texts.ts'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { barOf, instrumentOf, stateOf, tradeOf } from '../testing/sample-market.ts'
import { createBarStore } from './bars.ts'
import { createDepthStore } from './depth.ts'
import { type CandleRange, createMarketFeed, type MarketPorts } from './feed.ts'
import { createSparklineStore } from './sparklines.ts'
import { createMarketStore } from './store.ts'
import { createTapeStore } from './tape.ts'
import { createVolumeStore } from './volume-at-price.ts'

const STATE: SharedFeedState = {
  phase: 'live',
  freshness: 'live',
  staleSinceMs: undefined,
  transport: 'sse',
  fellBack: false,
  nextStreamTryInMs: undefined,
  epoch: 'test',
  lastEventId: 'test-7',
  sinceMs: 0,
  lastArrivalMs: 900,
  silentForMs: 100,
  lagging: undefined,
  retryInMs: undefined,
  attempts: 0,
  reason: undefined,
  serverTimeOffsetMs: 0,
  heartbeatMs: 15_000,
  eventsReceived: 10,
  duplicatesDropped: 0,
  bytesReceived: 500,
  connections: 1,
  sharing: { role: 'leader', tabs: 1 },
}

type Opened = Parameters<MarketPorts['openFeed']>[0] & {
  closed: boolean
  snapshots: number
  wanted: readonly string[][]
}

/** @param begins whether the feed's first snapshot arrives at once */
function open(change: Partial<MarketPorts> = {}, begins = true) {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  const parts = {
    store: createMarketStore(frames),
    depth: createDepthStore(frames),
    tape: createTapeStore(frames),
    volume: createVolumeStore(frames),
    bars: createBarStore(frames),
    sparklines: createSparklineStore(frames),
    connections: {
      requests: createPageConnection(frames, 'requests', 'rest'),
      tape: createPageConnection(frames, 'tape', 'sse'),
      book: createPageConnection(frames, 'book', 'sse'),
      orders: createPageConnection(frames, 'orders', 'websocket'),
    },
  }
  const requested: string[] = []
  const opened: Opened[] = []
  const timers = new Set<() => void>()
  const ports: MarketPorts = {
    instruments: async () => [instrumentOf('AAA'), instrumentOf('BBB')],
    candles: async (symbol, interval) => {
      requested.push(`candles ${symbol} ${interval}`)
      return { id: 'test-5', symbol, interval, candles: [] }
    },
    minutesOf: async symbols => {
      requested.push(`minutes ${symbols.join()}`)
      return { id: 'test-5', interval: '1m', candles: Object.fromEntries(symbols.map(of => [of, [barOf(9)]])) }
    },
    trades: async symbol => {
      requested.push(`trades ${symbol}`)
      return { id: 'test-5', symbol, trades: [tradeOf(4, 10), tradeOf(5, 10)] }
    },
    news: async () => ({ id: 'test-5', news: [] }),
    openFeed(options): SharedFeedSession {
      const one: Opened = { ...options, closed: false, snapshots: 0, wanted: [] }
      opened.push(one)
      const data = { id: 'test-0', instruments: [] }
      if (begins) queueMicrotask(() => options.onEvent({ event: 'snapshot', data }, data.id))
      return {
        state: STATE,
        position: 'test-7',
        reconnect: () => {},
        resnapshot: () => void one.snapshots++,
        setBooks: books => {
          one.wanted = [...one.wanted, [...books]]
        },
        close: () => {
          one.closed = true
        },
      }
    },
    bytesAnswered: () => 0,
    nowMs: () => 1_000,
    setTimer(run) {
      timers.add(run)
      return () => void timers.delete(run)
    },
    ...change,
  }
  const feed = createMarketFeed(ports, parts)
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
    clock.frames(10)
  }
  const runTimers = () => {
    const due = [...timers]
    timers.clear()
    for (const run of due) run()
  }
  return { feed, parts, requested, opened, settle, runTimers, timers }
}

test('opens one feed, with the book of the shown instrument', async () => {
  const { feed, parts, opened, settle } = open()
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  feed.show('BBB', '1m')
  await settle()
  feed.show('BBB', '5m')
  await settle()
  assert.equal(opened.length, 1)
  assert.deepEqual(opened[0]!.wanted, [['AAA'], ['BBB']])
  opened[0]!.onState?.({ ...STATE, sharing: { role: 'follower', tabs: 3 } })
  await settle()
  for (const name of ['tape', 'book'] as const) {
    assert.equal(sharingText(parts.connections[name].facts.get()), 'shared with 2 other tabs; another tab holds it')
  }
})

test('an instrument selected with the list of instruments, before the feed opens, has its book', async () => {
  const { feed, parts, opened, settle } = open()
  parts.store.instruments.subscribe(() => feed.show('AAA', '1m'))
  feed.start()
  await settle()
  assert.deepEqual([opened.length, opened[0]!.books, opened[0]!.wanted], [1, ['AAA'], []])
})

test('history and feed join without a trade twice', async () => {
  const { feed, parts, opened, settle } = open()
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  const tape = opened[0] as SharedFeedOptions
  tape.onEvent({ event: 'trade', data: tradeOf(5, 10) }, 'test-5')
  tape.onEvent({ event: 'trade', data: tradeOf(6, 11) }, 'test-6')
  await settle()
  assert.deepEqual(
    parts.tape.state.get().trades.map(trade => trade.seq),
    [6, 5, 4],
  )
  const { byPrice } = parts.volume.state.get()
  assert.deepEqual(
    [...byPrice].map(([price, { bought }]) => [price, bought]).sort(([a], [b]) => a! - b!),
    [
      [10, 20],
      [11, 10],
    ],
  )
})

test('requests the history once the feed has begun or is overdue, again if it ends before that', async () => {
  const head = { seq: 5 }
  const change: Partial<MarketPorts> = {
    trades: async symbol => {
      requested.push(`trades ${symbol}`)
      return { id: `test-${head.seq}`, symbol, trades: [tradeOf(head.seq, 10)] }
    },
  }
  const { feed, parts, requested, opened, settle, runTimers } = open(change, false)
  const seqs = () => parts.tape.state.get().trades.map(({ seq }) => seq)
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  assert.deepEqual(requested, [])
  runTimers()
  await settle()
  assert.deepEqual(seqs(), [5], 'better than none')
  // The feed begins after it: 6 to 9 are in neither.
  opened[0]!.onEvent({ event: 'snapshot', data: { id: 'test-9', instruments: [stateOf('AAA')] } }, 'test-9')
  await settle()
  assert.equal(requested.filter(one => one === 'trades AAA').length, 2)
  head.seq = 9
  runTimers()
  await settle()
  assert.deepEqual(seqs(), [9, 5])
})

test('ignores a response that arrives after another selection', async () => {
  const { feed, parts, settle } = open()
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  feed.show('BBB', '1h')
  feed.show('AAA', '1s')
  await settle()
  const { symbol, interval, phase } = parts.bars.state.get()
  assert.deepEqual({ symbol, interval, phase }, { symbol: 'AAA', interval: '1s', phase: 'ready' })
})

test('a reset requests the history again', async () => {
  const { feed, requested, opened, settle } = open()
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  requested.length = 0
  const data = { reason: 'expired', requested: 'test-1', epoch: 'test', oldest: 5, head: 9 } as const
  ;(opened[0] as SharedFeedOptions).onEvent({ event: 'reset', data }, undefined)
  await settle()
  assert.ok(requested.includes('trades AAA') && requested.includes('candles AAA 1m'))
})

const report = (one: Opened, change: Partial<SharedFeedState>) => one.onState?.({ ...STATE, ...change })

test('data of a lost feed is stale until data arrives again, over all retries', async () => {
  const { feed, parts, opened, settle } = open()
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  const [tape] = opened
  const since = () => parts.connections.tape.current.staleSinceMs
  const states = [
    [{ phase: 'live', freshness: 'live' }, null],
    [{ phase: 'live', freshness: 'stale', lastArrivalMs: 900 }, 900],
    [{ phase: 'waiting', freshness: 'stale', lastArrivalMs: 950 }, 900],
    [{ phase: 'connecting', freshness: 'stale', lastArrivalMs: 960 }, 900],
    [{ phase: 'live', freshness: 'stale', lastArrivalMs: 970 }, 900],
    [{ phase: 'live', freshness: 'live', lastArrivalMs: 980 }, null],
  ] as const
  for (const [change, expected] of states) {
    report(tape!, change)
    assert.equal(since(), expected, JSON.stringify(change))
  }
})

test('another market at the same address replaces everything, and its instruments are requested', async () => {
  let list = [instrumentOf('AAA'), instrumentOf('BBB')]
  let answer: (() => void) | undefined
  const { feed, parts, opened, settle } = open({
    instruments: async () => list,
    candles: (symbol, interval) =>
      new Promise(resolve => {
        answer = () => resolve({ id: 'aaaa-5', symbol, interval, candles: [barOf(9)] })
      }),
  })
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  const [tape] = opened
  const late = answer!
  tape!.onEpoch?.('aaaa', undefined)
  tape!.onEvent({ event: 'snapshot', data: { id: 'aaaa-1', instruments: [stateOf('AAA')] } }, 'aaaa-1')
  tape!.onEvent({ event: 'trade', data: tradeOf(5, 10) }, 'aaaa-5')
  await settle()
  assert.equal(parts.store.summary('AAA').get().last, 10)
  report(tape!, { phase: 'waiting', freshness: 'stale' })
  list = [instrumentOf('ZZZ')]
  tape!.onEpoch?.('bbbb', 'aaaa')
  // Late events and responses of the old market are ignored.
  tape!.onEvent({ event: 'trade', data: tradeOf(6, 11) }, 'aaaa-6')
  late()
  await settle()
  assert.deepEqual(
    opened.map(({ closed }) => closed),
    [true, false],
  )
  assert.deepEqual(
    parts.store.instruments.get().map(one => one.symbol),
    ['ZZZ'],
  )
  assert.equal(parts.store.summary('AAA').get().last, null)
  assert.deepEqual([parts.tape.state.get().trades, parts.bars.state.get().bars], [[], []])
  assert.equal(parts.depth.state.get().symbol, '')
  assert.notEqual(parts.connections.tape.current.staleSinceMs, null, 'no data of the new market has arrived yet')
  feed.show('ZZZ', '1m')
  await settle()
  assert.deepEqual(opened[1]!.wanted, [['ZZZ']])
})

test('a failed request is noted and retried', async () => {
  let tries = 0
  const { feed, parts, settle, runTimers, opened } = open({
    instruments: async () => {
      if (++tries < 3) throw new Error('network: no answer')
      return [instrumentOf('AAA')]
    },
  })
  feed.start()
  await settle()
  assert.equal(parts.connections.requests.facts.get().note, 'network: no answer')
  assert.equal(opened.length, 0)
  runTimers()
  await settle()
  runTimers()
  await settle()
  assert.equal(opened.length > 0, true)
  assert.equal(parts.connections.requests.facts.get().note, null)
})

test('requests the sparklines of all visible instruments at once, those seen later in another request', async () => {
  const list = Array.from({ length: 20 }, (_, i) => `S${i}`)
  let failures = 1
  const asked: (readonly string[])[] = []
  const { feed, parts, opened, settle, runTimers } = open({
    instruments: async () => list.map(symbol => instrumentOf(symbol)),
    minutesOf: async symbols => {
      asked.push(symbols)
      if (failures-- > 0) throw new Error('network: no answer')
      return { id: 'test-5', interval: '1m', candles: Object.fromEntries(symbols.map(of => [of, [barOf(9)]])) }
    },
  })
  const pass = async () => {
    for (let i = 0; i < 4; i++) {
      runTimers()
      await settle()
    }
  }
  feed.show('S0', '1m')
  feed.start()
  feed.setVisibleSymbols(new Set(list.slice(0, 12)))
  await settle()
  await pass()
  assert.deepEqual(asked, [], 'not before the feed is live')
  opened[0]!.onEvent({ event: 'trade', data: tradeOf(6, 11, { symbol: 'S0' }) }, 'test-6')
  await pass()
  assert.deepEqual(asked, [list.slice(0, 12), list.slice(0, 12)], 'again after the failure, then no more')
  feed.setVisibleSymbols(new Set(list.slice(5, 20)))
  await pass()
  assert.deepEqual(asked.slice(2), [list.slice(12, 20)])
  assert.deepEqual(parts.sparklines.closes('S19').get(), [9])
})

test('loads pages of older headlines until there is no more', async () => {
  const news = (seq: number) => ({
    seq,
    ts: seq,
    time: seq,
    headline: `${seq}`,
    symbols: [],
    severity: 'info' as const,
  })
  const pages: number[] = []
  const { feed, parts, opened, settle } = open({
    async news(limit, before) {
      pages.push(before)
      if (pages.length === 2) throw new Error('network: no answer')
      const count = Math.min(limit, before - 1)
      return { id: 'test-99', news: Array.from({ length: count }, (_, i) => news(before - 1 - i)) }
    },
  })
  feed.start()
  await settle()
  assert.equal(await feed.loadOlderNews(), false, 'nothing is older than nothing')
  opened[0]!.onEvent({ event: 'news', data: news(71) }, 'test-71')
  assert.deepEqual(
    [await feed.loadOlderNews(), await feed.loadOlderNews(), await feed.loadOlderNews()],
    [true, true, false],
  )
  assert.deepEqual(pages, [71, 21, 21])
  assert.deepEqual(
    parts.store.news.get().map(({ seq }) => seq),
    Array.from({ length: 71 }, (_, i) => 71 - i),
  )
})

test('requests the page of bars before the oldest, once, and ignores it after a switch of the interval', async () => {
  const ranges: (CandleRange | undefined)[] = []
  let answerPage = () => {}
  const { feed, parts, settle } = open({
    candles: (symbol, interval, range) => {
      ranges.push(range)
      const candles = range === undefined ? [barOf(10, { time: 600_000 })] : [barOf(9, { time: 540_000 })]
      const answer = { id: 'test-5', symbol, interval, candles }
      if (range === undefined) return Promise.resolve(answer)
      return new Promise(resolve => {
        answerPage = () => resolve(answer)
      })
    },
  })
  const closes = () => parts.bars.state.get().bars.map(({ close }) => close)
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  feed.loadEarlierBars()
  feed.loadEarlierBars()
  assert.deepEqual(ranges.slice(1), [{ to: 600_000, limit: 600 }])
  answerPage()
  await settle()
  assert.deepEqual(closes(), [9, 10])
  feed.loadEarlierBars()
  const late = answerPage
  feed.show('AAA', '5m')
  feed.show('AAA', '1m')
  await settle()
  late()
  await settle()
  assert.deepEqual(closes(), [10])
})

test('a gap in the book requests a snapshot', async () => {
  const { feed, opened, settle } = open()
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  const book = opened[0]!
  const empty = { seq: 4, bids: [], asks: [], checksum: 0 }
  book.onEvent({ event: 'snapshot', data: { id: 'test-4', instruments: [stateOf('AAA', { book: empty })] } }, 'test-4')
  const data = { seq: 9, ts: 9, time: 9, symbol: 'AAA', prevSeq: 7, changes: [], checksum: 0 }
  book.onEvent({ event: 'book', data }, 'test-9')
  assert.equal(book.snapshots, 1)
})

test('after stop no feed is open and no timer is set', async () => {
  const { feed, opened, settle, timers } = open()
  feed.show('AAA', '1m')
  feed.start()
  await settle()
  feed.stop()
  await settle()
  assert.equal(opened.filter(one => !one.closed).length, 0)
  assert.equal(timers.size, 0)
})
