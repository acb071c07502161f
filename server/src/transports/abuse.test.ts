// Peers that send too much, or take nothing: what they cost is bounded, and others are served meanwhile.

import assert from 'node:assert/strict'
import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import { after, before, describe, it } from 'node:test'
import tls from 'node:tls'
import type { Queries, QueryName } from '@papertape/venue'
import { frame, openRawSocket, type RawSocket } from '../testing/raw-socket.ts'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

const EVERYTHING = ['quote', 'trade', 'book', 'candle', 'status', 'news']
/** On a machine that does other things too. What it took before: more than ten seconds. */
const OTHERS_WAIT_MAX_MS = 500

describe('a flood', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())

  const FLOODS: readonly [name: string, code: number, one: Buffer, count: number][] = [
    ['frames that are not understood', 4400, frame(1, '{}'), 200_000],
    ['frames that are no JSON', 4400, frame(1, '{'), 200_000],
    ['empty frames', 4400, frame(1, ''), 200_000],
    ['frames of 8 KiB', 4400, frame(1, '['.repeat(8_192)), 2_000],
    ['commands', 4429, frame(1, '{"type":"ping"}'), 200_000],
    ['logons without a token', 4401, frame(1, '{"type":"logon"}'), 50_000],
    ['unsubscribes', 4429, frame(1, '{"type":"unsubscribe","subscription":"s"}'), 50_000],
    ['subscriptions', 4429, frame(1, '{"type":"subscribe","subscription":"s","snapshot":false}'), 50_000],
    ['pings', 4429, frame(9, ''), 200_000],
    ['pongs', 4429, frame(10, ''), 200_000],
  ]
  for (const [name, code, one, count] of FLOODS) {
    it(`of ${name} is closed with ${code} and not read, and others are answered meanwhile`, async () => {
      const socket = await openRawSocket('HTTP/1.1', app)
      const waits = measureOthers(app)
      await writeAll(socket, one, count)
      assert.equal(await socket.closed, code)
      const closedMs = performance.now()
      await socket.ended
      const endedAfterMs = performance.now() - closedMs
      const worstMs = Math.max(...(await waits.stop()))
      assert.ok(worstMs < OTHERS_WAIT_MAX_MS, `others waited ${Math.round(worstMs)} ms`)
      assert.ok(endedAfterMs < 2_500, `open for ${Math.round(endedAfterMs)} ms after its close frame`)
    })
  }

  it('of forty connections at once does not keep others waiting either', async () => {
    const sockets = await Promise.all(Array.from({ length: 40 }, () => openRawSocket('HTTP/1.1', app)))
    const waits = measureOthers(app)
    await Promise.all(sockets.map(socket => writeAll(socket, frame(1, '{}'), 20_000)))
    const codes = await Promise.all(sockets.map(({ closed }) => closed))
    assert.deepEqual(new Set(codes), new Set([4400]))
    const worstMs = Math.max(...(await waits.stop()))
    assert.ok(worstMs < 2 * OTHERS_WAIT_MAX_MS, `others waited ${Math.round(worstMs)} ms`)
  })
})

describe('requests one after the other without waiting for answers', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())
  const pipelined = (head: string, count: number) => Buffer.from(`${head}\r\nHost: localhost\r\n\r\n`.repeat(count))
  const connect = () => net.connect(app.port, '127.0.0.1').on('error', () => {})

  it('are answered in their order when they are few', async () => {
    const socket = connect()
    socket.write(pipelined('GET /v1/quotes HTTP/1.1', 50))
    let answers = 0
    for await (const chunk of socket) {
      answers += `${chunk}`.split('HTTP/1.1 200 OK').length - 1
      if (answers === 50) break
    }
    assert.equal(answers, 50)
  })

  for (const head of ['GET /v1/quotes HTTP/1.1', 'GET /nothing HTTP/1.1', 'DELETE /v1/orders HTTP/1.1']) {
    it(`cost their connection when they are thousands, and nobody waits for them: ${head}`, async () => {
      const waits = measureOthers(app)
      const socket = connect()
      const closed = new Promise(resolve => socket.once('close', resolve))
      socket.setTimeout(2_000, () => socket.destroy())
      socket.resume().write(pipelined(head, 40_000))
      await closed
      const worstMs = Math.max(...(await waits.stop()))
      assert.ok(worstMs < OTHERS_WAIT_MAX_MS, `others waited ${Math.round(worstMs)} ms`)
    })
  }
})

