// The feed session over real sockets, against a server that cuts streams, repeats events, falls silent and refuses
// requests. Every event is delivered exactly once. The clock is the test's.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeRetry, encodeSse } from '@papertape/protocol'
import {
  hello,
  hurry,
  idOf,
  idsTo,
  json,
  type RequestHandler,
  seqOf,
  seqs,
  snapshot,
  spin,
  startBadServer,
  stream,
  TestEnvironment,
  trade,
  Watch,
} from '../testing/bad-server.ts'
import { watchFeed } from '../testing/watched-feed.ts'
import { openFeed } from './feed-session.ts'

const LIMIT = { timeout: 120_000 }

describe('over SSE', LIMIT, () => {
  test('resumes a stream that is cut at any byte: every event once, in order', async t => {
    const COUNT = 3
    const log = (after: number) =>
      Buffer.from(
        hello +
          seqs(after + 1, COUNT)
            .map(seq => trade(seq))
            .join(''),
      )
    const whole = log(0)
    let cutAt = 0
    const answer: RequestHandler = (url, response) => {
      const last = url.searchParams.get('last')
      stream(response).flushHeaders()
      if (last === null && cutAt < whole.length) {
        response.write(whole.subarray(0, cutAt), () => response.destroy())
        cutAt = whole.length
      } else response.write(log(seqOf(last)))
    }
    const server = await startBadServer(t, answer)
    const places = seqs(0, whole.length)
    for (const place of places) {
      cutAt = place
      const clock = new TestEnvironment()
      const watch = new Watch()
      const ids: string[] = []
      const session = openFeed({
        baseUrl: server.baseUrl,
        environment: clock,
        onEvent: (_, id) => {
          if (id !== undefined) ids.push(id)
          watch.look()
        },
        onState: state => hurry(clock, state),
      })
      await watch.until(() => session.position === idOf(COUNT))
      assert.deepEqual(ids, idsTo(COUNT), `cut at ${place}`)
      session.close()
    }
  })

  test('parses a stream that arrives byte by byte, with characters split between chunks', async t => {
    const bytes = new TextEncoder().encode(`\uFEFF${hello}${trade(1)}${trade(2)}`)
    const body = () =>
      new ReadableStream<Uint8Array>({
        start: controller => {
          for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        },
      })
    const headers = { 'content-type': 'text/event-stream' }
    const clock = new TestEnvironment()
    const environment = { ...clock, fetch: async () => new Response(body(), { headers }) }
    const f = await watchFeed(t, () => {}, { environment })
    await f.until(() => f.ids.length === 2)
    const notes = f.events.flatMap(({ data }) => ('note' in data ? [data.note] : []))
    assert.deepEqual(notes, ['é💹', 'é💹'])
    assert.equal(f.session.state.bytesReceived, bytes.length)
  })

  test('drops events that the server repeats', async t => {
    const f = await watchFeed(t, (_, response, count) => {
      stream(response).write(hello + trade(1) + trade(2) + trade(1) + trade(2) + trade(2))
      if (count < 3) response.end()
      else response.write(trade(3))
    })
    await f.until(() => f.ids.length === 3)
    assert.deepEqual(f.ids, idsTo(3))
    assert.deepEqual(
      f.server.requests.map(({ search }) => search),
      ['', `?last=${idOf(2)}`, `?last=${idOf(2)}`],
    )
    assert.equal(f.session.state.duplicatesDropped, 3 + 5 + 5)
    assert.equal(f.server.openMost, 1)
  })

  test('delivers conflated quotes, which have no id; in raw mode drops repeated ids', async t => {
    const quote = (seq: number, id = false) => {
      const frame = { event: 'quote', data: JSON.stringify({ seq, symbol: 'VELTR' }) }
      return encodeSse(id ? { ...frame, id: idOf(seq) } : frame)
    }
    const conflated = await watchFeed(t, (_, response) => {
      stream(response).write(hello + trade(1) + quote(4) + quote(7) + trade(9) + quote(11))
    })
    await conflated.until(() => conflated.events.length === 6)
    assert.deepEqual(conflated.names(), ['hello', 'trade', 'quote', 'quote', 'trade', 'quote'])
    assert.equal(conflated.session.position, idOf(9))
    const raw = await watchFeed(
      t,
      (_, response) => stream(response).write(hello + quote(1, true) + quote(1, true) + quote(2, true)),
      { mode: 'raw' },
    )
    await raw.until(() => raw.session.position === idOf(2))
    assert.deepEqual(raw.names(), ['hello', 'quote', 'quote'])
    assert.deepEqual(raw.ids, idsTo(2))
    assert.equal(raw.server.requests[0]!.search, '?mode=raw')
  })

  test('delivers a reset and the snapshot after it, and resumes in the new epoch', async t => {
    const reset = encodeSse({ event: 'reset', data: JSON.stringify({ reason: 'epoch', requested: 'old1-99' }) })
    const f = await watchFeed(
      t,
      (_, response, count) => {
        if (count === 1) stream(response).end(hello + reset + snapshot(40) + trade(41) + reset + trade(41))
        else stream(response).write(hello + trade(42))
      },
      { last: 'old1-99', snapshot: false },
    )
    await f.until(() => f.ids.length === 2)
    assert.deepEqual(f.names(), ['hello', 'reset', 'snapshot', 'trade', 'hello', 'trade'])
    assert.deepEqual(f.ids, [idOf(41), idOf(42)])
    assert.equal(f.server.requests[0]!.search, '?snapshot=false&last=old1-99')
    assert.equal(f.server.requests[1]!.search, `?snapshot=false&last=${idOf(41)}`)
  })

  test('asks for a snapshot when the one after a reset was cut off, also with snapshot: false', async t => {
    const reset = encodeSse({ event: 'reset', data: '{}' })
    const f = await watchFeed(
      t,
      (_, response, count) => {
        if (count === 1) stream(response).end(hello + reset)
        else stream(response).write(hello + snapshot(8) + trade(9))
      },
      { last: 'bad', snapshot: false },
    )
    await f.until(() => f.ids.length === 1)
    assert.equal(f.server.requests[1]!.search, '')
    assert.equal(f.session.position, idOf(9))
  })

  test('drops an event of another log without a reset, and reconnects to get the reset', async t => {
    const f = await watchFeed(t, (_, response, count) => {
      if (count === 1)
        stream(response).write(hello + trade(1) + encodeSse({ id: 'zzzz-5', event: 'trade', data: '{}' }))
      else stream(response).write(hello + trade(2))
    })
    await f.until(() => f.ids.length === 2)
    assert.deepEqual(f.ids, idsTo(2))
    assert.equal(f.states.find(({ phase }) => phase === 'waiting')?.reason?.code, 'foreign-position')
  })

  test('a heartbeat moves the position while no events arrive', async t => {
    const heartbeat = encodeSse({ id: idOf(70), event: 'heartbeat', data: '{"head":70,"serverTime":1700000000900}' })
    const f = await watchFeed(t, (_, response, count) => {
      if (count === 1) stream(response).end(hello + trade(1) + heartbeat)
      else stream(response).write(hello + trade(71))
    })
    await f.until(() => f.ids.length === 2)
    assert.equal(f.server.requests[1]!.searchParams.get('last'), idOf(70))
    assert.equal(f.session.state.serverTimeOffsetMs! < 1_000, true)
  })

  test('replaces a stream after two heartbeats of silence, and is stale until the next data', async t => {
    const f = await watchFeed(t, (_, response, count) => stream(response).write(hello + trade(count)))
    await f.until(() => f.ids.length === 1)
    f.clock.advance(29_999)
    assert.deepEqual([f.session.state.phase, f.session.state.freshness], ['live', 'live'])
    f.clock.advance(1)
    assert.deepEqual([f.session.state.phase, f.session.state.freshness], ['connecting', 'stale'])
    assert.equal(f.session.state.reason?.code, 'silent')
    await f.until(() => f.ids.length === 2)
    const shown = f.states.map(({ phase, freshness }) => `${phase} ${freshness}`)
    assert.deepEqual(shown, [
      'connecting none',
      'live none',
      'live live',
      'connecting stale',
      'live stale',
      'live live',
    ])
    assert.deepEqual(f.ids, idsTo(2))
  })

  test('a comment counts as an arrival', async t => {
    let send = (_: string) => {}
    const f = await watchFeed(t, (_, response) => {
      stream(response).write(hello + trade(1))
      send = text => response.write(text)
    })
    await f.until(() => f.ids.length === 1)
    f.clock.advance(29_999)
    const bytes = f.session.state.bytesReceived
    send(':\n\n')
    await spin(() => f.session.state.bytesReceived > bytes)
    f.clock.advance(29_999)
    assert.equal(f.session.state.phase, 'live')
  })

  test('waits exactly as long as busy and drain ask, without counting them as short streams', async t => {
    const f = await watchFeed(
      t,
      (_, response, count) => {
        if (count <= 4) stream(response).end(encodeRetry(100) + encodeSse({ event: 'busy', data: '{"retryMs":9000}' }))
        else stream(response).write(hello + trade(1))
      },
      {},
    )
    await f.until(() => f.ids.length === 1)
    const waits = f.states.filter(({ phase }) => phase === 'waiting')
    assert.deepEqual(
      waits.map(({ retryInMs, reason }) => [retryInMs, reason?.code]),
      Array(4).fill([9_000, 'busy']),
    )
    assert.equal(f.session.state.transport, 'sse')
  })

  test('waits at least as long as the retry field of the stream', async t => {
    const f = await watchFeed(t, (_, response, count) => {
      if (count === 1) stream(response).end(encodeRetry(4_321) + hello + trade(1))
      else stream(response).write(hello + trade(2))
    })
    await f.until(() => f.ids.length === 2)
    assert.equal(f.states.find(({ phase }) => phase === 'waiting')?.retryInMs, 4_321)
  })

  test('retries after 503, 429 and 500, and waits as long as the server asks', async t => {
    const f = await watchFeed(t, (_, response, count) => {
      if (count === 1) response.writeHead(503, { 'retry-after': '7' }).end('down')
      else if (count === 2) json(response, 429, { code: 'rate-limited', detail: 'Slower', retryMs: 3_000 })
      else if (count === 3) json(response, 500, { code: 'internal', detail: 'Failed', retryMs: 2_000 })
      else stream(response).write(hello + trade(1))
    })
    await f.until(() => f.ids.length === 1)
    const waits = f.states.filter(({ phase }) => phase === 'waiting')
    assert.deepEqual(
      waits.map(({ retryInMs, reason }) => [retryInMs, reason?.code]),
      [
        [7_000, 'http-503'],
        [3_000, 'rate-limited'],
        [2_000, 'internal'],
      ],
    )
  })

  test('closes after 400 and reports the reason of the server', async t => {
    const detail = 'There is no NOPE; there are VELTR and NIMBR'
    const f = await watchFeed(t, (_, response) => json(response, 400, { code: 'unknown-symbol', detail }), {
      symbols: ['NOPE'],
    })
    await f.until(() => f.session.state.phase === 'closed')
    assert.deepEqual(f.session.state.reason, { code: 'unknown-symbol', text: detail })
    assert.equal(f.clock.timers, 0)
    f.session.reconnect()
    assert.equal(f.session.state.phase, 'closed')
  })

  test('retries after an HTML page instead of a stream, and after a frame that is not JSON', async t => {
    const f = await watchFeed(t, (_, response, count) => {
      if (count === 1) response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in to the hotel</h1>')
      else if (count === 2) stream(response).write(`${hello}event: trade\ndata: {nope\n\n`)
      else stream(response).write(hello + trade(1))
    })
    await f.until(() => f.ids.length === 1)
    const codes = f.states.filter(({ phase }) => phase === 'waiting').map(({ reason }) => reason?.code)
    assert.deepEqual(codes, ['not-a-stream', 'bad-frame'])
  })

  test('retries an unreachable server without polling', async t => {
    const f = await watchFeed(t, (_, response, count) => {
      if (count <= 5) response.destroy()
      else stream(response).write(hello + trade(1))
    })
    await f.until(() => f.ids.length === 1)
    assert.equal(f.session.state.transport, 'sse')
    assert.equal(f.session.state.attempts, 5)
    assert.equal(f.states.find(({ phase }) => phase === 'waiting')?.reason?.code, 'network')
  })

  test('close ends the connection, callbacks and timers', async t => {
    const f = await watchFeed(t, (_, response) => stream(response).write(hello + trade(1)))
    await f.until(() => f.ids.length === 1)
    f.session.close()
    assert.deepEqual([f.session.state.phase, f.clock.timers], ['closed', 0])
    await spin(() => f.server.open === 0)
    assert.equal(f.phases().at(-1), 'closed')
  })

  test('a handler that reconnects or closes receives nothing more of the same chunk', async t => {
    const f = await watchFeed(t, (url, response) => {
      const from = seqOf(url.searchParams.get('last'))
      stream(response).write(
        hello +
          seqs(from + 1, from + 50)
            .map(seq => trade(seq))
            .join(''),
      )
    })
    f.at.set(idOf(2), () => f.session.reconnect())
    f.at.set(idOf(4), () => f.session.close())
    await f.until(() => f.session.state.phase === 'closed')
    assert.deepEqual(f.ids, idsTo(4))
    assert.equal(f.server.requests.length, 2)
  })
})

