// The members of rooms.ts, in another process: each with an account and a socket of its own, in one room. Arguments:
// port, number of members, messages a second. Prints a line when all have joined; a line on stdin lets them talk, the
// next one ends it and prints what was said and received. Sockets without a library: they are not what is measured.

import { once } from 'node:events'
import net from 'node:net'
import { createInterface } from 'node:readline'

const [port, count, perSecond] = process.argv.slice(2).map(Number) as [number, number, number]
const URL = `http://127.0.0.1:${port}`
const MESSAGE = Buffer.from('{"type":"room.message"')
/** RFC 6455 5.2. */
const [TEXT, PING, PONG] = [0x1, 0x9, 0xa]
const JOINED = '"requestId":"join"'
/** So that the start of the members holds up nothing that is measured. */
const OPENED_AT_ONCE = 20

const members = { said: 0, received: 0 }

class RoomMember {
  readonly #socket: net.Socket
  #unread: Buffer = Buffer.alloc(0)
  #onJoined = () => {}

  private constructor(socket: net.Socket) {
    this.#socket = socket
  }

  static async join(): Promise<RoomMember> {
    const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    const { token } = (await (await fetch(`${URL}/v1/accounts`, body)).json()) as { token: string }
    const socket = net.connect(port, '127.0.0.1')
    const key = 'dGhlIHNhbXBsZSBub25jZQ=='
    const upgrade = [
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${key}`,
    ]
    const head = [
      'GET /v1/socket HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      ...upgrade,
      'Sec-WebSocket-Protocol: papertape.v1',
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    const member = new RoomMember(socket)
    const joined = new Promise<void>(resolve => {
      member.#onJoined = resolve
    })
    socket.on('data', (data: Buffer) => member.#receive(data))
    member.#receive(answer.subarray(answer.indexOf('\r\n\r\n') + 4))
    member.#send({ type: 'logon', token })
    member.#send({ type: 'room.join', requestId: 'join', room: 'floor' })
    await joined
    return member
  }

  say(text: string): void {
    members.said++
    this.#send({ type: 'room.message', room: 'floor', text })
  }

  #send(message: object): void {
    this.#sendFrame(TEXT, Buffer.from(JSON.stringify(message)))
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
      else if (payload.subarray(0, MESSAGE.length).equals(MESSAGE)) members.received++
      else if (payload.includes(JOINED)) this.#onJoined()
      unread = unread.subarray(start + length)
    }
    this.#unread = Buffer.from(unread)
  }
}

const joined: RoomMember[] = []
while (joined.length < count) {
  const size = Math.min(OPENED_AT_ONCE, count - joined.length)
  joined.push(...(await Promise.all(Array.from({ length: size }, () => RoomMember.join()))))
}
console.log('joined')

let talk: NodeJS.Timeout | undefined
for await (const _ of createInterface({ input: process.stdin })) {
  if (talk === undefined) {
    Object.assign(members, { said: 0, received: 0 })
    // Each member in its turn: none is over its rate.
    talk = setInterval(() => joined[members.said % count]!.say('Who sold that?'), 1_000 / perSecond)
  } else {
    clearInterval(talk)
    talk = undefined
    // The last message is on its way.
    setTimeout(() => console.log(JSON.stringify(members)), 1_000)
  }
}