describe('streams of HTTP/2', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())
  const connect = async () => {
    const session = http2.connect(`https://localhost:${app.tlsPort}`, { rejectUnauthorized: false })
    session.on('error', () => {})
    await new Promise(resolve => session.once('remoteSettings', resolve))
    return session
  }

  it('are answered when as many are opened at once as may be', async () => {
    const session = await connect()
    const statuses = Array.from({ length: 250 }, async () => {
      const stream = session.request({ ':path': '/nothing' })
      const status = new Promise(resolve => stream.once('response', headers => resolve(headers[':status'])))
      stream.resume()
      return status
    })
    assert.deepEqual(new Set(await Promise.all(statuses)), new Set([404]))
    session.destroy()
  })

  // As HPACK has them: :scheme https and :path / are indexed, the rest is literal.
  const AUTHORITY = '\x01\x09localhost'
  const HEADERS: Readonly<Record<string, string>> = {
    requests: `\x82\x87\x84${AUTHORITY}`,
    WebSockets: `\x02\x07CONNECT\x00\x09:protocol\x09websocket\x87\x04\x0a/v1/socket${AUTHORITY}`,
  }
  for (const [kind, header] of Object.entries(HEADERS)) {
    it(`cost their connection when it opens and resets hundreds of ${kind} at once`, async () => {
      const waits = measureOthers(app)
      // Node's client does not send what it resets at once.
      const socket = tls.connect({
        host: '127.0.0.1',
        port: app.tlsPort,
        ALPNProtocols: ['h2'],
        rejectUnauthorized: false,
      })
      const closed = new Promise(resolve => socket.once('close', () => resolve('closed')))
      socket.on('error', () => {}).resume()
      const headers = Buffer.from(header, 'latin1')
      const streams = Array.from({ length: 900 }, (_, i) => [
        http2Frame(1, kind === 'requests' ? 5 : 4, 2 * i + 1, headers),
        http2Frame(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8])),
      ])
      const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
      socket.write(Buffer.concat([preface, http2Frame(4, 0, 0, Buffer.alloc(0)), ...streams.flat()]))
      assert.equal(await Promise.race([closed, sleep(3_000)]), 'closed')
      const worstMs = Math.max(...(await waits.stop()))
      assert.ok(worstMs < OTHERS_WAIT_MAX_MS, `others waited ${Math.round(worstMs)} ms`)
    })
  }
})

function http2Frame(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(streamId, 5)
  return Buffer.concat([head, payload])
}