test('throws at once when options contradict each other', t => {
  assert.throws(() => openFeed({ mode: 'raw', maxHz: 5, onEvent: () => {} }), RangeError)
  assert.throws(() => openFeed({ events: ['book'], books: [], onEvent: () => {} }), RangeError)
  const session = openFeed({ events: ['book'], environment: new TestEnvironment(), onEvent: () => {} })
  t.after(() => session.close())
  assert.throws(() => session.setBooks([]), RangeError)
})

describe('time', LIMIT, () => {
  test('a jump of the wall clock moves dates, and affects neither freshness nor timers', async t => {
    const f = await watchFeed(t, (_, response) => {
      stream(response).write(hello + trade(1))
    })
    await f.until(() => f.session.state.freshness === 'live')
    const { length } = f.states
    for (const byMs of [3_600_000, -7_200_000, 86_400_000, -500]) {
      const before = f.session.state
      f.clock.setWallClock(byMs)
      f.clock.advance(1_000)
      const { phase, freshness, lastArrivalMs, sinceMs, silentForMs, serverTimeOffsetMs } = f.session.state
      assert.deepEqual([phase, freshness, f.states.length], ['live', 'live', length])
      assert.equal(f.clock.wallMs() - lastArrivalMs!, silentForMs)
      assert.deepEqual(
        [
          lastArrivalMs! - before.lastArrivalMs!,
          sinceMs - before.sinceMs,
          serverTimeOffsetMs! - before.serverTimeOffsetMs!,
        ],
        [byMs, byMs, -byMs],
      )
    }
  })

  test('a jump of the wall clock does not change a wait', async t => {
    const clock = new TestEnvironment()
    const server = await startBadServer(t, (_, response, count) => {
      if (count === 1) response.writeHead(503, { 'retry-after': '7' }).end()
      else stream(response).write(hello)
    })
    const session = openFeed({ baseUrl: server.baseUrl, environment: clock, onEvent: () => {} })
    t.after(() => session.close())
    await spin(() => session.state.phase === 'waiting')
    clock.setWallClock(3_600_000)
    clock.advance(6_999)
    assert.deepEqual([session.state.phase, session.state.retryInMs], ['waiting', 1])
    clock.advance(1)
    await spin(() => session.state.phase === 'live')
  })

  test('updates the server time offset at a greeting, and at a heartbeat when the clock of the server was set back', async t => {
    let send = (_: string) => {}
    const heartbeat = (serverTime: number) =>
      encodeSse({ event: 'heartbeat', data: JSON.stringify({ head: 1, serverTime }) })
    const f = await watchFeed(t, (_, response) => {
      stream(response).write(hello + trade(1))
      send = text => response.write(text)
    })
    await f.until(() => f.session.state.freshness === 'live')
    assert.equal(f.session.state.serverTimeOffsetMs, 250)
    const receive = async (offsetMs: number) => {
      const { length } = f.events
      send(heartbeat(f.clock.wallMs() + offsetMs))
      await f.until(() => f.events.length > length)
      return f.session.state.serverTimeOffsetMs
    }
    assert.deepEqual([await receive(100), await receive(300), await receive(-4_000)], [250, 300, 300])
    assert.deepEqual([await receive(-60_000), await receive(5)], [-60_000, 5])
  })

  test('is stale after a sleep, and ignores data that was still in the socket', async t => {
    let send = (_: string) => {}
    const f = await watchFeed(t, (_, response, count) => {
      stream(response).write(hello)
      if (count > 1) return
      response.write(trade(1))
      send = text => response.write(text)
    })
    await f.until(() => f.session.state.freshness === 'live')
    f.clock.sleep(3_600_000)
    assert.equal(f.session.state.freshness, 'stale')
    const { length } = f.states
    send(trade(2))
    await f.until(() => f.states.length > length)
    assert.deepEqual([f.states[length]!.phase, f.states[length]!.freshness], ['connecting', 'stale'])
    await f.until(() => f.session.state.phase === 'live')
    assert.deepEqual([f.session.state.freshness, f.ids], ['stale', [idOf(1)]])
    assert.equal(f.server.requests[1]!.searchParams.get('last'), idOf(1))
  })
})

