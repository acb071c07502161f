// The feed session against the real service, which is stopped, replaced, or behind a proxy that holds streams back: the
// data is live only while it is current, one loss has one beginning, and every event is delivered once.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type FeedOptions, type FeedState, openFeed } from '@papertape/client'
import { untilTrue } from '@papertape/protocol/testing/within'
import { untilTrading } from '../support/market.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openTcpProxy } from '../support/tcp-proxy.ts'

const FLAGS = ['--symbols', '3', '--seed', '7', '--pace', '5x']

interface Watched {
  readonly states: FeedState[]
  readonly ids: string[]
  readonly names: string[]
}

function watchFeed(t: TestContext, options: Partial<FeedOptions>): Watched & { session: ReturnType<typeof openFeed> } {
  const states: FeedState[] = []
  const ids: string[] = []
  const names: string[] = []
  const session = openFeed({
    ...options,
    onEvent: ({ event }, id) => {
      names.push(event)
      if (id !== undefined && event !== 'snapshot') ids.push(id)
    },
    onState: state => states.push(state),
  })
  t.after(() => session.close())
  return { states, ids, names, session }
}

/** A clock with timers, faster than the real one until `slowDown`. */
function fastClock(times: number) {
  let rate = times
  let realMs = performance.now()
  let startMs = realMs
  const nowMs = () => startMs + (performance.now() - realMs) * rate
  return {
    nowMs,
    setTimer(run: () => void, delayMs: number) {
      const timer = setTimeout(run, delayMs / rate)
      return () => clearTimeout(timer)
    },
    slowDown() {
      startMs = nowMs()
      realMs = performance.now()
      rate = 1
    },
  }
}

/** A stream that is held back is noticed three times, with waits between. */
const FALLBACK_MAX_MS = 60_000
/** Before the next trial of a stream. */
const CHANGE_MS = 2_000

const seqs = (ids: readonly string[]) => ids.map(id => Number(id.split('-')[1]))