describe('the places of the feed', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp({ streamsMax: 3 })
  })
  after(() => app.close())

  it('are shared by streams, subscriptions and held polls; who finds none is told when to come back', async () => {
    const streams = [await openStream(app)]
    const socket = await openRawSocket('HTTP/1.1', app)
    socket.sendMessage({ type: 'subscribe', requestId: 1, subscription: 'one' })
    await socket.until(({ requestId }) => requestId === 1)
    const { last } = (await ask(app, 'GET /v1/poll?events=news')).body
    const held = ask(app, `GET /v1/poll?events=news&wait=4&last=${last}`)
    for (let turns = 0; app.feed.polls === 0 && turns < 200; turns++) await sleep(10)
    assert.deepEqual([app.feed.readers, app.feed.polls, app.feed.isFull], [2, 1, true])

    socket.sendMessage({ type: 'subscribe', requestId: 2, subscription: 'two' })
    const refused = await socket.until(({ requestId }) => requestId === 2)
    assert.deepEqual([refused.type, refused.code, refused.retryMs > 0], ['error', 'busy', true])
    socket.sendMessage({ type: 'subscribe', requestId: 3, subscription: 'one', events: ['trade'] })
    assert.equal((await socket.until(({ requestId }) => requestId === 3)).type, 'ack', 'a change needs no new place')

    const poll = await ask(app, `GET /v1/poll?last=${last}`)
    assert.deepEqual([poll.status, poll.body.code], [503, 'busy'])
    assert.match(poll.headers['content-type']!, /^application\/problem\+json/)
    assert.ok(Number(poll.headers['retry-after']) > 0)
    assert.equal((await ask(app, 'GET /v1/poll')).status, 200, 'a first poll is not held')

    streams.push(await openStream(app))
    assert.match(await streams[1]!.ended, /event: busy\ndata: \{"retryMs":\d+\}\n\n$/)

    streams[0]!.response.destroy()
    for (let turns = 0; app.feed.isFull && turns < 200; turns++) await sleep(10)
    socket.sendMessage({ type: 'subscribe', requestId: 4, subscription: 'two' })
    assert.equal((await socket.until(({ requestId }) => requestId === 4)).type, 'ack', 'a place has become free')
    socket.stream.destroy()
    assert.deepEqual((await held).body.events, [])
    assert.equal(app.feed.polls, 0)
  })
})

describe('subscriptions on sockets', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())

  it('share a class under whatever names, with the streams’ filter keys, and each event comes under its name', async () => {
    const sockets = await Promise.all(Array.from({ length: 4 }, () => openRawSocket('HTTP/1.1', app)))
    for (const [i, socket] of sockets.entries()) {
      for (const name of ['tape', `own-${i}`]) {
        socket.sendMessage({ type: 'subscribe', requestId: name, subscription: name, mode: 'raw', events: EVERYTHING })
      }
      await socket.until(({ requestId }) => requestId === `own-${i}`)
    }
    assert.deepEqual([app.feed.readers, app.feed.classes], [8, 1])
    for (const [i, socket] of sockets.entries()) {
      for (const name of ['tape', `own-${i}`]) {
        const { id, data } = await socket.until(message => message.subscription === name && message.event === 'quote')
        assert.equal(id, `${app.epoch}-${data.seq}`)
      }
      socket.stream.destroy()
    }
  })

  it('of a peer that takes nothing hold a bounded number of bytes, all sixteen together', async () => {
    const socket = await openRawSocket('HTTP/2', app)
    await socket.until(({ type }) => type === 'welcome')
    socket.stream.pause()
    for (let i = 0; i < 16; i++) {
      socket.sendMessage({ type: 'subscribe', subscription: `s${i}`, mode: 'raw', snapshot: false, events: EVERYTHING })
    }
    for (let turns = 0; app.feed.readers < 16 && turns < 200; turns++) await sleep(10)
    const [peer] = app.app.websocketServer.clients
    await app.venue.submit({ type: 'pace.set', pace: 'max' }).answer
    let mostBytes = 0
    const from = app.feed.log.head
    for (let turns = 0; app.feed.log.head < from + 100_000 && turns < 400; turns++) {
      await sleep(25)
      mostBytes = Math.max(mostBytes, peer!.bufferedAmount)
    }
    await app.venue.submit({ type: 'pace.set', pace: '1x' }).answer
    assert.ok(app.feed.log.head > from + 50_000, 'the market ran')
    assert.ok(mostBytes > 64 * 1024 && mostBytes < 2 * 1024 * 1024, `${mostBytes} bytes wait`)
    socket.stream.destroy()
  })
})