describe('the subscription', LIMIT, () => {
  test('changes from the position without repetition; several changes reconnect once, no change never', async t => {
    const f = await watchFeed(
      t,
      (url, response) => {
        const from = seqOf(url.searchParams.get('last'))
        stream(response).write(hello + trade(from) + trade(from + 1))
      },
      { events: ['trade', 'book'], books: ['VELTR'], maxHz: 5 },
    )
    await f.until(() => f.ids.length === 2)
    f.session.setBooks(['NIMBR'])
    f.session.subscribe({ symbols: ['VELTR', 'NIMBR'] })
    await f.until(() => f.ids.length === 3)
    f.session.setBooks(['NIMBR'])
    f.session.subscribe({})
    f.session.setBooks([])
    await f.until(() => f.ids.length === 4)
    assert.deepEqual(
      f.server.requests.map(({ search }) => decodeURIComponent(search)),
      [
        '?events=trade,book&books=VELTR&maxHz=5',
        `?symbols=VELTR,NIMBR&events=trade,book&books=NIMBR&maxHz=5&last=${idOf(1)}`,
        `?symbols=VELTR,NIMBR&events=trade&maxHz=5&last=${idOf(2)}`,
      ],
    )
    assert.deepEqual(f.ids, [idOf(0), idOf(1), idOf(2), idOf(3)])
    const lost = f.states.filter(({ freshness }) => freshness === 'stale')
    assert.deepEqual(lost, [])
  })

  test('applies to the next connection when none is open', async t => {
    const f = await watchFeed(t, (_, response, count) => {
      if (count === 1) response.destroy()
      else stream(response).write(hello + trade(1))
    })
    await f.until(() => f.session.state.phase === 'waiting')
    f.session.setBooks(['VELTR'])
    await f.until(() => f.ids.length === 1)
    assert.deepEqual(
      f.server.requests.map(({ search }) => decodeURIComponent(search)),
      ['', '?events=quote,trade,status,news,book&books=VELTR'],
    )
  })

  test('requests use the path prefix, with and without a slash', async t => {
    for (const prefix of ['/papertape', '/a/b/', '//']) {
      const f = await watchFeed(t, (_, response) => stream(response).write(hello + trade(1)))
      const session = openFeed({ baseUrl: f.server.baseUrl + prefix, environment: f.clock, onEvent: () => {} })
      t.after(() => session.close())
      await spin(() => session.state.phase === 'live')
      assert.equal(f.server.requests.at(-1)!.pathname, `${prefix.replace(/\/+$/, '')}/v1/stream`)
    }
  })
})

