// A reader of an SSE stream for tests, over HTTP/1.1, HTTP/1.1 over TLS, and HTTP/2. Shows what it received, how many
// bytes, and how the connection ended.

import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { createSseParser, type SseMessage } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import type { Way } from './raw-socket.ts'

export interface RawStream {
  readonly messages: readonly SseMessage[]
  /** Of the body, without the coding of HTTP. */
  readonly bodyBytes: number
  until(satisfies: (message: SseMessage) => boolean): Promise<SseMessage>
  /** Settles at the end of the connection: `ended` by the server, or how it was lost. */
  readonly ended: Promise<string>
  destroy(): void
}

export interface StreamRequest {
  /** `/v1/stream` when absent. */
  readonly route?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface OpenedStream {
  readonly body: Readable
  readonly ended: Promise<string>
  destroy(): void
}

export async function openRawStream(
  way: Way,
  { port, tlsPort }: { readonly port: number; readonly tlsPort: number },
  query = '',
  { route = '/v1/stream', headers = {} }: StreamRequest = {},
): Promise<RawStream> {
  const path = `${route}?${query}`
  const open =
    way === 'HTTP/2' ? openOverHttp2(tlsPort, path, headers) : openOverHttp1(way, port, tlsPort, path, headers)
  const { body, ended, destroy } = await within(open, 'an answer')
  const messages: SseMessage[] = []
  const waiters = new Set<() => void>()
  const parser = createSseParser({ onMessage: message => messages.push(message), onRetry: () => {} })
  let bodyBytes = 0
  body.on('data', (chunk: Buffer) => {
    bodyBytes += chunk.length
    parser.push(chunk.toString())
    for (const wake of waiters) wake()
  })
  return {
    messages,
    get bodyBytes() {
      return bodyBytes
    },
    async until(satisfies) {
      const found = Promise.withResolvers<SseMessage>()
      const look = () => {
        const message = messages.find(satisfies)
        if (message !== undefined) found.resolve(message)
      }
      waiters.add(look)
      look()
      try {
        return await within(found.promise, 'the event of a stream')
      } finally {
        waiters.delete(look)
      }
    },
    get ended() {
      return within(ended, 'the end of a stream')
    },
    destroy,
  }
}

function openOverHttp1(
  way: Way,
  port: number,
  tlsPort: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<OpenedStream> {
  return new Promise((resolve, reject) => {
    const ended = Promise.withResolvers<string>()
    const options = { host: '127.0.0.1', path, headers, agent: false } as const
    const answered = (response: http.IncomingMessage) => {
      response.on('error', () => ended.resolve('lost'))
      response.on('end', () => ended.resolve('ended'))
      resolve({ body: response, ended: ended.promise, destroy: () => request.destroy() })
    }
    const request =
      way === 'HTTP/1.1'
        ? http.get({ ...options, port }, answered)
        : https.get({ ...options, port: tlsPort, rejectUnauthorized: false }, answered)
    // A reset shows here only: for the response every loss is the same.
    request.on('socket', socket => {
      socket.on('error', error => ended.resolve((error as NodeJS.ErrnoException).code ?? error.message))
    })
    request.on('error', reject)
  })
}

function openOverHttp2(
  tlsPort: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<OpenedStream> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`https://localhost:${tlsPort}`, { rejectUnauthorized: false })
    session.on('error', reject)
    const stream = session.request({ ...headers, ':path': path })
    const ended = Promise.withResolvers<string>()
    stream.on('error', () => {})
    stream.once('close', () => {
      ended.resolve(stream.rstCode === 0 ? 'ended' : `RST_STREAM ${stream.rstCode}`)
      session.close()
    })
    stream.once('response', () => resolve({ body: stream, ended: ended.promise, destroy: () => session.destroy() }))
  })
}
