// A connection to the order channel without a library: WebSocket frames on a socket, since the clients of a benchmark
// are not what is measured. Reads no messages: its owner does.

import { once } from 'node:events'
import net from 'node:net'

/** RFC 6455 5.2. */
const [TEXT, PING, PONG] = [0x1, 0x9, 0xa]

export class RawChannel {
  readonly #socket: net.Socket
  readonly #onMessage: (payload: Buffer) => void
  #unread: Buffer = Buffer.alloc(0)

  private constructor(socket: net.Socket, onMessage: (payload: Buffer) => void) {
    this.#socket = socket
    this.#onMessage = onMessage
    // The server may close it: a flood is closed.
    socket.on('error', () => {})
  }

  /** @param onMessage gets each message as it came. */
  static async open(port: number, onMessage: (payload: Buffer) => void): Promise<RawChannel> {
    const socket = net.connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    const head = [
      'GET /v1/socket HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: papertape.v1',
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    const channel = new RawChannel(socket, onMessage)
    socket.on('data', (data: Buffer) => channel.#receive(data))
    channel.#receive(answer.subarray(answer.indexOf('\r\n\r\n') + 4))
    return channel
  }

  get isClosed(): boolean {
    return this.#socket.destroyed || this.#socket.readableEnded
  }

  send(message: object): void {
    this.#sendFrame(TEXT, Buffer.from(JSON.stringify(message)))
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Masked (RFC 6455 5.3), with a mask of zeros, which leaves the payload as it is. */
  #sendFrame(opcode: number, payload: Buffer): void {
    const { length } = payload
    const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 0xff]
    this.#socket.write(Buffer.concat([Buffer.from([0x80 | opcode, ...size, 0, 0, 0, 0]), payload]))
  }

  #receive(data: Buffer): void {
    let unread = this.#unread.length === 0 ? data : Buffer.concat([this.#unread, data])
    for (;;) {
      if (unread.length < 2) break
      const [opcode, short] = [unread[0]! & 0xf, unread[1]!]
      const start = short === 126 ? 4 : short === 127 ? 10 : 2
      if (unread.length < start) break
      const length = short === 126 ? unread.readUInt16BE(2) : short === 127 ? Number(unread.readBigUInt64BE(2)) : short
      if (unread.length < start + length) break
      const payload = unread.subarray(start, start + length)
      if (opcode === PING) this.#sendFrame(PONG, payload)
      else if (opcode === TEXT) this.#onMessage(payload)
      unread = unread.subarray(start + length)
    }
    this.#unread = Buffer.from(unread)
  }
}

/** Opens an account. @returns its token */
export async function openBenchAccount(port: number): Promise<string> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  const answer = await fetch(`http://127.0.0.1:${port}/v1/accounts`, post)
  return ((await answer.json()) as { token: string }).token
}
