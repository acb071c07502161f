// The feed over SSE, as the contract specifies it, over real sockets.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { after, before, describe, it, type TestContext } from 'node:test'
import { BookView, type Instrument } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import { type RunningServer, startServer } from '../support/server.ts'
import { get, openStream, type StreamMessage } from '../support/stream.ts'

describe('/v1/stream', () => {
  let server: RunningServer
  let instruments: Instrument[]

  before(async () => {
    server = await startServer({ flags: ['--pace', '10x'] })
    instruments = (await get(`${server.url}/v1/instruments`)).body
  })
  after(() => server.dispose())

  const stream = async (test: TestContext, query: string, last = '') => {
    const reader = await openStream(`${server.url}/v1/stream${query}`, last)
    test.after(() => reader.cut())
    return reader
  }
  const control = (name: string) => (message: StreamMessage) => message.event === name

  it('starts with hello, then a snapshot at a position, then live trades with ids', async test => {
    const reader = await stream(test, '')
    const trade = await reader.until(control('trade'))
    const [hello, snapshot] = reader.messages
    assert.equal(hello?.event, 'hello')
    assert.equal(hello.id, '', 'a snapshot follows, so hello has no position')
    assert.equal(hello.data.heartbeatMs, 15_000)
    assert.equal(hello.data.maxHz, 10)
    assert.deepEqual(
      hello.data.symbols,
      instruments.map(({ symbol }) => symbol),
    )
    assert.equal(snapshot?.event, 'snapshot')
    assert.match(snapshot.id, /^[0-9a-z]{4,12}-[0-9]{1,16}$/)
    assert.equal(snapshot.data.id, snapshot.id)
    assert.equal(snapshot.data.instruments.length, instruments.length)
    assert.equal(snapshot.data.instruments[0].book, undefined, 'books only when asked for')
    assert.equal(trade.id, `${hello.data.epoch}-${trade.data.seq}`)
    assert.ok(Number.isInteger(trade.data.ts) && Number.isInteger(trade.data.time))
  })

  it('has the headers of an event stream, and a retry time', async test => {
    const reader = await stream(test, '')
    await reader.until(control('hello'))
    assert.equal(reader.headers['content-type'], 'text/event-stream; charset=utf-8')
    assert.equal(reader.headers['cache-control'], 'no-store, no-transform')
    assert.equal(reader.headers['x-accel-buffering'], 'no')
    assert.equal(reader.headers['access-control-allow-origin'], '*')
    assert.ok(reader.retryMs !== undefined && reader.retryMs >= 1_000 && reader.retryMs <= 5_000)
  })

  it('sends every event of the subscription in raw mode, numbered and in order', async test => {
    const reader = await stream(test, '?mode=raw&events=quote,trade,book,candle,status,news')
    await reader.until(message => message.event !== 'hello' && message.event !== 'snapshot')
    await reader.until(() => reader.messages.length > 100)
    const seqs = reader.messages.slice(2).map(({ data }) => data.seq)
    const first = Number(reader.messages[1]!.id.split('-')[1]) + 1
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => first + index),
      'the six kinds are the whole log: no holes',
    )
  })

  it('conflates quotes and books, without an id, at most maxHz a symbol', async test => {
    const symbol = instruments[0]!.symbol
    const reader = await stream(test, `?symbols=${symbol}&events=quote,book&maxHz=5`)
    await reader.until(({ event, data }) => event === 'quote' && data.folded > 1)
    const frames = reader.messages.slice(2)
    const position = reader.messages[1]!.id
    for (const { id, data } of frames) {
      assert.equal(id, position, 'no frame of its own position')
      assert.ok(data.folded >= 1)
    }
  })

  it('keeps a book correct: snapshot, then changes, with a checksum after each', async test => {
    const { symbol, tickSize } = instruments[0]!
    for (const mode of ['mode=raw', 'maxHz=20']) {
      const reader = await stream(test, `?symbols=${symbol}&events=book&${mode}`)
      const book = new BookView(tickSize)
      book.reset((await reader.until(control('snapshot'))).data.instruments[0].book)
      await reader.until(() => reader.messages.length > 40)
      for (const { data } of reader.messages.slice(2)) {
        assert.notEqual(book.apply(data), 'gap', mode)
        if (book.seq === data.seq) assert.equal(book.checksum(), data.checksum, mode)
      }
    }
  })

  it('gives hello a position when there is neither a position nor a snapshot', async test => {
    const reader = await stream(test, '?snapshot=false')
    const hello = await reader.until(control('hello'))
    assert.equal(hello.id, `${hello.data.epoch}-${hello.data.head}`)
    await reader.until(control('trade'))
    assert.equal(reader.messages.some(control('snapshot')), false)
  })

  it('resumes: each event that is not conflated once, then a snapshot', async test => {
    const first = await stream(test, '?events=trade,quote')
    await first.until(control('trade'))
    first.cut()
    const position = first.lastEventId
    const second = await stream(test, '?events=trade,quote', position)
    const snapshot = await second.until(control('snapshot'))
    const replayed = second.messages.slice(1, second.messages.indexOf(snapshot))
    const from = Number(position.split('-')[1])
    for (const { event, data } of replayed) {
      assert.equal(event, 'trade')
      assert.ok(data.seq > from)
    }
    assert.equal(second.messages.some(control('reset')), false)
  })

  it('lets the header win over ?last=, and takes an empty one as absent', async test => {
    const { epoch, head } = (await (await stream(test, '')).until(control('hello'))).data
    const byHeader = await stream(test, '?last=nonsense', `${epoch}-${head}`)
    await byHeader.until(control('snapshot'))
    assert.equal(byHeader.messages.some(control('reset')), false)
    const empty = await stream(test, '?last=')
    await empty.until(control('snapshot'))
    assert.equal(empty.messages.some(control('reset')), false)
  })

  for (const [reason, last] of [
    ['bad-id', () => 'no position'],
    ['epoch', () => 'zzzz-1'],
    ['ahead', (epoch: string) => `${epoch}-9999999999999999`],
  ] as const) {
    it(`answers a position it cannot serve (${reason}) with one reset and a snapshot`, async test => {
      const { epoch } = (await (await stream(test, '')).until(control('hello'))).data
      const requested = last(epoch)
      const reader = await stream(test, `?snapshot=false&mode=raw&last=${encodeURIComponent(requested)}`)
      await reader.until(({ event, data }) => event !== 'snapshot' && data.seq > 0)
      assert.deepEqual(
        reader.messages.slice(0, 3).map(({ event }) => event),
        ['hello', 'reset', 'snapshot'],
      )
      const { data } = reader.messages[1]!
      assert.equal(data.reason, reason)
      assert.equal(data.requested, requested)
      assert.equal(typeof data.oldest, 'number')
      assert.equal(reader.messages.filter(control('reset')).length, 1)
    })
  }

  for (const [query, code, words] of [
    ['?symbols=NOPE', 'unknown-symbol', 'the symbols are'],
    ['?events=prices', 'bad-parameter', 'quote, trade, book'],
    ['?maxHz=0', 'bad-parameter', '0.1 to 60'],
    ['?maxHz=61', 'bad-parameter', '0.1 to 60'],
    ['?maxHz=ten', 'bad-parameter', '0.1 to 60'],
    ['?mode=raw&maxHz=5', 'bad-parameter', 'leave maxHz out'],
    ['?mode=rare', 'bad-parameter', 'raw'],
    ['?snapshot=perhaps', 'bad-parameter', 'true or false'],
  ] as const) {
    it(`refuses ${query} and reports the allowed values`, async () => {
      const { status, headers, body } = await get(`${server.url}/v1/stream${query}`)
      assert.equal(status, 400)
      assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.equal(body.code, code)
      assert.ok(body.detail.includes(words), body.detail)
      assert.equal((await fetch(`${server.url}${body.docs}`)).status, 200, 'the link for more leads somewhere')
    })
  }

  it('gives an HTTP/1.0 client a plain body', async test => {
    const socket = net.connect(server.port, '127.0.0.1')
    test.after(() => socket.destroy())
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    socket.write('GET /v1/stream?events=trade HTTP/1.0\r\n\r\n')
    while (!text.includes('event: snapshot')) await within(once(socket, 'data'), 'a snapshot')
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n/)
    assert.doesNotMatch(text, /transfer-encoding/i)
    assert.match(text, /\r\n\r\nretry: \d+\n\nevent: hello\n/)
  })
})
