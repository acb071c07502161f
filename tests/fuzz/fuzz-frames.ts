// The order channel's socket at the level of bytes: frames that no library sends, in pieces of any size. Whatever
// comes, the server answers with a close code for it, or goes on.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { within } from '@papertape/protocol/testing/within'
import type { TestRandom } from '../support/random.ts'
import { pick } from './mutations.ts'

/** 1005: the server ended after a close frame without a code, which the peer may send. */
const CLOSES = [1000, 1002, 1003, 1005, 1007, 1008, 1009, 4400, 4401, 4429]
const ENDS_MAX_MS = 10_000
const PAYLOADS = ['{"type":"ping","requestId":1}', '{"type":"logon"}', '{', '', '\u0000', 'x'.repeat(9_000)]

/** One connection. @returns how many frames were sent */
export async function fuzzFrames(port: number, random: TestRandom): Promise<number> {
  const socket = net.connect(port, '127.0.0.1')
  socket.on('error', () => {})
  const received: Buffer[] = []
  try {
    socket.write(upgrade(port, random))
    const [answer] = (await within(once(socket, 'data'), 'the answer to the handshake')) as [Buffer]
    const head = answer.toString('latin1')
    if (!head.startsWith('HTTP/1.1 101 ')) {
      assert.match(head, /^HTTP\/1\.1 (4\d\d|503) /)
      return 0
    }
    received.push(answer.subarray(head.indexOf('\r\n\r\n') + 4))
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    const ended = once(socket, 'close')
    const frames = 1 + random.below(20)
    for (let n = 0; n < frames && !socket.destroyed; n++) await sendInPieces(socket, drawFrame(random), random)
    // What is open still is ended by a frame that must end it, also within an unfinished message.
    if (!socket.destroyed) socket.end(Buffer.from([0xf1, 0x80, 0, 0, 0, 0]))
    await within(ended, 'the end of the connection', ENDS_MAX_MS)
    const code = closeCode(Buffer.concat(received))
    assert.ok(code === undefined || CLOSES.includes(code), `closed with ${code}`)
    return frames
  } finally {
    socket.destroy()
  }
}

function upgrade(port: number, random: TestRandom): string {
  const version = random.below(20) === 0 ? '7' : '13'
  const protocol = random.below(20) === 0 ? 'chat' : 'papertape.v1'
  const lines = [
    'GET /v1/socket HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Version: ${version}`,
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: ${protocol}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

function drawFrame(random: TestRandom): Buffer {
  if (random.below(6) === 0) return Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)))
  const payload =
    random.below(8) === 0 ? Buffer.from([0xff, 0xfe, random.below(256)]) : Buffer.from(pick(PAYLOADS, random))
  // Mostly text, ping, pong and continuation; sometimes one that is reserved, or a close.
  const opcode = pick([0, 1, 1, 1, 1, 1, 9, 10, 2, 8, 3, 11, 15], random)
  const fin = random.below(6) === 0 ? 0 : 0x80
  const reserved = random.below(15) === 0 ? 0x40 : 0
  const mask = random.below(15) === 0 ? 0 : 0x80
  const claimed = random.below(15) === 0 ? random.below(70_000) : payload.length
  const key = Buffer.from([random.below(256), random.below(256), random.below(256), random.below(256)])
  const masked = mask === 0 ? payload : payload.map((byte, at) => byte ^ key[at % 4]!)
  return Buffer.concat([headOf(fin | reserved | opcode, mask, claimed), mask === 0 ? Buffer.alloc(0) : key, masked])
}

function headOf(first: number, mask: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, mask | length])
  const head = Buffer.alloc(length < 65_536 ? 4 : 10)
  head[0] = first
  head[1] = mask | (head.length === 4 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return head
}

async function sendInPieces(socket: net.Socket, bytes: Buffer, random: TestRandom): Promise<void> {
  for (let from = 0; from < bytes.length && !socket.destroyed; ) {
    const to = random.below(3) === 0 ? from + 1 + random.below(64) : bytes.length
    socket.write(bytes.subarray(from, to))
    from = to
    if (from < bytes.length) await new Promise(setImmediate)
  }
}

/** The code of the first close frame that the server sent; undefined when it sent none. */
function closeCode(bytes: Buffer): number | undefined {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const length = bytes[at + 1]! & 0x7f
    const head = length === 126 ? 4 : length === 127 ? 10 : 2
    const size = length === 126 ? bytes.readUInt16BE(at + 2) : length
    assert.notEqual(length, 127, 'no message of the server is as long')
    if ((bytes[at]! & 0x0f) === 8) return size < 2 ? 1005 : bytes.readUInt16BE(at + head)
    at += head + size
  }
  return undefined
}