describe('another market at the same address', LIMIT, () => {
  const helloOf = (epoch: string) =>
    encodeSse({ event: 'hello', data: JSON.stringify({ epoch, head: 9, serverTime: 1, heartbeatMs: 15_000 }) })
  const reset = (epoch: string) => encodeSse({ event: 'reset', data: JSON.stringify({ reason: 'epoch', epoch }) })

  test('is announced once, before its events, and the old position is not requested again', async t => {
    const epochs: unknown[] = []
    const f = await watchFeed(
      t,
      (_, response, count) => {
        if (count === 1) stream(response).end(hello + trade(5))
        else if (count === 2) stream(response).end(helloOf('zzzz'))
        else {
          const whole = encodeSse({ id: 'zzzz-9', event: 'snapshot', data: '{"id":"zzzz-9","instruments":[]}' })
          stream(response).write(helloOf('zzzz') + (count === 3 ? reset('zzzz') : '') + whole)
          if (count === 3) response.end()
        }
      },
      { transport: 'sse', onEpoch: (...change) => epochs.push(change) },
    )
    await f.until(() => f.session.position === 'zzzz-9' && f.server.requests.length === 4)
    assert.deepEqual(epochs, [
      ['k3f9', undefined],
      ['zzzz', 'k3f9'],
    ])
    assert.equal(f.session.state.epoch, 'zzzz')
    assert.deepEqual(
      f.server.requests.map(({ searchParams }) => searchParams.get('last')),
      [null, idOf(5), idOf(5), 'zzzz-9'],
    )
    const resets = f.states.filter(({ epoch, freshness }) => epoch === 'zzzz' && freshness === 'live')
    assert.ok(resets.length > 0)
  })

  test('is announced by polls too, and compared with the position in the options', async t => {
    const epochs: unknown[] = []
    const f = await watchFeed(
      t,
      (_, response, count) => {
        const snapshotOf = { id: 'zzzz-4', instruments: [] }
        if (count === 1)
          json(response, 200, { last: 'zzzz-4', reset: { epoch: 'zzzz' }, snapshot: snapshotOf, events: [] })
      },
      { transport: 'longPoll', last: idOf(3), onEpoch: (...change) => epochs.push(change) },
    )
    await f.until(() => f.session.position === 'zzzz-4')
    assert.deepEqual(epochs, [['zzzz', 'k3f9']])
  })
})

