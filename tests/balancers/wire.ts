// A client's side of one connection to a balancer: TLS with HTTP/1.1, or HTTP/2, where each request and each WebSocket
// (RFC 8441) is a stream that speaks HTTP/1.1 to its user, so that the readers are the same for both. Sends no request
// again.

import { hash } from 'node:crypto'
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { Duplex } from 'node:stream'
import tls from 'node:tls'

export const WIRE_VERSIONS = ['HTTP/1.1', 'HTTP/2'] as const
export type WireVersion = (typeof WIRE_VERSIONS)[number]

export interface Wire {
  readonly connect: () => Duplex
  close(): void
}

/** Its certificate is the test's own. */
const TRUST = { rejectUnauthorized: false, host: '127.0.0.1', servername: 'localhost' } as const
/** Several readers of one connection do not hold each other back. */
const WINDOW_BYTES = 4 * 1024 * 1024
/** Of the connection, not of a request: HTTP/2 has no such headers. */
const OF_CONNECTION = ['connection', 'upgrade', 'host', 'keep-alive', 'transfer-encoding']

export function openWire(version: WireVersion, port: number): Wire {
  if (version === 'HTTP/1.1') {
    const sockets: Duplex[] = []
    return {
      connect() {
        const socket = tls.connect({ ...TRUST, port, ALPNProtocols: ['http/1.1'] })
        // Whoever speaks over it sees its end.
        socket.on('error', () => {})
        sockets.push(socket)
        return socket
      },
      close() {
        for (const socket of sockets) socket.destroy()
      },
    }
  }
  const session = openSession(port)
  // What went wrong, its streams say.
  session.on('error', () => {})
  return { connect: () => new RequestOverHttp2(session), close: () => session.destroy() }
}

/** Whether the other side takes WebSockets over HTTP/2. */
export function offersSockets(port: number): Promise<boolean> {
  const session = openSession(port)
  return new Promise((resolve, reject) => {
    session.once('error', reject)
    session.once('remoteSettings', ({ enableConnectProtocol = false }) => {
      resolve(enableConnectProtocol)
      session.destroy()
    })
  })
}

function openSession(port: number): ClientHttp2Session {
  const settings = { enablePush: false, initialWindowSize: WINDOW_BYTES }
  const session = http2.connect(`https://localhost:${port}`, {
    settings,
    createConnection: () => tls.connect({ ...TRUST, port, ALPNProtocols: ['h2'] }),
  })
  session.once('connect', () => session.setLocalWindowSize(WINDOW_BYTES))
  return session
}

/** A request as node:http and ws write it to a socket, and the answer as they read it. */
class RequestOverHttp2 extends Duplex {
  readonly #session: ClientHttp2Session
  #stream: ClientHttp2Stream | undefined
  #head = ''

  constructor(session: ClientHttp2Session) {
    super()
    this.#session = session
  }

  // What node:http asks of a socket.
  setTimeout(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }

  override _read(): void {
    this.#stream?.resume()
  }

  override _write(chunk: Buffer, _encoding: string, callback: (error?: Error | null) => void): void {
    if (this.#stream !== undefined) {
      this.#stream.write(chunk, callback)
      return
    }
    this.#head += chunk.toString('latin1')
    if (this.#head.endsWith('\r\n\r\n')) this.#send()
    callback()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#stream?.close(http2.constants.NGHTTP2_CANCEL)
    callback(error)
  }

  #send(): void {
    const [first, ...lines] = this.#head.trim().split('\r\n')
    const headers = Object.fromEntries(lines.map(line => [nameOf(line), line.slice(line.indexOf(':') + 1).trim()]))
    const [method, path] = first!.split(' ')
    const isSocket = headers.upgrade === 'websocket'
    const opening = isSocket ? { ':method': 'CONNECT', ':protocol': 'websocket' } : { ':method': method }
    const sent = Object.entries(headers).filter(([name]) => !OF_CONNECTION.includes(name))
    if (this.#session.destroyed || this.#session.closed) {
      this.destroy(new Error('the connection has ended'))
      return
    }
    const head = { ...opening, ':path': path, ':authority': headers.host, ...Object.fromEntries(sent) }
    const stream = this.#session.request(head, { endStream: !isSocket })
    this.#stream = stream
    const key = headers['sec-websocket-key']
    stream.on('response', answered => this.push(answerHead(answered, isSocket ? key : undefined)))
    stream.on('data', chunk => {
      if (!this.push(chunk)) stream.pause()
    })
    stream.on('error', error => this.destroy(error))
    stream.on('end', () => {
      // To Node a stream that is reset with CANCEL has ended.
      if (stream.rstCode === http2.constants.NGHTTP2_NO_ERROR) this.push(null)
    })
    stream.on('close', () => {
      if (stream.rstCode !== http2.constants.NGHTTP2_NO_ERROR) this.destroy(new Error(`reset with ${stream.rstCode}`))
      else this.push(null)
    })
  }
}

/** @param key of a WebSocket, which asks for the accept value of it: RFC 8441 has none. */
function answerHead(answered: IncomingHttpHeaders, key: string | undefined): string {
  const status = Number(answered[':status'])
  const isOpened = key !== undefined && status === 200
  const fields = Object.entries(answered).filter(([name]) => !name.startsWith(':') && name !== ACCEPT)
  const opened = ['Connection: Upgrade', 'Upgrade: websocket', `${ACCEPT}: ${isOpened ? acceptOf(key) : ''}`]
  const lines = [
    isOpened ? 'HTTP/1.1 101 Switching Protocols' : `HTTP/1.1 ${status} -`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    ...(isOpened ? opened : ['Connection: close']),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

const ACCEPT = 'sec-websocket-accept'
const acceptOf = (key: string) => hash('sha1', `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, 'base64')
const nameOf = (line: string) => line.slice(0, line.indexOf(':')).toLowerCase()