describe('the feed session and the real service', { timeout: 180_000 }, () => {
  let server: RunningServer
  let symbols: string[]

  before(async () => {
    server = await startServer({ flags: FLAGS })
    const { quotes } = (await (await fetch(`${server.url}/v1/quotes`)).json()) as { quotes: { symbol: string }[] }
    symbols = quotes.map(({ symbol }) => symbol)
    await untilTrading(server.url, symbols[0]!)
  })
  after(() => server.dispose())

  test('a process stopped for 25 s: stale after three, one beginning over all retries, streaming afterwards', async t => {
    const { session, states } = watchFeed(t, { baseUrl: server.url })
    await untilTrue(() => session.state.eventsReceived > 30)
    // Events have arrived for long enough that a silence is unusual.
    await pause(2_000)
    assert.equal(session.state.freshness, 'live')
    const from = states.length
    t.after(() => server.resume())
    server.suspend()
    const stoppedMs = performance.now()
    await untilTrue(() => session.state.freshness === 'stale', 'stale data', 10_000)
    const tookMs = performance.now() - stoppedMs
    assert.ok(tookMs < 5_000, `stale after ${tookMs} ms`)
    await pause(25_000 - tookMs)
    server.resume()
    await untilTrue(() => session.state.freshness === 'live')
    const shown = states.slice(from)
    assert.deepEqual(new Set(shown.slice(0, -1).map(({ freshness }) => freshness)), new Set(['stale']))
    const beginnings = new Set(shown.slice(0, -1).map(({ staleSinceMs }) => staleSinceMs))
    assert.equal(beginnings.size, 1, `one loss began at ${[...beginnings]}`)
    assert.deepEqual([session.state.transport, session.state.fellBack], ['sse', false])
  })

  test('changes the books while it runs, without a lost or repeated event', async t => {
    const raw = watchFeed(t, { baseUrl: server.url, mode: 'raw', events: ['trade'] })
    const books: string[] = []
    const snapshots: string[][] = []
    const states: FeedState[] = []
    const ids: string[] = []
    const session = openFeed({
      baseUrl: server.url,
      events: ['quote', 'trade', 'book'],
      books: [symbols[0]!],
      onEvent: (event, id) => {
        if (event.event === 'book') books.push(event.data.symbol)
        if (event.event === 'trade' && id !== undefined) ids.push(id)
        if (event.event !== 'snapshot') return
        snapshots.push(event.data.instruments.filter(({ book }) => book !== undefined).map(({ symbol }) => symbol))
      },
      onState: state => states.push(state),
    })
    t.after(() => session.close())
    await untilTrue(() => ids.length > 5 && raw.ids.length > 5)
    for (const symbol of [symbols[1]!, symbols[2]!, symbols[0]!]) {
      session.setBooks([symbol])
      await untilTrue(() => snapshots.at(-1)?.[0] === symbol)
      books.length = 0
      await untilTrue(() => books.length > 3)
      assert.deepEqual(new Set(books), new Set([symbol]))
    }
    session.setBooks([])
    await untilTrue(() => snapshots.length === 5)
    await pause(500)
    assert.deepEqual(snapshots, [[symbols[0]], [symbols[1]], [symbols[2]], [symbols[0]], []])
    assert.ok(
      states.every(({ freshness }) => freshness !== 'stale'),
      'a change of the subscription is not a loss',
    )
    await untilTrue(() => seqs(raw.ids).at(-1)! >= seqs(ids).at(-1)!)
    const [first, last] = [seqs(ids)[0]!, seqs(ids).at(-1)!]
    const within = seqs(raw.ids).filter(seq => seq >= first && seq <= last)
    assert.deepEqual(
      seqs(ids).filter(seq => seq >= within[0]!),
      within,
    )
  })

  test('polls behind a proxy that holds streams back, and returns to a stream without a gap', async t => {
    let holds = true
    const gate = createServer((asked, answer) => {
      asked.on('error', () => {})
      if (holds && asked.url!.startsWith('/v1/stream')) return
      const through = request(`${server.url}${asked.url}`, { method: 'GET', headers: asked.headers }, response => {
        answer.writeHead(response.statusCode!, response.headers)
        response.pipe(answer)
      })
      through.on('error', () => answer.destroy())
      answer.on('close', () => through.destroy())
      through.end()
    }).listen(0, '127.0.0.1')
    await once(gate, 'listening')
    t.after(() => {
      gate.closeAllConnections()
      gate.close()
    })
    const baseUrl = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`
    const raw = watchFeed(t, { baseUrl: server.url, mode: 'raw', events: ['trade'] })
    const clock = fastClock(4)
    const feed = watchFeed(t, { baseUrl, events: ['trade'], environment: clock })
    await untilTrue(
      () => feed.session.state.fellBack && feed.session.state.freshness === 'live',
      undefined,
      FALLBACK_MAX_MS,
    )
    const tryInMs = feed.session.state.nextStreamTryInMs!
    assert.ok(tryInMs > 0 && tryInMs <= 18_000, `${tryInMs}`)
    assert.equal(feed.session.state.reason?.code, 'stream-does-not-pass')
    // At its own speed, and a busy machine's, it changes within the three seconds that it may take.
    await untilTrue(() => feed.session.state.nextStreamTryInMs! < CHANGE_MS)
    clock.slowDown()
    await untilTrue(() => feed.session.state.freshness === 'live')
    const from = feed.states.length
    holds = false
    await untilTrue(
      () => !feed.session.state.fellBack && feed.session.state.phase === 'live',
      undefined,
      FALLBACK_MAX_MS,
    )
    const count = feed.ids.length
    await untilTrue(() => feed.ids.length > count + 5)
    assert.ok(
      feed.states.slice(from).every(({ freshness }) => freshness === 'live'),
      'the change of the transport is not a loss',
    )
    assert.equal(feed.session.state.nextStreamTryInMs, undefined)
    await untilTrue(() => seqs(raw.ids).at(-1)! >= seqs(feed.ids).at(-1)!)
    const [first, last] = [Math.max(seqs(feed.ids)[0]!, seqs(raw.ids)[0]!), seqs(feed.ids).at(-1)!]
    assert.deepEqual(
      seqs(feed.ids).filter(seq => seq >= first),
      seqs(raw.ids).filter(seq => seq >= first && seq <= last),
    )
  })

  test('announces another market at the same address before its reset', async () => {
    const other = await startServer({ flags: [...FLAGS.slice(0, 3), '8'] })
    const proxy = await openTcpProxy(server.port)
    const epochs: [string, string | undefined][] = []
    const seen: string[] = []
    const session = openFeed({
      baseUrl: `http://127.0.0.1:${proxy.port}`,
      onEvent: ({ event }) => seen.push(event),
      onEpoch: (...change) => {
        epochs.push(change)
        seen.push('epoch')
      },
    })
    try {
      await untilTrue(() => session.state.eventsReceived > 0)
      const before = session.state.epoch
      seen.length = 0
      proxy.target = other.port
      proxy.cut()
      await untilTrue(() => seen.includes('snapshot'))
      const order = seen.slice(seen.indexOf('epoch'))
      assert.deepEqual(order.slice(0, 4), ['epoch', 'hello', 'reset', 'snapshot'])
      assert.equal(epochs.length, 2)
      assert.deepEqual(epochs[1], [session.state.epoch, before])
      assert.equal(session.position?.split('-')[0], session.state.epoch)
    } finally {
      session.close()
      proxy.close()
      await other.dispose()
    }
  })
})
