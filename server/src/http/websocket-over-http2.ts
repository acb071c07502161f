// WebSockets over HTTP/2 (RFC 8441): translates an extended CONNECT to the HTTP/1.1 upgrade that ws understands, and
// the response of ws back. ws, Fastify's hooks and the choice of the subprotocol work unchanged.

import { randomBytes } from 'node:crypto'
import { IncomingMessage, type Server } from 'node:http'
import type { Http2SecureServer, Http2ServerRequest, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { CodedError } from '@papertape/gateway'
import { refuseTunnel } from './parser-errors.ts'
import { pathOf, routeTarget } from './request-target.ts'
import { isSocketPath, SOCKET_PATH } from './upgrade.ts'

/**
 * RFC 8441 has no key and no accept value. ws requires a key. Node's own WebSocket sends one and requires the accept
 * value, also over HTTP/2; other clients get none.
 */
const KEY = 'sec-websocket-key'
const ACCEPT = 'sec-websocket-accept'
/** Headers of the HTTP/1.1 response that HTTP/2 does not need or forbids. */
const HOP_BY_HOP = new Set(['connection', 'upgrade', 'transfer-encoding', 'keep-alive', 'content-length'])

/**
 * @param basePath as in routeTarget().
 * @param mayStart false for a request whose connection has sent too many.
 */
export function upgradeOverHttp2(
  secure: Http2SecureServer,
  target: Server,
  basePath: string,
  mayStart: (request: Http2ServerRequest) => boolean,
): void {
  // Node emits 'connect' for an extended CONNECT, and for CONNECT over HTTP/1.1.
  secure.on('connect', ((request: Http2ServerRequest | IncomingMessage, other: Duplex) => {
    if (request.httpVersionMajor === 1) {
      refuseTunnel(request as IncomingMessage, other)
      return
    }
    if (!mayStart(request as Http2ServerRequest)) return
    const { stream, headers } = request as Http2ServerRequest
    const refusal = refuse(headers, basePath)
    if (refusal !== undefined) {
      stream.respond({ ':status': refusal.status, 'content-type': 'application/problem+json' })
      stream.end(JSON.stringify(refusal.problem()))
      return
    }
    const socket = new StreamSocket(stream, KEY in headers)
    target.emit('upgrade', asUpgrade(request as Http2ServerRequest, socket), socket, Buffer.alloc(0))
  }) as never)
}

/** Why it is not a WebSocket where there may be one; undefined when it is. */
function refuse(headers: IncomingHttpHeaders, basePath: string): CodedError | undefined {
  const protocol = headers[':protocol']
  if (protocol !== 'websocket') {
    return new CodedError('not-implemented', `CONNECT opens WebSockets at ${SOCKET_PATH}, not ${protocol ?? 'tunnels'}`)
  }
  const path = pathOf(routeTarget(String(headers[':path']), basePath))
  if (isSocketPath(path)) return undefined
  return new CodedError('not-found', `there is no WebSocket at ${path}; it is at ${SOCKET_PATH}`)
}

function asUpgrade(request: Http2ServerRequest, socket: StreamSocket): IncomingMessage {
  const headers: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(request.headers)) if (!name.startsWith(':')) headers[name] = value
  Object.assign(headers, {
    host: request.headers[':authority'],
    connection: 'Upgrade',
    upgrade: 'websocket',
    [KEY]: request.headers[KEY] ?? randomBytes(16).toString('base64'),
  })
  const upgrade = new IncomingMessage(socket as unknown as Socket)
  return Object.assign(upgrade, {
    method: 'GET',
    url: request.headers[':path'],
    headers,
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
  })
}

/** An HTTP/2 stream with the interface of a socket. Sends the HTTP/1.1 head that is written to it as an HTTP/2 head. */
class StreamSocket extends Duplex {
  readonly #stream: ServerHttp2Stream
  readonly #hasAccept: boolean
  #head: Buffer | undefined = Buffer.alloc(0)

  /** @param hasAccept whether the client is sent the accept value. */
  constructor(stream: ServerHttp2Stream, hasAccept: boolean) {
    super({ allowHalfOpen: true })
    this.#stream = stream
    this.#hasAccept = hasAccept
    stream.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause()
    })
    stream.on('end', () => this.push(null))
    stream.on('error', error => this.destroy(error))
    stream.on('close', () => this.destroy())
    stream.pause()
  }

  get remoteAddress(): string | undefined {
    return this.#stream.session?.socket?.remoteAddress
  }
  get remotePort(): number | undefined {
    return this.#stream.session?.socket?.remotePort
  }
  get encrypted(): boolean {
    return true
  }
  setTimeout(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }

  override _read(): void {
    this.#stream.resume()
  }

  override _write(chunk: Buffer, _encoding: string, callback: (error?: Error | null) => void): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) callback()
    else if (this.#head === undefined) this.#stream.write(chunk, callback)
    else this.#takeHead(Buffer.concat([this.#head, chunk]), callback)
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#stream.destroyed) callback()
    else this.#stream.end(() => callback())
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#stream.destroyed) this.#stream.close(error === null ? 0 : 2)
    callback(error)
  }

  #takeHead(head: Buffer, callback: (error?: Error | null) => void): void {
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) {
      this.#head = head
      callback()
      return
    }
    this.#head = undefined
    const { [ACCEPT]: accept, ...headers } = asHttp2Head(head.subarray(0, end).toString('latin1'))
    this.#stream.respond(this.#hasAccept && accept !== undefined ? { ...headers, [ACCEPT]: accept } : headers)
    const rest = head.subarray(end + 4)
    if (rest.length > 0) this.#stream.write(rest, callback)
    else callback()
  }
}

/** `HTTP/1.1 101 …` becomes 200; a refusal keeps its status. */
function asHttp2Head(head: string): Record<string, string | number> {
  const [statusLine, ...lines] = head.split('\r\n')
  const status = Number(statusLine!.split(' ')[1])
  const headers: Record<string, string | number> = { ':status': status === 101 ? 200 : status }
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (!HOP_BY_HOP.has(name)) headers[name] = line.slice(colon + 1).trim()
  }
  return headers
}