test('reports lagging in the state and resumes from its position', LIMIT, async t => {
  const lagging = { ageMs: 29_999, folded: 0, maxHz: null }
  const f = await watchFeed(
    t,
    (_, response, count) => {
      if (count <= 3)
        stream(response).end(hello + trade(count) + encodeSse({ event: 'lagging', data: JSON.stringify(lagging) }))
      else stream(response).write(hello + trade(count))
    },
    { mode: 'raw' },
  )
  await f.until(() => f.ids.length === 4 && f.session.state.freshness === 'live')
  assert.deepEqual(f.ids, idsTo(4))
  const lags = f.states.filter(one => one.lagging !== undefined)
  assert.ok(lags.length >= 3 && lags.every(({ freshness }) => freshness === 'stale'))
  assert.deepEqual(lags[0]!.lagging, lagging)
  const reasons = f.states.filter(({ phase }) => phase === 'waiting').map(({ reason }) => reason?.code)
  assert.deepEqual(reasons, ['lagging', 'lagging', 'lagging'])
  assert.deepEqual([f.session.state.transport, f.session.state.lagging], ['sse', undefined])
})

test('reports a lagging notice that no end follows, and stays live', LIMIT, async t => {
  const lagging = { ageMs: 640, folded: 12, maxHz: 2.5 }
  const notice = encodeSse({ event: 'lagging', data: JSON.stringify(lagging) })
  const open = (_: URL, response: Parameters<typeof stream>[0]) =>
    void stream(response).write(hello + trade(1) + notice + trade(2))
  const f = await watchFeed(t, open, { maxBytesPerSecond: 20_000 })
  await f.until(() => f.ids.length === 2)
  const notified = f.states.filter(one => one.lagging !== undefined)
  assert.deepEqual(
    notified.map(({ phase, freshness, lagging }) => [phase, freshness, lagging]),
    [['live', 'live', lagging]],
  )
  const { phase, freshness, connections } = f.session.state
  assert.deepEqual([phase, freshness, connections], ['live', 'live', 1])
  assert.equal(f.server.requests[0]!.searchParams.get('maxBytesPerSecond'), '20000')
})

