// The long poll, chosen or fallen back to, over real sockets: every event once, as in a stream, and no more requests
// than the subscription's rate allows. The clock is the test's.

import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import {
  hello,
  idOf,
  idsTo,
  json,
  type RequestHandler,
  seqOf,
  seqs,
  snapshot,
  spin,
  stream,
  TestEnvironment,
  trade,
} from '../../testing/bad-server.ts'
import { watchFeed } from '../../testing/watched-feed.ts'
import type { FeedOptions } from '../feed-interface.ts'

const LIMIT = { timeout: 120_000 }

describe('long poll', LIMIT, () => {
  /** Streams get no answer; polls are answered from a log, `perPoll` events at a time. */
  const behindProxy =
    (count: number, perPoll: number): RequestHandler =>
    (url, response) => {
      if (url.pathname === '/v1/stream') return
      const from = seqOf(url.searchParams.get('last'))
      const events = seqs(from + 1, Math.min(count, from + perPoll)).map(seq => ({
        id: idOf(seq),
        event: 'trade',
        data: { seq, symbol: 'VELTR' },
      }))
      if (from < count) json(response, 200, { last: idOf(from + events.length), events })
    }

  test('after three silent streams polls deliver every event once, and the state reports it', async t => {
    const { fetch, answered } = watchPolls()
    const clock = new TestEnvironment()
    const f = await watchFeed(t, behindProxy(7, 3), { maxHz: 60, environment: { ...clock, fetch } })
    for (let i = 1; i <= 3; i++) {
      await spin(() => f.server.requests.length === i + (i === 3 ? 1 : 0))
      if (i === 3) await answered
      clock.advance(5_000)
      clock.advance(f.session.state.retryInMs ?? 0)
    }
    await spin(() => {
      clock.advance(20)
      return f.ids.length === 7
    })
    assert.deepEqual(f.ids, idsTo(7))
    const { transport, fellBack, reason, phase } = f.session.state
    assert.deepEqual([transport, fellBack, reason?.code, phase], ['longPoll', true, 'stream-does-not-pass', 'live'])
    assert.equal(f.server.requests.filter(({ pathname }) => pathname === '/v1/stream').length, 3)
    const polls = f.server.requests.filter(({ pathname }) => pathname === '/v1/poll')
    // The first poll was sent beside the third stream, to see whether polls pass.
    assert.deepEqual(
      polls.slice(0, 3).map(({ searchParams }) => searchParams.get('wait')),
      ['0', '0', '25'],
    )
  })

  /** fetch, and a promise that resolves when the first poll was answered and read. */
  function watchPolls() {
    const { promise: answered, resolve } = Promise.withResolvers<void>()
    const fetchWhole = async (url: string, init: RequestInit) => {
      const response = await fetch(url, init)
      if (!url.includes('/v1/poll')) return response
      const whole = new Response(await response.text(), response)
      setImmediate(() => setImmediate(resolve))
      return whole
    }
    return { fetch: fetchWhole, answered }
  }

  const polling = (t: TestContext, answer: RequestHandler, options: Partial<FeedOptions> = {}) =>
    watchFeed(t, answer, { transport: 'longPoll', ...options })

  test('delivers snapshots, resets and repeated answers in the order of a stream, each id once', async t => {
    const event = (seq: number) => ({ id: idOf(seq), event: 'trade', data: { seq, symbol: 'VELTR' } })
    const answers = [
      {
        last: idOf(12),
        reset: { reason: 'expired' },
        snapshot: { id: idOf(10), instruments: [] },
        events: [event(11), event(12)],
      },
      { last: idOf(12), events: [event(11), event(12)] },
      {
        last: idOf(14),
        snapshot: { id: idOf(14), instruments: [] },
        events: [event(13), { event: 'quote', data: { seq: 14 } }],
      },
      { last: idOf(20), events: [] },
    ]
    const f = await polling(
      t,
      (_, response, count) => {
        if (count <= answers.length) json(response, 200, answers[count - 1])
      },
      { last: idOf(2) },
    )
    await spin(() => {
      f.clock.advance(100)
      return f.server.requests.length === 5
    })
    assert.deepEqual(f.names(), ['reset', 'snapshot', 'trade', 'trade', 'trade', 'quote', 'snapshot'])
    assert.deepEqual(f.ids, [11, 12, 13].map(idOf))
    assert.equal(f.session.position, idOf(20))
    assert.equal(f.server.requests[4]!.searchParams.get('last'), idOf(20))
    assert.equal(f.server.openMost, 1)
  })

  test('a widened subscription continues from its position, with a snapshot between the events', async t => {
    let head = 3
    const event = (seq: number) => ({ id: idOf(seq), event: 'trade', data: { seq, symbol: 'VELTR' } })
    const f = await polling(t, (url, response) => {
      const last = url.searchParams.get('last')
      if (url.searchParams.get('wait') !== '0') return
      if (last === null) {
        json(response, 200, { last: idOf(head), snapshot: { id: idOf(head), instruments: [] }, events: [] })
        // The log grows between the snapshot and the events.
        head = 9
      } else {
        // Three events at a time, as after a long gap.
        const events = seqs(seqOf(last) + 1, Math.min(head, seqOf(last) + 3)).map(event)
        json(response, 200, { last: events.at(-1)?.id ?? last, events })
      }
    })
    await f.until(() => f.session.position === idOf(3))
    await spin(() => {
      f.clock.advance(100)
      return f.server.requests.length === 2
    })
    head = 7
    f.session.setBooks(['VELTR'])
    await f.until(() => f.ids.length === 6)
    const trades = (count: number) => Array(count).fill('trade')
    assert.deepEqual(f.names(), ['snapshot', ...trades(4), 'snapshot', ...trades(2)])
    assert.deepEqual(f.ids, seqs(4, 9).map(idOf))
    const events = f.server.requests.map(({ searchParams }) => searchParams.get('events'))
    assert.deepEqual([events[0], events.at(-1)], [null, 'quote,trade,status,news,book'])
    assert.equal(f.session.state.freshness, 'live')
  })

  test('polls after a stream get a snapshot, which has what waited on the stream', async t => {
    const event = (seq: number) => ({ id: idOf(seq), event: 'trade', data: { seq, symbol: 'VELTR' } })
    let streams = 0
    const f = await watchFeed(t, (url, response) => {
      const last = url.searchParams.get('last')
      if (url.pathname === '/v1/stream') {
        streams++
        stream(response).end(`${hello}${streams === 1 ? snapshot(2) : ''}${trade(2 + streams)}`)
      } else if (last === null) {
        json(response, 200, { last: idOf(9), snapshot: { id: idOf(9), instruments: [] }, events: [] })
      } else if (seqOf(last) < 9) {
        // What it follows may have waited on the stream: whoever applied it would find a gap.
        const quote = { event: 'quote', data: { seq: 8, symbol: 'VELTR', folded: 2 } }
        json(response, 200, { last: idOf(9), events: [...seqs(seqOf(last) + 1, 9).map(event), quote] })
      }
    })
    await spin(() => {
      f.clock.advance(20)
      return f.session.position === idOf(9)
    })
    assert.equal(f.session.state.transport, 'longPoll')
    assert.deepEqual(f.ids, seqs(3, 9).map(idOf))
    assert.deepEqual(
      f.names().filter(name => name !== 'hello'),
      ['snapshot', ...Array(7).fill('trade'), 'snapshot'],
    )
    assert.equal(f.session.state.freshness, 'live')
  })

  test('polls no faster than the rate of the subscription', async t => {
    const clock = new TestEnvironment()
    let seq = 0
    const answer = () =>
      Response.json({ last: idOf(++seq), events: [{ id: idOf(seq), event: 'trade', data: { seq } }] })
    const f = await polling(t, () => {}, { environment: { ...clock, fetch: async () => answer() } })
    for (let polls = 1; polls <= 4; polls++) {
      await f.until(() => f.ids.length === polls)
      clock.advance(99)
      // The answer has been read, so without a pause the next request would be sent in this turn.
      await new Promise(setImmediate)
      assert.equal(seq, polls)
      clock.advance(1)
    }
  })

  test('is stale without an answer, retries after 503 and 500, and closes after 400', async t => {
    const f = await polling(t, (_, response, count) => {
      if (count === 1) json(response, 200, { last: idOf(1), events: [] })
      else if (count === 3) json(response, 503, { code: 'busy', detail: 'Full' }, { 'retry-after': '2' })
      else if (count === 4) json(response, 500, { code: 'internal', detail: 'Failed' })
      else if (count === 5) json(response, 400, { code: 'bad-parameter', detail: 'maxHz is 0.1 to 60' })
    })
    await f.until(() => f.session.state.phase === 'live')
    await spin(() => {
      f.clock.advance(100)
      return f.server.requests.length === 2
    })
    f.clock.advance(30_000)
    assert.deepEqual([f.session.state.phase, f.session.state.freshness], ['connecting', 'stale'])
    await f.until(() => f.session.state.phase === 'closed')
    assert.equal(f.states.find(({ phase }) => phase === 'waiting')?.retryInMs, 2_000)
    assert.equal(f.session.state.reason?.code, 'bad-parameter')
  })
})
