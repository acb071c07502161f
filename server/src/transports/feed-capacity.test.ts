// What the readers of the feed may take up together: streams, subscriptions and held polls share the places that there
// are, subscriptions of one socket share its buffer, and polls read old events a page at a time.

import assert from 'node:assert/strict'
import http from 'node:http'
import { after, before, describe, it } from 'node:test'
import { turns } from '@papertape/gateway/testing'
import { within } from '@papertape/protocol/testing/within'
import type { Queries, QueryName } from '@papertape/venue'
import { openRawSocket } from '../testing/raw-socket.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer, transportsOf } from '../testing/test-server.ts'

const EVERYTHING = ['quote', 'trade', 'book', 'candle', 'status', 'news']

describe('the places of the feed', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer({ streamsMax: 3 })
  })
  after(() => server.close())

  it('are shared by streams, subscriptions and held polls; without one the answer says when to retry', async () => {
    const { feed } = server
    const stream = await openStream(server)
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'subscribe', requestId: 1, subscription: 'one' })
    await socket.until(({ requestId }) => requestId === 1)
    const { last } = (await ask(server, 'GET /v1/poll?events=news')).body
    const held = http.get(`${server.url}/v1/poll?events=news&wait=30&last=${last}`, { agent: false })
    held.on('error', () => {})
    await untilTrue(() => feed.polls === 1, 'the poll is held')
    assert.deepEqual([feed.readers, feed.polls, feed.isFull], [2, 1, true])

    socket.sendMessage({ type: 'subscribe', requestId: 2, subscription: 'two' })
    const refused = await socket.until(({ requestId }) => requestId === 2)
    assert.deepEqual([refused.type, refused.code, refused.retryMs > 0], ['error', 'busy', true])
    socket.sendMessage({ type: 'subscribe', requestId: 3, subscription: 'one', events: ['trade'] })
    assert.equal((await socket.until(({ requestId }) => requestId === 3)).type, 'ack', 'a change needs no new place')

    const poll = await ask(server, `GET /v1/poll?last=${last}`)
    assert.deepEqual([poll.status, poll.body.code], [503, 'busy'])
    assert.match(poll.headers['content-type']!, /^application\/problem\+json/)
    assert.ok(Number(poll.headers['retry-after']) > 0)
    assert.equal((await ask(server, 'GET /v1/poll')).status, 200, 'a first poll is not held')

    const refusedStream = await openStream(server)
    assert.match(await refusedStream.ended, /event: busy\ndata: \{"retryMs":\d+\}\n\n$/)

    stream.response.destroy()
    await untilTrue(() => !feed.isFull, 'the place of the stream is free')
    socket.sendMessage({ type: 'subscribe', requestId: 4, subscription: 'two' })
    assert.equal((await socket.until(({ requestId }) => requestId === 4)).type, 'ack', 'a place has become free')
    held.destroy()
    await untilTrue(() => feed.polls === 0, 'the place of the poll is free')
    socket.stream.destroy()
  })
})

describe('subscriptions on sockets', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  it('of equal filters share a class, and each event comes under the name of its subscription', async () => {
    const sockets = await Promise.all(Array.from({ length: 4 }, () => openRawSocket('HTTP/1.1', server)))
    for (const [i, socket] of sockets.entries()) {
      for (const name of ['tape', `own-${i}`]) {
        socket.sendMessage({ type: 'subscribe', requestId: name, subscription: name, mode: 'raw', events: EVERYTHING })
      }
      await socket.until(({ requestId }) => requestId === `own-${i}`)
    }
    assert.deepEqual([server.feed.readers, server.feed.classes], [8, 1])
    await server.pass(2_000)
    for (const [i, socket] of sockets.entries()) {
      for (const name of ['tape', `own-${i}`]) {
        const { id, data } = await socket.until(message => message.subscription === name && message.event === 'quote')
        assert.equal(id, `${server.epoch}-${data.seq}`)
      }
      socket.stream.destroy()
    }
  })

  it('of a peer that does not read hold a bounded number of bytes, all sixteen together', async () => {
    const socket = await openRawSocket('HTTP/2', server)
    await socket.until(({ type }) => type === 'welcome')
    const transport = transportsOf(server).at(-1)!
    transport.cork()
    for (let i = 0; i < 16; i++) {
      socket.sendMessage({ type: 'subscribe', subscription: `s${i}`, mode: 'raw', snapshot: false, events: EVERYTHING })
    }
    await untilTrue(() => server.feed.readers === 16, 'sixteen readers')
    let mostBytes = 0
    for (let seconds = 0; seconds < 10; seconds++) {
      await server.pass(1_000)
      mostBytes = Math.max(mostBytes, transport.writableLength)
    }
    assert.ok(mostBytes > 64 * 1024 && mostBytes < 2 * 1024 * 1024, `${mostBytes} bytes wait`)
    socket.stream.destroy()
  })
})