describe('a held poll', () => {
  it('is answered when the server closes, under its own position', async () => {
    const app = await openTestApp()
    const { last } = (await ask(app, 'GET /v1/poll?events=news')).body
    const held = Array.from({ length: 3 }, () => ask(app, `GET /v1/poll?events=news&wait=30&last=${last}`))
    for (let turns = 0; app.feed.polls < 3 && turns < 200; turns++) await sleep(10)
    await app.close()
    for (const { status, body } of await Promise.all(held)) {
      assert.deepEqual([status, body.events], [200, []])
      assert.ok(Number(body.last.split('-')[1]) >= Number(last.split('-')[1]))
    }
  })

  it('from an old position, for what does not occur, asks for a page at a time and comes to the head', async test => {
    const app = await openTestApp()
    try {
      await app.venue.submit({ type: 'pace.set', pace: 'max' }).answer
      for (let turns = 0; app.feed.log.head < 80_000 && turns < 1_000; turns++) await sleep(10)
      await app.venue.submit({ type: 'pace.set', pace: '1x' }).answer
      assert.ok(app.feed.log.head >= 80_000, 'more than the memory holds')
      let underWay = 0
      let most = 0
      const query = app.venue.query.bind(app.venue)
      test.mock.method(app.venue, 'query', async (name: QueryName, given: object) => {
        const page = given as Queries['events']['params']
        if (name !== 'events') return query(name, page)
        assert.ok(page.limit <= 512)
        most = Math.max(most, ++underWay)
        try {
          return await query(name, page)
        } finally {
          underWay--
        }
      })
      // How far the market came at that pace is the machine's: the oldest that is kept may be past the first, and it rises.
      const from = app.feed.log.oldest + 1_000
      const last = `${app.epoch}-${from - 1}`
      const polls = Array.from({ length: 6 }, () =>
        ask(app, `GET /v1/poll?symbols=${app.feed.view.symbols[0]}&events=news&wait=3&last=${last}`),
      )
      const waits = measureOthers(app)
      const answers = await Promise.all(polls)
      await waits.stop()
      for (const { status, body } of answers) {
        assert.deepEqual([status, body.events, body.reset], [200, [], undefined])
        assert.ok(Number(body.last.split('-')[1]) > from + 10_000, 'it has moved on')
      }
      assert.ok(most > 0 && most <= 2, `${most} pages at once`)
    } finally {
      await app.close()
    }
  })
})

/** Asks for /health again and again, each on a connection of its own. */
function measureOthers({ url }: TestApp): { stop(): Promise<number[]> } {
  const waitsMs: number[] = []
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      const startMs = performance.now()
      await new Promise<void>((resolve, reject) => {
        const request = http.get(`${url}/health`, { agent: false }, response => {
          response.resume()
          response.once('end', resolve)
        })
        request.setTimeout(20_000, () => request.destroy(new Error('no answer')))
        request.once('error', reject)
      })
      waitsMs.push(performance.now() - startMs)
      await sleep(5)
    }
  })()
  return {
    async stop() {
      isOver = true
      await asking
      return waitsMs
    },
  }
}

/** As fast as the peer takes it; until it has been closed. */
async function writeAll({ stream }: RawSocket, one: Buffer, count: number): Promise<void> {
  const perWrite = Math.max(1, Math.floor(16_384 / one.length))
  const chunk = Buffer.concat(Array.from({ length: perWrite }, () => one))
  for (let written = 0; written < count && stream.writable; written += perWrite) {
    if (!stream.write(chunk)) {
      await new Promise<void>(resolve => {
        const done = () => {
          stream.off('drain', done)
          stream.off('close', done)
          resolve()
        }
        stream.once('drain', done)
        stream.once('close', done)
      })
    }
  }
}

function openStream({ url }: TestApp): Promise<{ response: http.IncomingMessage; ended: Promise<string> }> {
  return new Promise((resolve, reject) => {
    http
      .get(`${url}/v1/stream`, { agent: false }, response => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', chunk => {
          text += chunk
        })
        response.on('error', () => {})
        const ended = new Promise<string>(done => response.once('close', () => done(text)))
        response.once('data', () => resolve({ response, ended }))
      })
      .once('error', reject)
  })
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
