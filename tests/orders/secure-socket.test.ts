// The order channel on the TLS port: WebSocket over HTTP/1.1, and over one stream of an HTTP/2 connection (RFC 8441).

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http2 from 'node:http2'
import { after, before, describe, it, type TestContext } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { type ChannelMessage, logOn, openAccount, openChannel } from '../support/channel.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const TEXT = 0x1
const CLOSE = 0x8

describe('the order channel over TLS', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--pace', '2x', '--symbols', '1'] })
  })
  after(() => server.dispose())

  it('greets and takes a logon and an order over HTTP/1.1', async test => {
    const { token } = await openAccount(server.url)
    const { channel, logon } = await logOn(server.secureUrl, token)
    test.after(() => channel.socket.terminate())
    assert.equal(channel.messages[0].type, 'welcome')
    assert.equal(logon.type, 'logon.ok')
    const order = { type: 'order.place', clientOrderId: 'o', symbol: 'VELTR', side: 'buy', orderType: 'limit' }
    assert.equal((await channel.ask({ ...order, size: 1, price: 10 })).execType, 'new')
  })

  it('takes the origin of its own secure page', async test => {
    const origin = new URL(server.secureUrl).origin
    const channel = await openChannel(server.secureUrl, { origin })
    test.after(() => channel.socket.terminate())
    assert.equal((await channel.until(({ type }) => type === 'welcome')).type, 'welcome')
  })

  it('is one stream of an HTTP/2 connection: welcome, logon, feed, and a clean end', async test => {
    const { token } = await openAccount(server.url)
    const socket = await openOverHttp2(test, server.secureUrl, { 'sec-websocket-protocol': 'papertape.v1' })
    assert.deepEqual([socket.status, socket.headers['sec-websocket-protocol']], [200, 'papertape.v1'])
    assert.equal((await socket.next()).type, 'welcome')
    socket.send({ type: 'logon', token, requestId: 1 })
    assert.equal((await socket.next()).type, 'logon.ok')
    assert.equal((await socket.next()).type, 'account.snapshot')
    socket.send({ type: 'subscribe', subscription: 'feed', requestId: 2 })
    assert.equal((await socket.next()).type, 'ack')
    assert.deepEqual([(await socket.next()).event, (await socket.next()).event], ['hello', 'snapshot'])
    socket.send({ type: 'logout', requestId: 3 })
    let last: ChannelMessage
    do last = await socket.next()
    while (last.closeCode === undefined)
    assert.equal(last.closeCode, 1000)
  })

  it('gives over HTTP/2 the accept value of a key that was sent, as Node asks for, and none without a key', async test => {
    const headers = { 'sec-websocket-protocol': 'papertape.v1' }
    const plain = await openOverHttp2(test, server.secureUrl, headers)
    assert.equal(plain.headers['sec-websocket-accept'], undefined)
    const key = randomBytes(16).toString('base64')
    const keyed = await openOverHttp2(test, server.secureUrl, { ...headers, 'sec-websocket-key': key })
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    assert.equal(keyed.headers['sec-websocket-accept'], accept)
    assert.equal((await keyed.next()).type, 'welcome')
  })

  it('refuses over HTTP/2 as it does over HTTP/1.1: no subprotocol 400, a foreign origin 403', async test => {
    assert.equal((await openOverHttp2(test, server.secureUrl, {})).status, 400)
    const foreign = { 'sec-websocket-protocol': 'papertape.v1', origin: 'https://elsewhere.example' }
    assert.equal((await openOverHttp2(test, server.secureUrl, foreign)).status, 403)
  })
})

/** A WebSocket client on an HTTP/2 stream, as small as the messages of this file need. */
async function openOverHttp2(test: TestContext, url: string, headers: http2.OutgoingHttpHeaders) {
  const session = http2.connect(url, { rejectUnauthorized: false })
  test.after(() => session.destroy())
  await within(once(session, 'remoteSettings'), 'the settings')
  const stream = session.request({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':path': '/v1/socket',
    'sec-websocket-version': '13',
    ...headers,
  })
  const [answered] = (await within(once(stream, 'response'), 'an answer')) as [
    http2.IncomingHttpHeaders & { ':status': number },
  ]
  const frames = readFrames(stream)
  return {
    status: answered[':status'],
    headers: answered,
    send: (message: object) => stream.write(encodeFrame(Buffer.from(JSON.stringify(message)))),
    async next(): Promise<ChannelMessage> {
      const { value } = await within(frames.next(), 'a frame')
      return value ?? assert.fail('the stream ended')
    },
  }
}

/** A client masks what it sends (RFC 6455 section 5.3); all of it fits the short length. */
function encodeFrame(payload: Buffer): Buffer {
  const mask = randomBytes(4)
  const masked = payload.map((byte, index) => byte ^ mask[index % 4]!)
  assert.ok(payload.length < 126)
  return Buffer.concat([Buffer.from([0x80 | TEXT, 0x80 | payload.length]), mask, masked])
}

async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<ChannelMessage> {
  let buffered = Buffer.alloc(0)
  for await (const chunk of stream) {
    buffered = Buffer.concat([buffered, chunk])
    for (let frame = takeFrame(buffered); frame !== undefined; frame = takeFrame(buffered)) {
      buffered = buffered.subarray(frame.end)
      if (frame.opcode === CLOSE) yield { closeCode: frame.payload.readUInt16BE(0) }
      else if (frame.opcode === TEXT) yield JSON.parse(frame.payload.toString())
    }
  }
}

function takeFrame(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 0x7f
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < start) return undefined
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  const end = start + length
  return bytes.length < end ? undefined : { opcode: bytes[0]! & 0xf, payload: bytes.subarray(start, end), end }
}