describe('a held poll', () => {
  it('is answered when the server closes, with its own position', async () => {
    const server = await openTestServer()
    const { last } = (await ask(server, 'GET /v1/poll?events=news')).body
    const held = Array.from({ length: 3 }, () => ask(server, `GET /v1/poll?events=news&wait=30&last=${last}`))
    await untilTrue(() => server.feed.polls === 3, 'three polls are held')
    await server.close()
    for (const { status, body } of await Promise.all(held)) {
      assert.deepEqual([status, body.events], [200, []])
      assert.ok(Number(body.last.split('-')[1]) >= Number(last.split('-')[1]))
    }
  })

  it('from an old position asks the journal for a page at a time, and reaches the head', async test => {
    const server = await openTestServer()
    try {
      await server.venue.submit({ type: 'pace.set', pace: 'max' }).answer
      await untilTrue(() => server.feed.log.head >= 80_000, 'more events than the memory holds')
      await server.venue.submit({ type: 'pace.set', pace: '1x' }).answer
      let underWay = 0
      let most = 0
      let asked = 0
      const query = server.venue.query.bind(server.venue)
      test.mock.method(server.venue, 'query', async (name: QueryName, given: object) => {
        const page = given as Queries['events']['params']
        if (name !== 'events') return query(name, page)
        assert.ok(page.limit <= 512)
        asked++
        most = Math.max(most, ++underWay)
        try {
          return await query(name, page)
        } finally {
          underWay--
        }
      })
      const from = server.feed.log.oldest + 1_000
      const last = `${server.epoch}-${from - 1}`
      const route = `GET /v1/poll?symbols=${server.feed.view.symbols[0]}&events=news&wait=0.2&last=${last}`
      const polls = Array.from({ length: 6 }, () => ask(server, route))
      for (let before = -1; asked !== before || underWay > 0; await turns(50)) before = asked
      await server.pass(200)
      for (const { status, body } of await Promise.all(polls)) {
        assert.deepEqual([status, body.events, body.reset], [200, [], undefined])
        assert.ok(Number(body.last.split('-')[1]) > from + 10_000, 'it has moved on')
      }
      assert.ok(most > 0 && most <= 2, `${most} pages at once`)
    } finally {
      await server.close()
    }
  })
})

const WAIT_MAX_MS = 10_000

/** Looks in each turn of the event loop. */
async function untilTrue(holds: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + WAIT_MAX_MS
  while (!holds()) {
    assert.ok(performance.now() < endMs, `${what}: not within ${WAIT_MAX_MS} ms`)
    await turns(1)
  }
}

function openStream({ url }: TestServer): Promise<{ response: http.IncomingMessage; ended: Promise<string> }> {
  const opened = new Promise<{ response: http.IncomingMessage; ended: Promise<string> }>((resolve, reject) => {
    http
      .get(`${url}/v1/stream`, { agent: false }, response => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', chunk => {
          text += chunk
        })
        response.on('error', () => {})
        const ended = new Promise<string>(done => response.once('close', () => done(text)))
        response.once('data', () => resolve({ response, ended: within(ended, 'the end of the stream') }))
      })
      .once('error', reject)
  })
  return within(opened, 'the first bytes of a stream')
}
