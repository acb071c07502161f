// The test app with its two ports open on loopback, and a client for requests that are sent byte by byte. For tests of
// what only a socket shows: the HTTP parser, TLS, HTTP/2, WebSockets, back-pressure.

import net from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { type Certificate, localCertificate } from '../http/certificate.ts'
import { createListeners, type Listeners } from '../http/listeners.ts'
import { openTestApp, type TestApp, type TestAppSettings } from './test-app.ts'

const ANSWER_WAIT_MS = 2_000

export interface TestServer extends TestApp {
  readonly port: number
  readonly tlsPort: number
  readonly url: string
}

let certificate: Promise<Certificate> | undefined

export async function openTestServer(settings: TestAppSettings = {}): Promise<TestServer> {
  certificate ??= localCertificate(undefined, new Date())
  const made = await certificate
  let listeners: Listeners | undefined
  const opened = await openTestApp(settings, clock => {
    listeners = createListeners({ certificate: made, basePath: settings.access?.basePath ?? '', clock })
    return listeners.serverFactory
  })
  const { app } = opened
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as net.AddressInfo
  const tlsPort = await listeners!.listenSecure('127.0.0.1', 0)
  return {
    ...opened,
    port,
    tlsPort,
    url: `http://127.0.0.1:${port}`,
    async close() {
      await app.close()
      const stopped = listeners!.stop(0)
      opened.clock.pass(0)
      await stopped
      await opened.venue.close()
    },
  }
}

/** The server's end of each WebSocket. One that is corked sends nothing, as if its peer did not read. */
export function transportsOf({ app }: Pick<TestApp, 'app'>): readonly Duplex[] {
  return [...app.websocketServer.clients].map(socket => (socket as unknown as { readonly _socket: Duplex })._socket)
}

/** Sends bytes as they are and reads until `until` matches, the peer ends, or two seconds have passed. */
export function exchange(port: number, text: string, { secure = false, until = /$^/ } = {}): Promise<string> {
  return new Promise(resolve => {
    const socket = secure
      ? tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
      : net.connect({ host: '127.0.0.1', port })
    let received = ''
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(received)
    }
    const timer = setTimeout(done, ANSWER_WAIT_MS)
    socket.setEncoding('latin1')
    socket.on('data', chunk => {
      received += chunk
      if (until.test(received)) done()
    })
    socket.on('error', done)
    socket.on('close', done)
    socket.write(text)
  })
}

/** The status and the problem of a whole answer as it came over a socket. */
export function readRaw(received: string) {
  const end = received.indexOf('\r\n\r\n')
  const head = received.slice(0, end < 0 ? undefined : end)
  const body = end < 0 ? '' : received.slice(end + 4)
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    type: /^content-type: (.*)$/im.exec(head)?.[1],
    head,
    code: /"code":"([^"]*)"/.exec(body)?.[1],
    body,
  }
}
