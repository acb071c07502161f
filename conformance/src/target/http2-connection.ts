// fetch over HTTP/2 and nothing else: all requests are streams of one connection, as a browser has them. Node's own
// fetch chooses the version by itself, and old ones choose HTTP/1.1. Follows no redirect; judges nothing.

import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants
/** A body that nobody reads must not hold the others of the connection back. */
const WINDOW_BYTES = 16 * 1024 * 1024
/** A connection that a proxy retires (GOAWAY) refuses what was on its way; it is asked again on the next one. */
const TRIES = 3
/** How a server that agrees on protocols in TLS, and not on this one, ends the handshake. */
const NO_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'
const NO_HTTP2 = 'it does not speak HTTP/2'

export class Http2Connection {
  readonly #origin: string
  readonly #sessions = new Set<ClientHttp2Session>()
  /** The one that takes requests. */
  #session: Promise<ClientHttp2Session> | undefined

  /** @param url of the target. Over http: the target must expect HTTP/2 (prior knowledge). */
  constructor(url: string) {
    this.#origin = new URL(url).origin
  }

  /** Of fetch what checks use: the URL as text, a body as text, a signal. */
  readonly fetch = (async (url: string, init: RequestInit = {}) => {
    for (let tries = 1; ; tries++) {
      try {
        this.#session ??= this.#open()
        return await ask(await this.#session, url, init)
      } catch (error) {
        if (!(error instanceof RefusedStream) || tries === TRIES) throw error
      }
    }
  }) as typeof globalThis.fetch

  close(): void {
    for (const session of this.#sessions) session.destroy()
  }

  #open(): Promise<ClientHttp2Session> {
    const settings = { enablePush: false, initialWindowSize: WINDOW_BYTES }
    const session = http2.connect(this.#origin, { settings })
    this.#sessions.add(session)
    const opened = new Promise<ClientHttp2Session>((resolve, reject) => {
      session.once('connect', (_, socket) => {
        session.setLocalWindowSize(WINDOW_BYTES)
        const { alpnProtocol } = socket as TLSSocket
        if (alpnProtocol === undefined || alpnProtocol === 'h2') resolve(session)
        else session.destroy(new Error(NO_HTTP2))
      })
      // Of an open one its streams report what went wrong.
      session.on('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === NO_PROTOCOL ? new Error(NO_HTTP2) : error),
      )
      session.once('close', () => reject(new Error(`${this.#origin} closed the connection`)))
    })
    const retire = () => {
      if (this.#session === opened) this.#session = undefined
    }
    session.once('goaway', retire)
    session.once('close', () => {
      this.#sessions.delete(session)
      retire()
    })
    return opened
  }
}

/** The target has not begun with the request: it may be sent again. */
class RefusedStream extends Error {}

function ask(session: ClientHttp2Session, url: string, init: RequestInit): Promise<Response> {
  const { pathname, search } = new URL(url)
  const { method = 'GET', headers, body, signal } = init
  const sent = { accept: '*/*', 'accept-encoding': 'gzip', ...Object.fromEntries(new Headers(headers)) }
  return new Promise((resolve, reject) => {
    if (session.closed || session.destroyed) throw new RefusedStream('the connection is closing')
    const head = { ...sent, ':method': method, ':path': `${pathname}${search}` }
    // As browsers do: a proxy makes an empty body of a request whose head does not end it.
    const stream = session.request(head, { endStream: typeof body !== 'string' })
    const cancel = () => {
      stream.close(NGHTTP2_CANCEL)
      stream.destroy(signal!.reason)
    }
    signal?.addEventListener('abort', cancel)
    stream.once('response', answer => resolve(asResponse(stream, answer, method)))
    // After the answer the reader of the body has it, too.
    stream.on('error', error =>
      reject(stream.rstCode === NGHTTP2_REFUSED_STREAM ? new RefusedStream(error.message) : error),
    )
    stream.once('close', () => {
      signal?.removeEventListener('abort', cancel)
      reject(new Error('the stream was closed without an answer'))
    })
    if (typeof body === 'string') stream.end(body)
  })
}

function asResponse(stream: ClientHttp2Stream, answer: IncomingHttpHeaders, method: string): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer)) {
    if (name.startsWith(':') || value === undefined) continue
    for (const one of [value].flat()) headers.append(name, one)
  }
  const status = Number(answer[':status'])
  const isEmpty = method === 'HEAD' || status === 204 || status === 304
  if (isEmpty) stream.resume()
  return new Response(isEmpty ? null : bodyOf(stream, answer), { status, headers })
}

function bodyOf(stream: ClientHttp2Stream, { 'content-encoding': encoding }: IncomingHttpHeaders): ReadableStream {
  const body = Readable.toWeb(Readable.from(wholeOf(stream), { objectMode: false })) as ReadableStream
  return encoding === 'gzip' ? body.pipeThrough(new DecompressionStream('gzip')) : body
}

/** To Node a stream that is reset with CANCEL has ended. @throws {Error} */
async function* wholeOf(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array> {
  yield* stream
  if (stream.rstCode !== NGHTTP2_NO_ERROR) throw new Error(`the stream was reset with ${stream.rstCode}`)
}
