// A WebSocket client for tests that sends frames which no library sends, over HTTP/1.1, HTTP/1.1 over TLS, and HTTP/2
// (RFC 8441). Shows what it received: messages, the close frame, the end of the connection.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http2 from 'node:http2'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { within } from '@papertape/protocol/testing/within'

export const WAYS = ['HTTP/1.1', 'HTTP/1.1 over TLS', 'HTTP/2'] as const
export type Way = (typeof WAYS)[number]

const WAIT_MAX_MS = 10_000

// biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of messages
export type Message = any

export interface RawSocket {
  readonly stream: Duplex
  readonly messages: readonly Message[]
  /** Sends a masked frame. */
  send(payload: string | Buffer, opcode?: number): void
  sendMessage(message: object): void
  until(satisfies: (message: Message) => boolean): Promise<Message>
  /** The code of the close frame; 0 when the connection ended without one. */
  readonly closed: Promise<number>
  /** The reason of the close frame; empty before it. */
  readonly closeReason: string
  /** Settles at the end of the connection. */
  readonly ended: Promise<void>
}

/** RFC 6455 5.2, masked with zeros: the payload stays readable. */
export function frame(opcode: number, payload: string | Buffer, { fin = true, mask = true } = {}): Buffer {
  const bytes = Buffer.from(payload as string)
  const maskBit = mask ? 0x80 : 0
  const first = (fin ? 0x80 : 0) | opcode
  const head = bytes.length < 126 ? Buffer.alloc(2) : Buffer.alloc(bytes.length < 65_536 ? 4 : 10)
  head[0] = first
  head[1] = maskBit | (head.length === 2 ? bytes.length : head.length === 4 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(bytes.length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(bytes.length), 2)
  return Buffer.concat(mask ? [head, Buffer.alloc(4), bytes] : [head, bytes])
}

/** @param decode a binary message to those that it has; without it they are ignored. */
export async function openRawSocket(
  way: Way,
  { port, tlsPort }: { readonly port: number; readonly tlsPort: number },
  decode: (payload: Buffer) => readonly Message[] = () => [],
): Promise<RawSocket> {
  const stream = way === 'HTTP/2' ? await openHttp2(tlsPort) : await openHttp1(way, port, tlsPort)
  const messages: Message[] = []
  const waiters = new Set<() => void>()
  const closed = Promise.withResolvers<number>()
  let closeReason = ''
  const ended = new Promise<void>(resolve => stream.once('close', resolve))
  void ended.then(() => closed.resolve(0))
  stream.on('error', () => {})
  let received: Buffer = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (let next = takeFrame(received); next !== undefined; next = takeFrame(received)) {
      received = received.subarray(next.bytes)
      if (next.opcode === 8) {
        closeReason = next.payload.toString('utf8', 2)
        closed.resolve(next.payload.readUInt16BE(0))
        send(next.payload, 8)
      } else if (next.opcode === 1) messages.push(JSON.parse(next.payload.toString()))
      else if (next.opcode === 2) messages.push(...decode(next.payload))
    }
    for (const wake of waiters) wake()
  })
  stream.resume()
  stream.once('end', () => stream.end())
  const send = (payload: string | Buffer, opcode = 1) => {
    if (stream.writable) stream.write(frame(opcode, payload))
  }
  return {
    stream,
    messages,
    send,
    sendMessage: message => send(JSON.stringify(message)),
    until(satisfies) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not in ${JSON.stringify(messages.slice(-5))}`)), WAIT_MAX_MS)
        const look = () => {
          const found = messages.find(satisfies)
          if (found === undefined) return
          clearTimeout(timer)
          waiters.delete(look)
          resolve(found)
        }
        waiters.add(look)
        look()
      })
    },
    get closed() {
      return within(closed.promise, 'a close frame', WAIT_MAX_MS)
    },
    get closeReason() {
      return closeReason
    },
    get ended() {
      return within(ended, 'the end of the connection', WAIT_MAX_MS)
    },
  }
}

function takeFrame(received: Buffer): { opcode: number; payload: Buffer; bytes: number } | undefined {
  if (received.length < 2) return undefined
  const short = received[1]! & 0x7f
  const head = short === 126 ? 4 : short === 127 ? 10 : 2
  if (received.length < head) return undefined
  const length = short === 126 ? received.readUInt16BE(2) : short === 127 ? Number(received.readBigUInt64BE(2)) : short
  if (received.length < head + length) return undefined
  return { opcode: received[0]! & 0x0f, payload: received.subarray(head, head + length), bytes: head + length }
}

async function openHttp1(way: Way, port: number, tlsPort: number): Promise<Duplex> {
  const socket =
    way === 'HTTP/1.1'
      ? net.connect(port, '127.0.0.1')
      : tls.connect({ host: '127.0.0.1', port: tlsPort, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
  await within(once(socket, way === 'HTTP/1.1' ? 'connect' : 'secureConnect'), 'a connection', WAIT_MAX_MS)
  const host = `localhost:${way === 'HTTP/1.1' ? port : tlsPort}`
  socket.write(
    `GET /v1/socket HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Protocol: papertape.v1\r\n\r\n`,
  )
  let head = Buffer.alloc(0)
  while (!head.includes('\r\n\r\n')) {
    const [chunk] = (await within(once(socket, 'data'), 'the answer to the handshake', WAIT_MAX_MS)) as [Buffer]
    head = Buffer.concat([head, chunk])
  }
  if (!head.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(head.toString('latin1'))
  socket.pause()
  const rest = head.subarray(head.indexOf('\r\n\r\n') + 4)
  if (rest.length > 0) socket.unshift(rest)
  return socket
}

async function openHttp2(tlsPort: number): Promise<Duplex> {
  const session = http2.connect(`https://localhost:${tlsPort}`, { rejectUnauthorized: false })
  session.on('error', () => {})
  await within(once(session, 'remoteSettings'), 'the settings', WAIT_MAX_MS)
  const stream = session.request(
    {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': '/v1/socket',
      'sec-websocket-protocol': 'papertape.v1',
      'sec-websocket-version': '13',
    },
    { endStream: false },
  )
  const [headers] = (await within(once(stream, 'response'), 'an answer', WAIT_MAX_MS)) as [http2.IncomingHttpHeaders]
  if (headers[':status'] !== (200 as never)) throw new Error(`the stream was answered with ${headers[':status']}`)
  stream.once('close', () => session.close())
  return stream
}
