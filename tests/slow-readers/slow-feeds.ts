// Readers of the feed that read slowly, over each transport: a stream, which declares its rate, and a subscription of
// a WebSocket, whose pongs are sent when their pings have been read.

import { randomBytes } from 'node:crypto'
import { createSseParser, SUBPROTOCOL } from '@papertape/protocol'
import { openSlowSocket, type SlowSocket } from './slow-socket.ts'

export interface SlowFeedOptions {
  readonly port: number
  readonly bytesPerSecond: number
  readonly events: readonly string[]
  readonly onFrame: (event: string, data: Record<string, unknown>) => void
}

export function openSlowStream({ port, bytesPerSecond, events, onFrame }: SlowFeedOptions): SlowSocket {
  const parser = createSseParser({ onMessage: ({ event, data }) => onFrame(event, JSON.parse(data)) })
  const decoder = new TextDecoder()
  const socket = openSlowSocket(port, bytesPerSecond, bytes => parser.push(decoder.decode(bytes, { stream: true })))
  // In HTTP/1.0 the body is not chunked.
  const query = `events=${events}&maxBytesPerSecond=${bytesPerSecond}`
  socket.write(`GET /v1/stream?${query} HTTP/1.0\r\nHost: localhost\r\n\r\n`)
  return socket
}

export function openSlowSubscription({ port, bytesPerSecond, events, onFrame }: SlowFeedOptions): SlowSocket {
  let received = Buffer.alloc(0)
  let isOpen = false
  const socket = openSlowSocket(port, bytesPerSecond, bytes => {
    received = Buffer.concat([received, bytes])
    if (!isOpen) {
      const end = received.indexOf('\r\n\r\n')
      if (end === -1) return
      isOpen = true
      received = received.subarray(end + 4)
      socket.write(maskedFrame(TEXT, JSON.stringify({ type: 'subscribe', subscription: 's', events })))
    }
    for (let frame = takeFrame(received); frame !== undefined; frame = takeFrame(received)) {
      received = received.subarray(frame.length)
      if (frame.opcode === PING) socket.write(maskedFrame(PONG, frame.payload))
      if (frame.opcode !== TEXT) continue
      const message = JSON.parse(frame.payload.toString())
      if (message.type === 'event') onFrame(message.event, message.data)
    }
  })
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
  )
  return socket
}

/** RFC 6455 5.2. */
const [TEXT, PING, PONG] = [1, 9, 10]

function maskedFrame(opcode: number, payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload as string)
  const head = bytes.length < 126 ? [bytes.length | 0x80] : [126 | 0x80, bytes.length >> 8, bytes.length & 0xff]
  // A mask of zeros changes nothing.
  return Buffer.concat([Buffer.from([opcode | 0x80, ...head, 0, 0, 0, 0]), bytes])
}

function takeFrame(
  bytes: Buffer,
): { readonly opcode: number; readonly payload: Buffer; readonly length: number } | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 0x7f
  const head = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < head) return undefined
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < head + size) return undefined
  return { opcode: bytes[0]! & 0x0f, payload: bytes.subarray(head, head + size), length: head + size }
}