test('reports when a stream is tried again; the trial asks for no snapshot and delivers nothing', LIMIT, async t => {
  let passes = false
  const f = await watchFeed(t, (url, response) => {
    if (url.pathname === '/v1/poll') {
      if (url.searchParams.get('wait') === '0') json(response, 200, { last: idOf(1), events: [] })
    } else if (passes) stream(response).write(hello + trade(2))
  })
  const streams = () => f.server.requests.filter(({ pathname }) => pathname === '/v1/stream')
  // In any order of the two answers, the third silent stream beside an answered poll is the last.
  for (let i = 0; !f.session.state.fellBack; i++) {
    await spin(() => streams().length > i || f.session.state.fellBack)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    f.clock.advance(5_000)
  }
  await f.until(() => f.session.state.phase === 'live')
  const tried = streams().length
  const inMs = f.session.state.nextStreamTryInMs!
  assert.ok(inMs > 0 && inMs <= 18_000, `${inMs}`)
  passes = true
  f.clock.advance(inMs)
  await spin(() => streams().length === tried + 1)
  assert.equal(streams().at(-1)!.search, '?snapshot=false')
  assert.equal(f.session.state.nextStreamTryInMs, 0)
  await spin(() => {
    f.clock.advance(100)
    return f.session.state.transport === 'sse'
  })
  await f.until(() => f.ids.length === 1)
  assert.equal(streams().at(-1)!.search, `?last=${idOf(1)}`)
  assert.deepEqual([f.session.state.fellBack, f.session.state.nextStreamTryInMs], [false, undefined])
})

test('recognises a stream by its media type, in any case and with any parameters', LIMIT, async t => {
  const types: [string, boolean][] = [
    ['Text/Event-Stream;charset=UTF-8', true],
    ['TEXT/EVENT-STREAM', true],
    ['text/event-stream;', true],
    ['text/event-streamx', false],
    ['text/event-stream-v2', false],
    ['text/html; x=text/event-stream', false],
  ]
  for (const [type, isStream] of types) {
    const f = await watchFeed(t, (_, response) => response.writeHead(200, { 'content-type': type }).write(hello))
    await f.until(() => f.session.state.phase === (isStream ? 'live' : 'waiting'))
    f.session.close()
  }
})
